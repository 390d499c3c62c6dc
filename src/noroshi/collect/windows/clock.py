"""When a Windows event in JSON happened, shipper by shipper.

EVTX and XML carry the time in UTC. Shippers do not always keep it:

* NXLog writes ``EventTime`` as local time of a zone it does not name. If a later hop adds
  ``@timestamp`` (UTC) to NXLog's own ``EventReceivedTime`` (same local zone), their difference in
  whole quarter hours is the zone.
* Some exports put a ``Z`` behind local time. A Sysmon record tells: its ``UtcTime`` is UTC. The
  difference, in whole quarter hours, holds for the other records of that export.
* The time of receipt is taken only when there is nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from noroshi.collect.mapping import EPOCH
from noroshi.collect.record import Value

QUARTER_HOUR = 900_000_000
FARTHEST_ZONE = 15 * 3_600_000_000
_LAST_RESORT = ("TimeGenerated", "@timestamp", "Timestamp", "TimeCollected", "EventReceivedTime")


def event_microseconds(fields: Mapping[str, Value], offset: int = 0) -> int | None:
    """Return the time of a flat event in µs since 1970 UTC; None if it tells none.

    Args:
        fields: the flat event.
        offset: what :func:`mislabelled_zone` found for its source.
    """
    if (utc := microseconds(fields.get("UtcTime"))) is not None:
        return utc
    if (created := microseconds(fields.get("TimeCreated"))) is not None:
        return created + offset
    if (local := microseconds(fields.get("EventTime"))) is not None:
        return local + _shipper_zone(fields)
    for name in _LAST_RESORT:
        if (shipped := microseconds(fields.get(name))) is not None:
            return shipped
    return None


def mislabelled_zone(events: Iterable[Mapping[str, Value]]) -> int:
    """Return what must be added to ``TimeCreated`` to make it UTC.

    Sysmon records tell; zero unless most of them agree on another zone.
    """
    gaps: Counter[int] = Counter()
    for fields in events:
        utc, created = microseconds(fields.get("UtcTime")), microseconds(fields.get("TimeCreated"))
        if utc is not None and created is not None:
            gaps[_quarter_hours(utc - created)] += 1
    if not gaps:
        return 0
    gap, count = gaps.most_common(1)[0]
    return gap if abs(gap) <= FARTHEST_ZONE and 2 * count > gaps.total() else 0


def microseconds(text: Value) -> int | None:
    """Return an ISO 8601 date and time as µs since 1970; no zone is read as UTC."""
    if not isinstance(text, str) or not 19 <= len(text) <= 40:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    gap = moment - EPOCH
    return (gap.days * 86_400 + gap.seconds) * 1_000_000 + gap.microseconds


def _shipper_zone(fields: Mapping[str, Value]) -> int:
    local = microseconds(fields.get("EventReceivedTime"))
    utc = microseconds(fields.get("@timestamp"))
    if local is None or utc is None:
        return 0
    zone = _quarter_hours(utc - local)
    return zone if abs(zone) <= FARTHEST_ZONE else 0


def _quarter_hours(gap: int) -> int:
    return (gap + QUARTER_HOUR // 2) // QUARTER_HOUR * QUARTER_HOUR
