"""1 April: who leaves, who joins, who changes departments.

It is lived only where the days lie on both sides of it. Source of the custom: Japan's fiscal year
begins in April (Local Autonomy Act, article 208), and offices move their people on that day.
"""

from __future__ import annotations

from datetime import date
from enum import Enum

from noroshi.drill.day import Day
from noroshi.drill.world import Person


class Move(Enum):
    """What becomes of somebody on 1 April."""

    STAYS = "stays"
    LEAVES = "leaves"
    JOINS = "joins"
    MOVES = "moves"


_SHARES = ((Move.LEAVES, 0.05), (Move.JOINS, 0.05), (Move.MOVES, 0.18))
"""Assumed; about a fifth of a town hall changes desks each spring."""


def day_of_moves(day: Day) -> int | None:
    """Return the number of 1 April among the days, None where they do not lie on both sides."""
    last = day.period.date(day.period.days - 1)
    number = (date(last.year, 4, 1) - day.period.first).days
    return number if 0 < number < day.period.days else None


def move_of(day: Day, person: Person) -> Move:
    """Return what becomes of somebody; those who administer the systems stay."""
    if day_of_moves(day) is None or f"adm-{person.login}" in day.world.accounts:
        return Move.STAYS
    rolled = day.steady("transfer", person.login).random()
    for move, share in _SHARES:
        if rolled < share:
            return move
        rolled -= share
    return Move.STAYS


def employed(day: Day, person: Person, number: int) -> bool:
    """Tell whether somebody belongs to the house on a day of the period."""
    moves = day_of_moves(day)
    if moves is None:
        return True
    gone = Move.LEAVES if number >= moves else Move.JOINS
    return move_of(day, person) is not gone


def room_of(day: Day, person: Person) -> str:
    """Return the department whose files somebody works on: before the move it was another."""
    moves = day_of_moves(day)
    if moves is None or day.number >= moves or move_of(day, person) is not Move.MOVES:
        return person.department
    rooms = day.world.departments
    return day.steady("from", person.login).choice(rooms)
