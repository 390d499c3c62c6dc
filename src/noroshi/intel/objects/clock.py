"""STIX timestamps: RFC 3339 in UTC with a ``Z`` (STIX 2.1, section 2.11)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

_LONGEST = len("2026-05-20T00:00:00.123456789Z")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def parse(text: object) -> int | None:
    """Return µs since 1970 UTC, or None if it is no STIX timestamp."""
    if type(text) is not str or len(text) > _LONGEST or not text.endswith("Z"):
        return None
    return _parsed(text)


@lru_cache(maxsize=16_384)
def _parsed(text: str) -> int | None:
    """Checking, comparing and filing one object ask for the same time again and again."""
    if text[4:8:3] + text[10:19:3] != "--T::":
        return None
    try:
        return (datetime.fromisoformat(text) - _EPOCH) // _MICROSECOND
    except ValueError:
        return None


def text(time: int) -> str:
    """Return a time (µs since 1970 UTC) as a STIX timestamp, milliseconds or finer."""
    moment = _EPOCH + time * _MICROSECOND
    fraction = f"{moment.microsecond:06d}"
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{fraction[:3] if fraction.endswith('000') else fraction}Z"
