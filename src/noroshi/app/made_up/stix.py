"""Made-up STIX indicators of the size and shape that feeds have."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

_NAMESPACE = uuid.UUID("0f9f2c80-6c6b-5b0f-9f0b-5b3f6d6e0d51")


def made_up_indicators(count: int, first: int = 0) -> Iterator[dict[str, Any]]:
    """Yield so many indicators for names below ``.example``, each another one."""
    for number in range(first, first + count):
        name = f"host{number}.example"
        yield {
            "type": "indicator",
            "spec_version": "2.1",
            "id": f"indicator--{uuid.uuid5(_NAMESPACE, name)}",
            "created": "2026-05-20T00:00:00.000Z",
            "modified": "2026-05-20T00:00:00.000Z",
            "name": f"Command and control {name}",
            "description": "Seen in traffic of a made-up program; made for measuring only.",
            "indicator_types": ["malicious-activity"],
            "pattern": f"[domain-name:value = '{name}']",
            "pattern_type": "stix",
            "valid_from": "2026-05-20T00:00:00Z",
            "confidence": 40 + number % 60,
            "labels": [f"family-{number % 50}"],
            "object_marking_refs": ["marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da"],
        }
