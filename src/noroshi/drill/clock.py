"""The town's clock: Japan Standard Time (UTC+9, no summer time) over microseconds UTC."""

from __future__ import annotations

from collections.abc import Callable
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


class Seconds(dict[int, str]):
    """Seconds since 1970 as a log writes them; the latest are kept, for many records share one.

    Args:
        dated: writes the date, and what stands between it and ``HH:MM:SS``.
        zone: whose clock.
    """

    def __init__(self, dated: Callable[[date], str], zone: timezone = JST) -> None:
        super().__init__()
        self._ahead = int(zone.utcoffset(None).total_seconds())
        self._date = lru_cache(maxsize=4)(lambda day: dated(date.fromordinal(_EPOCH + day)))

    def __missing__(self, second: int) -> str:
        """Write a second down that is asked for for the first time."""
        if len(self) >= _KEPT:
            self.clear()
        day, rest = divmod(second + self._ahead, _DAY)
        text = self[second] = self._date(day) + _times()[rest]
        return text


_KEPT = 20_000
_DAY = 86_400
_EPOCH = date(1970, 1, 1).toordinal()


@lru_cache(maxsize=1)
def _times() -> list[str]:
    return [f"{n // 3600:02d}:{n // 60 % 60:02d}:{n % 60:02d}" for n in range(_DAY)]


UTC_SECOND = Seconds(lambda day: f"{day.isoformat()}T", UTC)
LOCAL_SECOND = Seconds(lambda day: f"{day.isoformat()}T")
"""``YYYY-MM-DDTHH:MM:SS``, UTC and JST, of a second since 1970."""
