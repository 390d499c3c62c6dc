"""Ordinary life of an organisation on one day of many, with a story in it or none."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from noroshi.drill import outside, post, services, staff
from noroshi.drill.act.everyday import ordinary
from noroshi.drill.act.places import first
from noroshi.drill.clock import HOUR
from noroshi.drill.day import Day
from noroshi.drill.intruder.lived import Lived
from noroshi.drill.period import Period
from noroshi.drill.screen import DESKTOP, close_screen, open_screen
from noroshi.drill.world import Host, World
from noroshi.drill.world.parts import SEATS

Story: TypeAlias = Callable[[Day], None]
"""Plays a whole story with acts of a :class:`Day`, wherever in the period they lie.

It is played before ordinary life on each day of the period, always alike, and the day keeps what
falls on it: so a story needs no memory between days. People it needs at work on a day of theirs
are seated with :func:`noroshi.drill.staff.arrive`, ``number`` being that day.
"""

_A_TOWN = 42
"""People of the built-in town, whose visitors and mail the numbers below are."""


def live(world: World, seed: int, number: int, period: Period, story: Story | None = None) -> Day:
    """Return one day of a period as :func:`lived` does."""
    return lived(world, seed, number, period, story).day


def lived(
    world: World, seed: int, number: int, period: Period, story: Story | None = None
) -> Lived:
    """Live through one day of a period.

    Args:
        world: who and what there is.
        seed: same seed, same day, whichever other days are lived through.
        number: which day, from 0.
        period: the days.
        story: what happens besides.
    """
    day = Day(world, seed, number, period)
    for host in world.hosts.values():
        if host.windows and host.role not in ("pc", "terminal"):
            day.boot(host, period.up_since(), logged=False)
    if story:
        story(day)
    for host in world.hosts.values():
        if host.windows and host.role not in SEATS:
            services.agents(day, host, day.at(0), day.at(23, 50))
    desks = [desk for desk in (staff.desk_on(day, person) for person in world.people) if desk]
    for desk in desks:
        staff.work(day, desk, _VISITS)
        begin = max(desk.session.started, day.at(0))
        on = not desk.there or staff.presence(day, desk.person, number).stays_on
        services.agents(day, desk.host, begin, day.at(23, 50) if on else desk.leaves - 3 * _MINUTE)
        if desk.screen and desk.there:
            begin = desk.screen.session.started
            services.agents(day, desk.screen.host, begin, desk.leaves - 3 * _MINUTE)
    _rest(day, [desk for desk in desks if desk.there and desk.leaves > day.at(17)])
    return Lived(day, {desk.person.login: desk.online() for desk in desks})


def _rest(day: Day, at_work: list[staff.Desk]) -> None:
    """What happens beyond the desks: machines, the door, the mail, and the whole of an office."""
    workday = day.period.workday(day.number)
    size = len(day.world.people) / _A_TOWN
    admins = [desk for desk in at_work if f"adm-{desk.person.login}" in day.world.accounts]
    _machines(day, at_work, admins, workday)
    _door(day, size, 1.0 if workday else 0.6, admins)
    if workday:
        post.ordinary_mail(day, at_work, size)
    ordinary(day, at_work)


def _machines(day: Day, desks: list[staff.Desk], admins: list[staff.Desk], workday: bool) -> None:
    """Jobs by night, and what administrators do about the machines."""
    services.backup(day)
    services.old_password(day)
    if day.period.date(day.number).weekday() == _SCAN_DAY:
        services.scanner(day)
    if not workday or not admins:
        return
    rng, admin = day.stream("admin"), admins[0]
    if rng.random() < 0.5:
        post.announce_work(day, admin)
        services.ticketed_work(day, admin)
    late = day.period.late.get(day.number, ())
    visited = [desk for desk in desks if desk.person.login in late and desk is not admin]
    if visited:
        services.help_desk(day, visited[0], admin)
        return
    early = [desk for desk in desks if desk.begins < day.at(8, 45) and desk is not admin]
    if early and admin.begins < day.at(8, 45) and rng.random() < 0.7:
        services.help_desk(day, rng.choice(early), admin)


def _door(day: Day, size: float, openness: float, admins: list[staff.Desk]) -> None:
    outside.visitors(day, round(620 * size * openness))
    outside.probes(day)
    outside.knocks(day, round(1600 * max(1.0, size / 4)))
    outside.guessers(day)
    outside.housekeeping(day, _console(day, admins[0]) if admins else None)


def _console(day: Day, admin: staff.Desk) -> Host | None:
    """Return the machine from which the administrator reaches the web server, if any.

    Where the networks have no road from the desk, it is the jump host, at the hours of the visits.
    """
    web, jump = day.world.hosts["WWW01"], first(day.world, "jump")
    if day.world.passes(admin.host, web.ip, 22):
        return admin.host
    if jump is None or admin.begins > day.at(9, 10) or admin.leaves < day.at(16, 40):
        return None
    account = day.world.accounts[f"adm-{admin.person.login}"]
    rng = day.stream("console")
    for hour in (9, 16):
        begin = day.at(hour, 16) + rng.randrange(2 * _MINUTE)
        end = day.at(hour, 33) + rng.randrange(3 * _MINUTE)
        screen = open_screen(day, admin.explorer, account, jump, begin, end, rng, port=DESKTOP)
        close_screen(day, screen)
    return jump


_MINUTE = HOUR // 60
_VISITS = (18, 40)
_SCAN_DAY = 2
