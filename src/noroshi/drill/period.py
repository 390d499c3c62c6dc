"""Days one after another: their dates, and what kind of day each is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from noroshi.drill.clock import HOUR, JST, SECOND
from noroshi.drill.world import Calendar


@dataclass(frozen=True, slots=True)
class Period:
    """Some days in a row, by Japanese time.

    Attributes:
        first: the first of them.
        days: how many.
        calendar: tells workdays from others.
        late: logins of those who surely come on a day and stay till late, by its number.
    """

    first: date = date(2026, 5, 20)
    days: int = 1
    calendar: Calendar = field(default_factory=Calendar)
    late: Mapping[int, frozenset[str]] = field(default_factory=dict)

    def date(self, number: int) -> date:
        """Return the date of a day, counted from 0; days before and after the period have one."""
        return self.first + timedelta(days=number)

    def midnight(self, number: int) -> int:
        """Return when a day begins, µs since 1970 UTC."""
        moment = datetime.combine(self.date(number), datetime.min.time(), JST)
        return int(moment.timestamp()) * SECOND

    def workday(self, number: int) -> bool:
        """Tell whether people work on a day."""
        return self.calendar.works(self.date(number))

    def up_since(self) -> int:
        """Return when the servers were last started: three days before the first of the days."""
        return self.midnight(0) - 80 * HOUR
