"""The event classes, one module per OCSF category; :data:`EVENT_CLASSES` holds them all."""

from __future__ import annotations

from noroshi.model.classes import application, findings, identity, network, other, system
from noroshi.model.event_class import EventClass

EVENT_CLASSES: dict[str, EventClass] = {
    event_class.name: event_class
    for module in (system, identity, network, application, findings, other)
    for event_class in vars(module).values()
    if isinstance(event_class, EventClass)
}
"""Every event class by table name."""

__all__ = ["EVENT_CLASSES"]
