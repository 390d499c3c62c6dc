"""MISP events to STIX objects and back, by ``misp-stix``, with the markings held.

What ``misp-stix`` leaves open is closed here: a TLP tag of an event covers all that is in it, and a
tag of an attribute every object made of it.
"""

from __future__ import annotations

from noroshi.share.misp.incoming import Converted, events_in, to_objects
from noroshi.share.misp.library import MispError
from noroshi.share.misp.outgoing import to_events, write_events

__all__ = ["Converted", "MispError", "events_in", "to_events", "to_objects", "write_events"]
