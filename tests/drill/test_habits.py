"""Habits of people: bursts, meetings, forgotten passwords, shared machines, April."""

from __future__ import annotations

import json
import random
from datetime import date
from itertools import pairwise
from pathlib import Path
from statistics import mean, pstdev

import pytest

from noroshi.drill import services, software, staff
from noroshi.drill.act.oddities import archive, remote_shell
from noroshi.drill.clock import HOUR, MINUTE, SECOND
from noroshi.drill.crowd import grown
from noroshi.drill.day import Day
from noroshi.drill.diary import duty_at
from noroshi.drill.event import (
    Flow,
    LoggedOff,
    LoggedOn,
    LogonFailed,
    ProcessStarted,
    ScriptRun,
    ShareOpened,
)
from noroshi.drill.generate import Plan, generate
from noroshi.drill.invariants import check
from noroshi.drill.kind.accounts import AccountChanged, Change
from noroshi.drill.kind.office import TicketOpened
from noroshi.drill.life import live, lived
from noroshi.drill.period import Period
from noroshi.drill.rhythm import bursts, within
from noroshi.drill.transfers import Move, employed, move_of
from noroshi.drill.world import World, build_world

DAY = Period(date(2026, 5, 21), 1)
SPRING = Period(date(2026, 3, 30), 4)


@pytest.fixture(scope="module")
def world() -> World:
    return grown(build_world(1), 42)


@pytest.fixture(scope="module")
def thursday(world: World) -> Day:
    return live(world, 1, 0, DAY)


def test_work_comes_in_bursts() -> None:
    begin = 9 * HOUR
    times = bursts(random.Random(1), begin, begin + 8 * HOUR, 400)
    gaps = [later - time for time, later in pairwise(times)]
    assert len(times) == 400
    assert begin <= times[0]
    assert times[-1] < begin + 8 * HOUR
    assert pstdev(gaps) > 1.25 * mean(gaps)  # even by chance: 1


def test_meetings_are_quiet() -> None:
    begin = 15 * HOUR
    meeting = (begin + HOUR, begin + 3 * HOUR)
    times = bursts(random.Random(1), begin, begin + 5 * HOUR, 600, quiet=(meeting,))
    inside = sum(within(time, (meeting,)) for time in times)
    assert 0 < inside < 60  # of 240 if there were none


def test_a_colleague_covers_the_counter_at_the_same_machine(thursday: Day) -> None:
    room = thursday.world.room("住民課")
    duty = duty_at(thursday, room)
    assert duty
    sessions = [event.session for event in thursday.events if isinstance(event, LoggedOn)]
    covered = [
        session for session in sessions
        if session.kind == 2 and session.host.owner and session.account.login == duty.clerk
        and session.host.owner.login == duty.owner
    ]  # fmt: skip
    assert [session.started for session in covered] == [duty.begin]
    off = [e.time for e in thursday.events if isinstance(e, LoggedOff) and e.session in covered]
    assert off == [duty.end]


def test_the_fifth_wrong_password_locks_the_account(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staff, "_LOCKED_OUT", 1.0)
    day = Day(world, 1, 0, DAY)
    desk = staff.arrive(day, world.people[0])
    failed = [event for event in day.events if isinstance(event, LogonFailed)]
    assert [event.status for event in failed].count("0xc0000234") == 1
    (locked,) = [event for event in day.events if isinstance(event, AccountChanged)]
    assert locked.change is Change.LOCKED
    assert locked.caller == desk.host.name
    assert desk.session.started > locked.time + 10 * MINUTE


def test_who_is_locked_out_calls_the_help_desk(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staff, "_LOCKED_OUT", 0.1)
    day = live(world, 1, 0, DAY)
    locked = {event.account.login for event in day.events if isinstance(event, AccountChanged)}
    asked = {
        event.login for event in day.events
        if isinstance(event, TicketOpened) and event.subject == "アカウントがロックされた"
    }  # fmt: skip
    assert locked
    assert asked == locked & set(lived_people(day))


