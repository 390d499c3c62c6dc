"""The directory around 1 April: accounts made the day before, shut and changed on the day."""

from __future__ import annotations

from collections.abc import Mapping

from noroshi.drill.clock import MINUTE, SECOND
from noroshi.drill.day import Day
from noroshi.drill.event import Session
from noroshi.drill.kind.accounts import AccountChanged, Change
from noroshi.drill.services import directory_session
from noroshi.drill.staff import Desk
from noroshi.drill.transfers import Move, day_of_moves, move_of

_MADE = (Change.CREATED, Change.ENABLED)


def transfers(day: Day, admin: Desk) -> None:
    """Let an administrator do what the day asks for; nothing on all other days."""
    moves = day_of_moves(day)
    if moves is None:
        return
    first = next(n for n in range(moves, moves + 9) if day.period.workday(n))
    eve = next(n for n in range(moves - 1, moves - 9, -1) if day.period.workday(n))
    if day.number == eve:
        _work(day, admin, day.at(15, 10), {Move.JOINS: _MADE})
    if day.number == first:
        done = {Move.LEAVES: (Change.DISABLED,), Move.MOVES: (Change.CHANGED,)}
        _work(day, admin, max(day.at(8, 50), admin.begins), done)


def _work(day: Day, admin: Desk, begin: int, todo: Mapping[Move, tuple[Change, ...]]) -> None:
    people = [
        (person, todo[move]) for person in day.world.people
        if (move := move_of(day, person)) in todo
    ]  # fmt: skip
    rng = day.stream("transfers")
    time = begin + rng.randrange(4 * MINUTE)
    lasts = (len(people) + 2) * 40 * SECOND
    session: Session = directory_session(day, admin, time, lasts)
    for person, changes in people:
        time += rng.randrange(9 * SECOND, 38 * SECOND)
        for place, change in enumerate(changes):
            day.add(
                AccountChanged(
                    time=time + place * 40_000, dc=session.host, session=session, change=change,
                    account=day.world.accounts[person.login],
                )
            )  # fmt: skip
