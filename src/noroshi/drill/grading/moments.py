"""Times as people write them in reports: ``10:05``, ``10時05分``, ``5月20日 10:05``, ISO 8601."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from noroshi.drill.clock import HOUR, local

_DAY = (
    r"(?:(?P<year>\d{4})\s?[-/年]\s?)?(?P<month>\d{1,2})\s?[-/月]\s?(?P<day>\d{1,2})日?[ T　]?\s?"
)
_CLOCK = (
    r"(?P<noon>午前|午後)?(?P<hour>\d{1,2})(?::|時)(?P<minute>\d{2})?(?P<half>半)?分?"
    r"(?::?(?P<second>\d{2})秒?)?(?P<zone>Z|\+09:?00)?"
)
_WRITTEN = re.compile(rf"(?<![\d.:])(?:{_DAY})?{_CLOCK}(?![\d.])")


def moments(text: str, begin: int, end: int) -> Iterator[int]:
    """Yield every time that a text names.

    Args:
        text: a line of a report.
        begin: first moment that the exercise covers, µs since 1970 UTC. A time without a date
            is on the first day on which it falls between ``begin`` and ``end``.
        end: last moment.
    """
    for found in _WRITTEN.finditer(text):
        time = _moment(found, begin, end)
        if time is not None:
            yield time


def _moment(found: re.Match[str], begin: int, end: int) -> int | None:
    if found["minute"] is None and "時" not in found.group():
        return None
    minute = 30 if found["half"] else int(found["minute"] or 0)
    hour = int(found["hour"]) + (12 if found["noon"] == "午後" else 0)
    start = local(begin)
    try:
        named = start.replace(
            year=int(found["year"] or start.year), month=int(found["month"] or start.month),
            day=int(found["day"] or start.day), hour=0, minute=0, second=0, microsecond=0,
        )  # fmt: skip
    except ValueError:
        return None
    if hour > 24 or minute > 59:
        return None
    at = named + timedelta(hours=hour, minutes=minute, seconds=int(found["second"] or 0))
    time = _microseconds(at) + (9 * HOUR if found["zone"] == "Z" else 0)
    while not found["month"] and time < begin - HOUR and time + 24 * HOUR <= end + HOUR:
        time += 24 * HOUR
    return time


def _microseconds(at: datetime) -> int:
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
