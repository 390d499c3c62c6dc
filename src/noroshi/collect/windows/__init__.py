"""Windows events: what each is, which Sigma log source it belongs to, which columns it fills.

Every collector of Windows events (EVTX, JSON of several shippers, XML) first brings a record to the
same flat native names (:mod:`.native`) and then asks :func:`shape_of` here.
"""

from __future__ import annotations

from noroshi.collect.windows.native import flat_event
from noroshi.collect.windows.shapes import record_of, shape_of
from noroshi.collect.windows.xml_event import flat_xml_event

__all__ = ["flat_event", "flat_xml_event", "record_of", "shape_of"]
