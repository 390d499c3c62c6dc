"""What fits no OCSF category."""

from __future__ import annotations

from noroshi.model.classes.parts import ACTOR_PROCESS, CONNECTION
from noroshi.model.event_class import EventClass

GENERIC = EventClass("generic", 0, "Base Event", (*CONNECTION, *ACTOR_PROCESS))
