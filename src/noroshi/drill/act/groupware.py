"""Groupware and LGWAN's services: used beside the terminals, or by screen transfer where apart."""

from __future__ import annotations

import random
from zlib import crc32

from noroshi.drill import software
from noroshi.drill.act.places import first
from noroshi.drill.clock import MINUTE, SECOND
from noroshi.drill.day import Day
from noroshi.drill.event import Process
from noroshi.drill.screen import close_screen, open_screen
from noroshi.drill.services import ask
from noroshi.drill.staff import Desk
from noroshi.drill.world import Host

_LGWAN_USERS = 0.35
"""Share of the staff whose work needs a service of LGWAN on a day; assumed."""


def groupware_life(day: Day, desks: list[Desk]) -> None:
    """Clock in, look at the board, decide on drafts; use what other offices offer in LGWAN."""
    servers, gateway = day.world.in_role("groupware"), first(day.world, "lgwan-gateway")
    for desk in desks:
        rng = day.stream("groupware", desk.person.login)
        if servers:
            _use(day, desk, _own(desk, servers), rng, rng.randrange(5, 12), rng.randrange(3, 6))
        if gateway and rng.random() < _LGWAN_USERS:
            visits = rng.randrange(1, 3)
            _use(day, desk, gateway, rng, visits, visits)


def _own(desk: Desk, servers: tuple[Host, ...]) -> Host:
    """Return the server on which somebody always lands."""
    return servers[crc32(desk.person.login.encode()) % len(servers)]


def _use(day: Day, desk: Desk, server: Host, rng: random.Random, looks: int, sessions: int) -> None:
    """Look at a server now and then over the day, each time from a session if it stands apart."""
    if day.world.passes(desk.office.host, server.ip, 443):
        for time in _times(desk, rng, looks):
            _look(day, desk.office, server, time, rng)
        return
    screens = day.world.in_role("screen")
    for time in _times(desk, rng, sessions) if screens else ():
        lasts = rng.randrange(3 * MINUTE, 16 * MINUTE)
        far = open_screen(
            day, desk.explorer, desk.account, _own(desk, screens), time, time + lasts, rng
        )
        browser = day.start(
            far.session, software.EDGE, f'"{software.EDGE.path}"',
            far.session.started + rng.randrange(4 * SECOND, 9 * SECOND), far.explorer,
            folder=f"C:\\Users\\{desk.account.login}\\",
        )  # fmt: skip
        _look(day, browser, server, browser.started + 2 * SECOND, rng)
        day.end(browser, far.ends - 4 * SECOND)
        close_screen(day, far)


def _times(desk: Desk, rng: random.Random, count: int) -> list[int]:
    """Return times of a day, the first at its beginning, at least twenty minutes apart."""
    gap = (desk.leaves - desk.begins - 30 * MINUTE) // count
    if gap < 20 * MINUTE:
        return [desk.begins + rng.randrange(MINUTE)]
    return [
        desk.begins + number * gap + rng.randrange(gap - 18 * MINUTE if number else 4 * MINUTE)
        for number in range(count)
    ]


def _look(day: Day, browser: Process, server: Host, time: int, rng: random.Random) -> None:
    """Open some pages one after another; less than a minute and a half."""
    for _ in range(rng.choices((2, 4, 7), (40, 40, 20))[0]):
        ask(day, browser, server, time, sent=rng.randrange(700, 4_000),
            received=int(rng.lognormvariate(9.8, 1.1)))  # fmt: skip
        time += rng.randrange(SECOND, 11 * SECOND)
