"""Times as sources write them when nobody told them how."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo

import pyarrow as pa

from noroshi.collect.mapping import EPOCH, Expression, epoch_microseconds, per_value

SECOND = 1_000_000

_NUMBER = re.compile(r"-?\d{1,19}(?:\.\d{1,18})?(?:[eE][+-]?\d{1,2})?", re.ASCII)
_ISO = re.compile(
    r"\s*(\d{4})[-/](\d\d?)[-/](\d\d?)(?:[T _]+(\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?"
    r"\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?\s*",
    re.ASCII,
)
_MONTH_FIRST = re.compile(
    r"([A-Z][a-z]{2}) ([ \d]?\d),? (\d{4}),? (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?"
    r"(?: (Z|UTC|GMT|JST|[+-]\d\d:?\d\d))?",
    re.ASCII,
)
MONTHS = {
    "Jan": 1, "Feb": 2, "Mar": 3, "Apr": 4, "May": 5, "Jun": 6, "Jul": 7, "Aug": 8, "Sep": 9,
    "Oct": 10, "Nov": 11, "Dec": 12,
}  # fmt: skip
_UNITS = ((100_000_000_000, SECOND), (100_000_000_000_000, 1_000), (100_000_000_000_000_000, 1))


def any_time(source: Expression | str) -> Expression:
    """Epoch number of whatever unit or ISO-like text as µs since 1970 UTC; else null."""
    return per_value(microseconds, source, pa.int64())


def microseconds(text: str) -> int | None:
    """Read one time, or return None.

    A number's unit follows from its magnitude: below 10¹¹ seconds (until the year 5138), then
    milliseconds, microseconds, nanoseconds. Text without an offset counts as UTC.
    """
    if _NUMBER.fullmatch(text):
        try:
            return _from_number(text)
        except (ValueError, OverflowError):
            return None
    moment = iso(text)
    return _month_first(text) if moment is None else moment


def iso(text: str) -> int | None:
    """Read ``2024-05-14T12:00:01.5+09:00`` and its relatives (slashes, blanks, comma)."""
    found = _ISO.fullmatch(text[:64])
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    try:
        moment = datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0),
            min(int(second or 0), 59), tzinfo=UTC,
        )  # fmt: skip
    except ValueError:
        return None
    return from_datetime(moment) + int((fraction or "0").ljust(6, "0")[:6]) - offset(zone or "")


def in_zone(text: str, zone: tzinfo) -> int | None:
    """Read an ISO-like time that names no zone as one of ``zone``; None where it names one."""
    found = _ISO.fullmatch(text[:64])
    moment = iso(text) if found and not found[8] else None
    return None if moment is None else moment - east_of_utc(moment, zone)


def east_of_utc(local: int, zone: tzinfo) -> int:
    """Return how far (µs) a zone's clock is ahead of UTC when it shows ``local``."""
    if zone is UTC:
        return 0
    moment = datetime.fromtimestamp(local // SECOND, UTC).replace(tzinfo=zone)
    gap = moment.utcoffset()
    return 0 if gap is None else (gap.days * 86_400 + gap.seconds) * SECOND


def _month_first(text: str) -> int | None:
    """Read ``May 14 2024 12:00:01`` as CEF and Cisco write it."""
    found = _MONTH_FIRST.fullmatch(text[:64])
    if found is None or found[1] not in MONTHS:
        return None
    zone = "+0900" if found[8] == "JST" else found[8] or ""
    day = f"{found[3]}-{MONTHS[found[1]]:02}-{int(found[2]):02}"
    return iso(f"{day}T{found[4]}:{found[5]}:{found[6]}.{found[7] or 0}{zone}")


def offset(zone: str) -> int:
    """Return the µs east of UTC of ``+09:00``, ``+0900``, ``Z`` or nothing."""
    if zone[:1] not in ("+", "-"):
        return 0
    digits = zone[1:].replace(":", "")
    amount = (int(digits[:2]) * 60 + int(digits[2:4])) * 60 * SECOND
    return -amount if zone[0] == "-" else amount


def from_datetime(moment: datetime) -> int:
    """Return µs since 1970 UTC of an aware moment, exactly."""
    gap = moment - EPOCH
    return (gap.days * 86_400 + gap.seconds) * SECOND + gap.microseconds


def _from_number(text: str) -> int | None:
    try:
        size = abs(int(text.partition(".")[0]))
    except ValueError:  # in scientific notation
        size = abs(int(float(text)))
    for limit, unit in _UNITS:
        if size < limit:
            return epoch_microseconds(text, unit)
    return epoch_microseconds(str(size // 1_000), 1)
