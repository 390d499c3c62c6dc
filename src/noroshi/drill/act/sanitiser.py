"""Files come in through the sanitiser: up from the virtual desktop, down to the terminal.

What it does is rebuild a file without what could run in it; what it cannot open it refuses.
"""

from __future__ import annotations

import random

from noroshi.drill.act.places import first
from noroshi.drill.clock import MINUTE, SECOND, local
from noroshi.drill.day import Day
from noroshi.drill.dice import spread
from noroshi.drill.kind.network import Sanitised
from noroshi.drill.services import ask
from noroshi.drill.staff import Desk

REBUILT, STRIPPED, REFUSED = "再構成", "マクロ除去", "拒否（パスワード付き）"
_FILES = (
    ("調査票_{:02d}.xlsx", REBUILT), ("見積書_{:02d}.pdf", REBUILT),
    ("要綱案_{:02d}.docx", REBUILT), ("位置図_{:02d}.pdf", REBUILT),
    ("様式第{:d}号.xlsm", STRIPPED), ("資料一式_{:02d}.zip", REBUILT),
    ("送付データ_{:02d}.zip", REFUSED),
)  # fmt: skip
_WEIGHTS = (26, 24, 16, 10, 8, 10, 6)


def sanitiser_life(day: Day, desks: list[Desk]) -> None:
    """Everybody with a virtual desktop brings in a few files a day."""
    if first(day.world, "sanitiser") is None:
        return
    for desk in desks:
        if desk.screen is None:
            continue
        rng = day.stream("sanitiser", desk.person.login)
        count = rng.choices((0, 1, 2, 4), (40, 30, 20, 10))[0]
        for time in spread(rng, desk.begins, desk.leaves - 25 * MINUTE, count):
            name, done = rng.choices(_FILES, _WEIGHTS)[0]
            take_in(day, desk, time, name.format(rng.randrange(1, 40)), done=done)


def take_in(
    day: Day, desk: Desk, time: int, name: str, *, content: bytes = b"", done: str = REBUILT
) -> Sanitised | None:
    """Save a file on the virtual desktop and bring it to the terminal; None where none stands.

    ``content`` are the inert bytes of a story's file; the rebuilt one has others.
    """
    server = first(day.world, "sanitiser")
    if server is None or desk.screen is None:
        return None
    rng: random.Random = day.stream("take-in", desk.person.login)
    size = int(rng.lognormvariate(11.6, 1.2))
    after = 0 if done == REFUSED else size * rng.randrange(72, 99) // 100
    plain = content or f"{name} {rng.random()}".encode()
    folder = f"C:\\Users\\{desk.person.login}\\"
    day.write(desk.browser, f"{folder}Downloads\\{name}", time, plain, zone=True)
    time += rng.randrange(15 * SECOND, 90 * SECOND)
    up = ask(day, desk.browser, server, time, sent=size + 1_900, received=2_400)
    number = f"SAN-{local(up.time):%Y%m%d-%H%M%S}-{up.sport}"
    event = Sanitised(
        time=up.time + rng.randrange(9 * SECOND, 150 * SECOND), server=server, number=number,
        login=desk.person.login, source=desk.browser.host, name=name, before=size, after=after,
        done=done,
    )  # fmt: skip
    day.add(event)
    if after:
        fetched = event.time + rng.randrange(20 * SECOND, 6 * MINUTE)
        ask(day, desk.office, server, fetched, sent=900, received=after + 1_400)
        day.write(
            desk.office, f"{folder}Documents\\受領\\{name}", fetched + SECOND, b"rebuilt " + plain
        )
    return event
