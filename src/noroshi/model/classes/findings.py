"""OCSF category 2, Findings: what other products claim. Our own claims are :class:`Finding`."""

from __future__ import annotations

from noroshi.model.classes.parts import ACTOR_PROCESS, CONNECTION, file
from noroshi.model.column import integer, text, texts
from noroshi.model.event_class import EventClass

DETECTION_FINDING = EventClass(
    "detection_finding",
    2004,
    "Detection Finding",
    (
        *CONNECTION,
        *ACTOR_PROCESS,
        *file("file", "File concerned"),
        text("finding_info.uid", "The product's id for this alert."),
        text("finding_info.title", "The product's title for this alert."),
        text("finding_info.types", "The product's category for this alert."),
        text("finding_info.analytic.uid", "Id of the rule or signature."),
        texts("finding_info.attacks", "ATT&CK technique ids named by the product."),
        integer("finding_info.priority", "The product's own priority or severity number."),
    ),
)