def lived_people(day: Day) -> list[str]:
    """Those whose day was long enough to count as at work."""
    return [
        login
        for login, desk in lived(day.world, 1, 0, DAY).desks.items()
        if desk.there and desk.leaves > day.at(17)
    ]


def test_on_the_first_of_april_people_leave_join_and_move(tmp_path: Path) -> None:
    plan = Plan(42, SPRING.first, 4, seed=2)
    day = Day(plan.world, 2, 0, plan.period)
    moves = {person.login: move_of(day, person) for person in plan.world.people}
    assert {Move.LEAVES, Move.JOINS, Move.MOVES, Move.STAYS} == set(moves.values())
    generate(plan, tmp_path, workers=1)
    for result in check(tmp_path):
        assert result.examples == (), result.invariant.id
    changed, seen = set(), set()
    for path in sorted((tmp_path / "windows").glob("*.ndjson")):
        for line in path.read_text("utf-8").splitlines():
            log = json.loads(line)["winlog"]
            number, data = int(log["event_id"]), log.get("event_data", {})
            if number in (4720, 4725, 4738):
                changed.add((number, data["TargetUserName"], path.stem[-4:]))
            if number == 4624 and data["LogonType"] == "2":
                seen.add((data["TargetUserName"], path.stem[-4:] < "0401"))
    for login, move in moves.items():
        told = {(number, when) for number, who, when in changed if who == login}
        match move:
            case Move.LEAVES:
                assert told == {(4725, "0401")}
                assert (login, False) not in seen
            case Move.JOINS:
                assert told == {(4720, "0331")}
                assert (login, True) not in seen
            case Move.MOVES:
                assert told == {(4738, "0401")}
            case Move.STAYS:
                assert not told


def test_nobody_moves_in_other_months(world: World) -> None:
    day = Day(world, 2, 0, DAY)
    assert all(employed(day, person, 0) for person in world.people)


@pytest.mark.parametrize(("when", "there"), [((2026, 5, 13), True), ((2026, 5, 20), False)])
def test_updates_come_after_the_second_tuesday(
    when: tuple[int, int, int], there: bool, world: World
) -> None:
    day = Day(world, 1, 0, Period(date(*when), 1))
    host = world.pcs[0]
    day.boot(host, day.at(8))
    services.agents(day, host, day.at(8, 10), day.at(17))
    large = [event for event in day.events if isinstance(event, Flow)
             and event.received > 100_000_000]  # fmt: skip
    assert bool(large) is there
    started = {event.process.program for event in day.events if isinstance(event, ProcessStarted)}
    assert (software.UPDATER in started) is there


def test_administrators_and_leavers_do_what_looks_odd(world: World) -> None:
    day = Day(world, 1, 0, DAY)
    for host in world.hosts.values():
        if host.windows and host.role != "pc":
            day.boot(host, DAY.up_since(), logged=False)
    admin = staff.arrive(day, world.of("情報政策室"))
    clerk = staff.arrive(day, world.people[0])
    remote_shell(day, admin, day.at(12, 10))
    archive(day, clerk, day.at(15))
    started = [event.process for event in day.events if isinstance(event, ProcessStarted)]
    far = next(each for each in started if each.program is software.WSMPROVHOST)
    assert (far.host.name, far.session.account.login[:4]) == ("FS01", "adm-")
    assert any(isinstance(e, ScriptRun) and "Invoke-Command" in e.text for e in day.events)
    opened = [event for event in day.events if isinstance(event, ShareOpened)]
    assert any(event.target.endswith(".zip") for event in opened)
    assert all(event.time + SECOND < day.until for event in day.events)


def test_every_day_has_something_odd_that_is_no_story(thursday: Day) -> None:
    assert not [event for event in thursday.events if event.step]
    scripts = [event.text for event in thursday.events if isinstance(event, ScriptRun)]
    assert any("Invoke-WebRequest" in text for text in scripts)
