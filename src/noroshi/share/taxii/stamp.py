"""TAXII timestamps: RFC 3339 in UTC with six digits of a second, always (section 2)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def stamp(time: int) -> str:
    """Return a time (µs since 1970 UTC) as TAXII writes it."""
    return f"{_EPOCH + timedelta(microseconds=time):%Y-%m-%dT%H:%M:%S.%f}Z"
