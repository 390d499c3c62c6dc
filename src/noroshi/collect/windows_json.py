"""Windows events in JSON: ``evtx_dump``, Winlogbeat, NXLog, Azure tables.

All end in the same shapes and native names as EVTX, so that a rule written for one fires on all.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from noroshi.collect.evidence import Evidence, Head
from noroshi.collect.json_objects import json_objects
from noroshi.collect.record import BadRecord, Record, Value
from noroshi.collect.registry import collector
from noroshi.collect.windows import record_of
from noroshi.collect.windows.clock import event_microseconds, mislabelled_zone
from noroshi.collect.windows.shippers import flat_json_event, is_windows_event

LOOK_AHEAD = 300
"""Records at the start that are asked for the source's time zone."""


def _sniff(head: Head) -> int:
    return 90 if is_windows_event(head.json) else 0


@collector("windows_json", sniff=_sniff)
def read_windows_json(evidence: Evidence) -> Iterator[Record | BadRecord]:
    """Yield the events in the source's order."""
    first = islice(_flat_events(evidence), LOOK_AHEAD)
    offset = mislabelled_zone(item for item in first if not isinstance(item, BadRecord))
    evidence.faults.clear()  # the pass that yields notes them again
    for item in _flat_events(evidence):
        if isinstance(item, BadRecord):
            yield item
        else:
            yield record_of(item, event_microseconds(item, offset))


def _flat_events(evidence: Evidence) -> Iterator[dict[str, Value] | BadRecord]:
    for found in json_objects(evidence):
        if isinstance(found, BadRecord):
            yield found
            continue
        offset, record = found
        try:
            yield flat_json_event(record)
        except ValueError as error:
            yield BadRecord(offset, str(error))
