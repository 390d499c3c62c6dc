"""Days that are worked, held against days that are known."""

from __future__ import annotations

from datetime import date

import pytest

from noroshi.drill.world import DayKind, country
from noroshi.drill.world.calendar import easter, era, fiscal_year


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2025, 2, 24), "振替休日"),
        (date(2026, 3, 20), "春分の日"),
        (date(2026, 5, 6), "振替休日"),
        (date(2026, 9, 22), "国民の休日"),
        (date(2026, 9, 23), "秋分の日"),
        (date(2027, 3, 22), "振替休日"),
        (date(2032, 9, 21), "国民の休日"),
        (date(2026, 5, 7), ""),
        (date(2026, 9, 24), ""),
    ],
)
def test_a_japanese_holiday_falls_where_the_law_puts_it(day: date, name: str) -> None:
    assert country("jp").calendar.holiday(day) == name


def test_offices_are_shut_from_29_december_to_3_january() -> None:
    calendar = country("jp").calendar
    shut = [date(2026, 12, day) for day in (29, 30, 31)] + [date(2027, 1, day) for day in (1, 2, 3)]
    assert {calendar.kind(day) for day in shut} == {DayKind.YEAR_END}
    assert calendar.works(date(2026, 12, 28))
    assert calendar.works(date(2027, 1, 4))


@pytest.mark.parametrize(("year", "day"), [(2024, (3, 31)), (2025, (4, 20)), (2026, (4, 5))])
def test_easter_moves(year: int, day: tuple[int, int]) -> None:
    assert easter(year) == date(year, *day)


def test_another_country_keeps_other_days() -> None:
    german = country("de").calendar
    assert german.holiday(date(2026, 4, 3)) == "Karfreitag"
    assert not german.holiday(date(2026, 5, 4))
    assert german.works(date(2026, 12, 29))


def test_years_as_offices_write_them() -> None:
    assert (era(date(2019, 4, 30)), era(date(2019, 5, 1))) == ("平成31年", "令和元年")
    assert era(date(2026, 5, 20)) == "令和8年"
    assert (fiscal_year(date(2026, 3, 31)), fiscal_year(date(2026, 4, 1))) == (2025, 2026)
