"""At the counter one machine serves several people: over lunch a colleague logs on to it."""

from __future__ import annotations

from dataclasses import replace

from noroshi.drill import software
from noroshi.drill.clock import MINUTE, SECOND
from noroshi.drill.day import Day
from noroshi.drill.diary import duty_at
from noroshi.drill.staff import Desk, browse, use_share


def counter_life(day: Day, desks: list[Desk]) -> None:
    """Let those on duty work at the colleague's machine, under their own account."""
    at_work = {desk.person.login: desk for desk in desks}
    for room in dict.fromkeys(desk.person.department for desk in desks):
        duty = duty_at(day, room)
        if duty and {duty.clerk, duty.owner} <= at_work.keys():
            clerk, owner = at_work[duty.clerk], at_work[duty.owner]
            if max(clerk.begins, owner.begins) < duty.begin:
                _cover(day, clerk, owner, duty.begin, duty.end)


def _cover(day: Day, clerk: Desk, owner: Desk, begin: int, end: int) -> None:
    host = owner.host
    rng = day.stream("counter", host.name)
    session = day.logon(host, clerk.account, begin)
    explorer = day.start(
        session, software.EXPLORER, software.EXPLORER.path, begin + 2 * SECOND,
        day.system(host, "winlogon.exe"),
    )  # fmt: skip
    browser = day.start(
        session, software.EDGE, f'"{software.EDGE.path}"',
        begin + rng.randrange(20 * SECOND, 60 * SECOND), explorer,
    )  # fmt: skip
    seat = replace(
        clerk, host=host, session=session, explorer=explorer, browser=browser, leaves=end
    )
    last = end - 8 * MINUTE
    for _ in range(rng.randrange(1, 4)):
        use_share(day, seat, rng.randrange(browser.started + SECOND, last - 3 * MINUTE), rng)
    if clerk.screen is None:
        browse(day, seat, rng.randrange(browser.started + SECOND, last - 4 * MINUTE), rng)
    day.end(browser, end - 30 * SECOND)
    day.end(explorer, end - 2 * SECOND)
    day.logoff(session, end)
