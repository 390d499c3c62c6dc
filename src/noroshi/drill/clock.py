"""The town's clock: Japan Standard Time (UTC+9, no summer time) over microseconds UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

JST = timezone(timedelta(hours=9), "JST")
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
MIDNIGHT = int(datetime(2026, 5, 20, tzinfo=JST).timestamp()) * SECOND
"""Start of the day of the drill: Wednesday, 20 May 2026, µs since 1970 UTC."""


def at(hour: int, minute: int = 0, second: float = 0.0) -> int:
    """Return a time of that day by the clock on the wall."""
    return MIDNIGHT + hour * HOUR + minute * MINUTE + round(second * SECOND)


def utc(time: int) -> datetime:
    """Return a time as an aware datetime, UTC."""
    return datetime.fromtimestamp(time // SECOND, UTC).replace(microsecond=time % SECOND)


def local(time: int) -> datetime:
    """Return a time as an aware datetime, JST."""
    return utc(time).astimezone(JST)


@lru_cache(maxsize=8_192)
def utc_second(seconds: int) -> str:
    """Return ``YYYY-MM-DDTHH:MM:SS``, UTC, of a second since 1970; logs ask for each many times."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


@lru_cache(maxsize=8_192)
def local_second(seconds: int) -> str:
    """Return ``YYYY-MM-DDTHH:MM:SS``, JST, of a second since 1970."""
    return datetime.fromtimestamp(seconds, JST).strftime("%Y-%m-%dT%H:%M:%S")
