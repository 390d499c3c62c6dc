"""STIX timestamps: RFC 3339 in UTC with a ``Z`` (STIX 2.1, section 2.11)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_FORM = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def parse(text: object) -> int | None:
    """Return µs since 1970 UTC, or None if it is no STIX timestamp."""
    if not isinstance(text, str):
        return None
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    try:
        moment = datetime.fromisoformat(found[1]).replace(tzinfo=UTC)
    except ValueError:
        return None
    return (moment - _EPOCH) // _MICROSECOND + int((found[2] or "").ljust(6, "0")[:6])


def text(time: int) -> str:
    """Return a time (µs since 1970 UTC) as a STIX timestamp, milliseconds or finer."""
    moment = _EPOCH + time * _MICROSECOND
    fraction = f"{moment.microsecond:06d}"
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{fraction[:3] if fraction.endswith('000') else fraction}Z"
