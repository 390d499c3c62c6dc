"""Where people are when they are not at their desk: meetings, and duty at the counter.

What two people have to agree on follows from dice of their department and the date, so that each
day, and each person, can be lived alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from noroshi.drill.clock import MINUTE
from noroshi.drill.day import Day
from noroshi.drill.rhythm import Span
from noroshi.drill.world import Person

COUNTERS = frozenset({"住民課", "市民課", "福祉課", "税務課", "保険年金課", "健康保険課", "医事課"})
"""Departments that have a counter, as the built-in packs call them."""
_HALF_HOURS = range(19, 33)
"""Meetings begin between half past nine and four."""
_DEPARTMENT_MEETS = 0.3


@dataclass(frozen=True, slots=True)
class Duty:
    """Somebody works at a colleague's machine at the counter while that one is at lunch."""

    clerk: str
    owner: str
    begin: int
    end: int


def quiet_hours(day: Day, person: Person, number: int | None = None) -> tuple[Span, ...]:
    """Return when a person is away from the desk on a day: meetings and duty, µs."""
    date = str(day.period.date(day.number if number is None else number))
    room = day.steady("meeting", person.department, date)
    spans: list[Span] = []
    if room.random() < _DEPARTMENT_MEETS:
        spans.append(_meeting(day, room.choice(_HALF_HOURS), room.choice((60, 90)), number))
    own = day.steady("calendar", person.login, date)
    spans += [
        _meeting(day, own.choice(_HALF_HOURS), own.choice((30, 60)), number)
        for _ in range(own.choices((0, 1, 2), (55, 33, 12))[0])
    ]
    duty = duty_at(day, person.department, number)
    if duty and person.login in (duty.clerk, duty.owner):
        spans.append((duty.begin - 2 * MINUTE, duty.end + 2 * MINUTE))
    return tuple(spans)


def _meeting(day: Day, half_hour: int, lasts: int, number: int | None) -> Span:
    begin = day.at(half_hour // 2, half_hour % 2 * 30, number=number)
    return begin - 3 * MINUTE, begin + lasts * MINUTE


def duty_at(day: Day, department: str, number: int | None = None) -> Duty | None:
    """Return who covers the counter of a department over lunch, if it has one."""
    if department not in _counters(day):
        return None
    people = day.world.staff_of(department)
    if len(people) < 2:
        return None
    date = str(day.period.date(day.number if number is None else number))
    rng = day.steady("duty", department, date)
    clerk, owner = rng.sample([person.login for person in people], 2)
    begin = day.at(12, 1, number=number) + rng.randrange(5 * MINUTE)
    return Duty(clerk, owner, begin, begin + rng.randrange(31 * MINUTE, 46 * MINUTE))


def _counters(day: Day) -> frozenset[str]:
    return frozenset(day.world.room(name) for name in COUNTERS)
