"""Which days are worked, by rule and not by list.

Rules of a country come from its pack: fixed dates, the n-th weekday of a month, the equinoxes, days
counted from Easter. Japan's law on national holidays adds two: a holiday on a Sunday moves to the
next day that is none (substitute holiday), and a day between two holidays is one (both article 3).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

OFFICE_HOURS = (510, 1035)
"""08:30 to 17:15, in minutes after midnight."""


class DayKind(StrEnum):
    """What a day is."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    YEAR_END = "year-end"


@dataclass(frozen=True, slots=True)
class Holiday:
    """One rule.

    Attributes:
        name: of the day.
        month, day: a fixed date.
        nth, weekday: instead of ``day``, the n-th such weekday (0 Monday) of the month.
        equinox: ``spring`` or ``autumn``.
        easter: days after Easter Sunday; None if it does not hang on Easter.
        since: first year.
    """

    name: str
    month: int = 0
    day: int = 0
    nth: int = 0
    weekday: int = 0
    equinox: str = ""
    easter: int | None = None
    since: int = 0

    def on(self, year: int) -> date | None:
        """Return the day in a year."""
        if year < self.since:
            return None
        if self.easter is not None:
            return easter(year) + timedelta(days=self.easter)
        if self.equinox:
            return equinox(year, self.equinox)
        if self.nth:
            first = date(year, self.month, 1)
            ahead = (self.weekday - first.weekday()) % 7
            return first + timedelta(days=ahead + 7 * (self.nth - 1))
        return date(year, self.month, self.day)


@dataclass(frozen=True)
class Calendar:
    """The days of a country.

    Attributes:
        holidays: rules.
        japanese: whether substitute and in-between holidays are made as Japan's law does.
        closed: first and last (month, day) of the days around New Year when offices are shut; the
            first lies in the old year. None for none.
        hours: office hours, minutes after midnight.
        zone: offset from UTC in minutes; there is no summer time in the simulation.
    """

    holidays: tuple[Holiday, ...] = ()
    japanese: bool = False
    closed: tuple[tuple[int, int], tuple[int, int]] | None = None
    hours: tuple[int, int] = OFFICE_HOURS
    zone: int = 540

    def kind(self, day: date) -> DayKind:
        """Return what a day is."""
        if self.closed and ((day.month, day.day) >= self.closed[0]
                            or (day.month, day.day) <= self.closed[1]):  # fmt: skip
            return DayKind.YEAR_END
        if self.holiday(day):
            return DayKind.HOLIDAY
        return DayKind.WEEKEND if day.weekday() >= 5 else DayKind.WORKDAY

    def works(self, day: date) -> bool:
        """Whether the office is open."""
        return self.kind(day) is DayKind.WORKDAY

    def holiday(self, day: date) -> str:
        """Return the name of the holiday, empty for none."""
        return _holidays(self, day.year).get(day, "")


@lru_cache(maxsize=128)
def _holidays(calendar: Calendar, year: int) -> dict[date, str]:
    found = {day: rule.name for rule in calendar.holidays if (day := rule.on(year))}
    if not calendar.japanese:
        return found
    named = dict(found)
    for day in sorted(named):
        if day.weekday() == 6:
            later = day + timedelta(days=1)
            while later in named:
                later += timedelta(days=1)
            found[later] = "振替休日"
    for day in sorted(named):
        between, after = day + timedelta(days=1), day + timedelta(days=2)
        if after in named and between not in found and between.weekday() != 6:
            found[between] = "国民の休日"
    return found


def equinox(year: int, which: str) -> date:
    """Return the day of an equinox in Japan.

    Source: the approximation of the Hydrographic Department of Japan's Coast Guard, good for 1980
    to 2099; the Observatory's yearly notice decides.
    """
    base, month = (20.8431, 3) if which == "spring" else (23.2488, 9)
    day = int(base + 0.242194 * (year - 1980) - (year - 1980) // 4)
    return date(year, month, day)


def easter(year: int) -> date:
    """Return Easter Sunday. Source: the anonymous Gregorian algorithm (Nature, 20 April 1876)."""
    golden, century, rest = year % 19, year // 100, year % 100
    leap, left = divmod(century, 4)
    moon = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * left + 2 * (rest // 4) - moon - rest % 4) % 7
    shift = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * shift + 114, 31)
    return date(year, month, day + 1)


def fiscal_year(day: date) -> int:
    """Japan's fiscal year, which begins in April."""
    return day.year if day.month >= 4 else day.year - 1


def era(day: date) -> str:
    """A year as Japanese offices write it. Reiwa began on 1 May 2019, Heisei on 8 January 1989."""
    if day >= date(2019, 5, 1):
        name, number = "令和", day.year - 2018
    else:
        name, number = "平成", day.year - 1988
    return f"{name}{'元' if number == 1 else number}年"
