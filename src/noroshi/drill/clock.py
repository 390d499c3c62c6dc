"""The town's clock: Japan Standard Time (UTC+9, no summer time) over microseconds UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

JST = timezone(timedelta(hours=9), "JST")
ZONE = "Asia/Tokyo"
"""What those who read the town's logs must say of times that name no zone."""
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


def utc_second(seconds: int) -> str:
    """Return ``YYYY-MM-DDTHH:MM:SS``, UTC, of a second since 1970; logs ask for each many times."""
    day, second = divmod(seconds, 86_400)
    return _date(day) + _seconds()[second]


def local_second(seconds: int) -> str:
    """Return ``YYYY-MM-DDTHH:MM:SS``, JST, of a second since 1970."""
    return utc_second(seconds + 32_400)


@lru_cache(maxsize=64)
def _date(day: int) -> str:
    return f"{date.fromordinal(719_163 + day).isoformat()}T"


@lru_cache(maxsize=1)
def _seconds() -> list[str]:
    return [f"{n // 3600:02d}:{n // 60 % 60:02d}:{n % 60:02d}" for n in range(86_400)]
