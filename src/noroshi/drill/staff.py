"""What staff do on an ordinary working day: arrive, type passwords, read, write, browse, leave."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from noroshi.drill import software
from noroshi.drill.clock import HOUR, MINUTE, SECOND
from noroshi.drill.day import Day
from noroshi.drill.diary import quiet_hours
from noroshi.drill.dice import spread
from noroshi.drill.event import LogonFailed, Process, Session
from noroshi.drill.kind.accounts import AccountChanged, Change
from noroshi.drill.rhythm import Span, bursts
from noroshi.drill.screen import Screen, close_screen, open_screen
from noroshi.drill.transfers import employed, room_of
from noroshi.drill.world import Account, Host, Person

_DOCUMENTS = (
    "起案文書", "議事録", "予算要求書", "住民説明会資料", "業務日報", "点検記録", "回答票",
    "勤務表", "広報原稿", "契約書案", "名簿", "見積比較表", "照会文書", "照会回答", "事務引継書",
)  # fmt: skip


@dataclass(frozen=True)
class Desk:
    """A person at work: the machine, the session, and the programs that stay open.

    Attributes:
        leaves: when the work of the day ends, µs.
        begins: when it begins.
        quiet: when the person is away from it: meetings, duty at the counter.
        screen: the virtual desktop on which web and mail are looked at, where they are kept apart;
            ``outlook`` and ``browser`` run there.
        inner: the browser for what stands inside, where it is another.
        there: whether anybody sits there; a machine that was left on runs without.
    """

    person: Person
    host: Host
    account: Account
    session: Session
    explorer: Process
    outlook: Process
    browser: Process
    leaves: int
    begins: int
    there: bool = True
    quiet: tuple[Span, ...] = ()
    screen: Screen | None = None
    inner: Process | None = None

    @property
    def office(self) -> Process:
        """The browser in which services inside are used."""
        return self.inner or self.browser

    def online(self) -> Desk:
        """Return the desk as it is seen from the web: where web and mail are apart, what is there.

        Whoever comes by mail or web comes to this one.
        """
        far = self.screen
        if far is None:
            return self
        return replace(self, host=far.host, session=far.session, explorer=far.explorer)


def arrive(day: Day, person: Person, stays_on: bool = False, number: int | None = None) -> Desk:
    """Boot, log on (sometimes at the second try), open what everybody opens.

    Args:
        day: whose evidence is made.
        person: who comes.
        stays_on: the machine is left on, the session too.
        number: the day of the period on which they come, if not this one.
    """
    host = day.pc_of(person)
    account = day.world.accounts[person.login]
    rng = day.stream("staff", person.login, number=number)
    boot = day.at(8, 0, number=number) + rng.randrange(0, 32 * MINUTE)
    day.boot(host, boot)
    time = boot + rng.randrange(70 * SECOND, 160 * SECOND)
    for _ in range(rng.choices((0, 1, 2, 3), (70, 20, 8, 2))[0]):
        day.add(
            LogonFailed(
                time=time, host=host, login=account.login, kind=2, source="127.0.0.1", port=0
            )
        )
        time += rng.randrange(5 * SECOND, 20 * SECOND)
    time = _locked_out(day, host, account, time, number)
    session = day.logon(host, account, time)
    explorer = day.desktop(session)
    opens = time + rng.randrange(20 * SECOND, 200 * SECOND)
    browses = time + rng.randrange(30 * SECOND, 600 * SECOND)
    leaves = day.at(17, 15, number=number) + _overtime(day, person, number)
    if day.world.model.browses_apart:
        inner = _open(day, explorer, software.EDGE, "", opens)
        desk = _apart(
            day, Desk(person, host, account, session, explorer, inner, inner, leaves, browses),
            number,
        )  # fmt: skip
    else:
        outlook = _open(day, explorer, software.OUTLOOK, "", opens)
        browser = _open(day, explorer, software.EDGE, "", browses)
        desk = Desk(person, host, account, session, explorer, outlook, browser, leaves,
                    max(opens, browses) + MINUTE)  # fmt: skip
    desk = replace(desk, quiet=quiet_hours(day, person, number))
    if not stays_on:
        leave(day, desk)
    elif desk.screen:
        _leave_screen(day, desk, day.at(23, 59, 50, number))
    return desk


def _locked_out(day: Day, host: Host, account: Account, time: int, number: int | None) -> int:
    """Now and then the fifth wrong password locks an account, for ten minutes; return when it goes.

    Both are assumed: each house chooses its own.
    """
    rng = day.stream("locked", account.login, number=number)
    dc = day.world.directory_of(host)
    if dc is None or rng.random() >= _LOCKED_OUT:
        return time
    for place in range(_TRIES + 1):
        status = "0xc000006a" if place < _TRIES else "0xc0000234"
        day.add(LogonFailed(time=time, host=host, login=account.login, kind=2, source="127.0.0.1",
                            port=0, status=status))  # fmt: skip
        if place == _TRIES - 1:
            day.add(
                AccountChanged(time=time + 40_000, dc=dc, account=account, change=Change.LOCKED,
                               caller=host.name)
            )  # fmt: skip
        time += rng.randrange(4 * SECOND, 25 * SECOND)
    return time + rng.randrange(601, 960) * SECOND


_LOCKED_OUT, _TRIES = 0.008, 5


def _apart(day: Day, desk: Desk, number: int | None) -> Desk:
    """Open mail and web on the person's virtual desktop, which closes at the end of the day."""
    rng = day.stream("apart", desk.person.login, number=number)
    far = open_screen(
        day, desk.explorer, desk.account, day.world.browser_of(desk.person),
        desk.begins, desk.leaves - 20 * SECOND, rng,
    )  # fmt: skip
    opened = far.session.started + rng.randrange(15 * SECOND, 60 * SECOND)
    outlook = _open(day, far.explorer, software.OUTLOOK, "", opened)
    browser = _open(
        day, far.explorer, software.EDGE, "", opened + rng.randrange(9 * SECOND, 400 * SECOND)
    )
    return replace(
        desk, outlook=outlook, browser=browser, screen=far, inner=desk.browser,
        begins=browser.started + MINUTE,
    )  # fmt: skip


def _overtime(day: Day, person: Person, number: int | None) -> int:
    """Return how long after the bell somebody leaves, µs; the days that close a month are long."""
    date = day.period.date(day.number if number is None else number)
    rng = day.steady("overtime", person.login, str(date))
    habit = day.steady("habit", person.login).uniform(0.4, 1.6)
    closing = 1.5 if date.day >= _MONTH_CLOSES or date.month in _BUSY_MONTHS else 1.0
    return min(round(rng.expovariate(1 / (38 * MINUTE * habit * closing))), 320 * MINUTE)


_MONTH_CLOSES = 25
_BUSY_MONTHS = (3, 4)


def presence(day: Day, person: Person, number: int) -> Presence:
    """Return whether somebody comes on a day: leave, illness, overtime at the weekend."""
    if person.login in day.period.late.get(number, ()):
        return Presence(True, True)
    if not employed(day, person, number):
        return Presence(False, False)
    rng = day.steady("presence", person.login, str(day.period.date(number)))
    part_time = day.steady("contract", person.login).random() < _PART_TIMERS
    chance = 0.93 if day.period.workday(number) else 0.025
    if part_time and day.period.date(number).weekday() in (1, 3):
        chance *= 0.1
    comes = rng.random() < chance
    return Presence(comes, comes and rng.random() < _LEFT_ON)


_PART_TIMERS = 0.12
_LEFT_ON = 0.04


@dataclass(frozen=True)
class Presence:
    """Whether a person comes to work on a day, and leaves the machine on."""

    comes: bool
    stays_on: bool


def desk_on(day: Day, person: Person) -> Desk | None:
    """Seat a person for this day: where the machine was left on, or as they come in; or not."""
    today = presence(day, person, day.number)
    since = _on_since(day, person)
    if since is None:
        return arrive(day, person, today.stays_on) if today.comes else None
    desk = arrive(day, person, stays_on=True, number=since)
    begins = day.at(8, 5) + day.stream("return", person.login).randrange(30 * MINUTE)
    leaves = day.at(17, 15) + _overtime(day, person, None) if today.comes else day.at(23, 50)
    desk = replace(desk, leaves=leaves, begins=begins, there=today.comes,
                   quiet=quiet_hours(day, person))  # fmt: skip
    if today.comes and desk.inner:
        desk = _apart(day, replace(desk, browser=desk.inner), None)
    if today.comes and not today.stays_on:
        leave(day, desk)
    return desk


def _on_since(day: Day, person: Person) -> int | None:
    """Return the day on which a machine that was on at midnight was started, if it was on."""
    since = None
    for number in range(day.number - 1, -1, -1):
        then = presence(day, person, number)
        if then.comes:
            if not then.stays_on:
                break
            since = number
    return since


def work(day: Day, desk: Desk, visits: tuple[int, int] = (9, 22)) -> None:
    """Fill the hours: documents, shares, the web, and the noise that Windows makes itself."""
    rng = day.stream("work", desk.person.login)
    begin = desk.begins
    if not desk.there or desk.leaves - begin < HOUR:
        return
    quiet = desk.quiet
    for time in bursts(
        rng, begin, desk.leaves - 17 * MINUTE, rng.randrange(9, 20), gap=4 * MINUTE, quiet=quiet
    ):
        _write_document(day, desk, time, rng)
    for time in bursts(rng, begin, desk.leaves - 10 * MINUTE, rng.randrange(5, 11), quiet=quiet):
        use_share(day, desk, time, rng)
    for time in bursts(rng, begin, desk.leaves - 12 * MINUTE, rng.randrange(*visits), quiet=quiet):
        browse(day, desk, time, rng)
    for time in spread(rng, begin, desk.leaves - 6 * MINUTE, rng.randrange(24, 46)):
        _background(day, desk, time, rng)


def _open(
    day: Day, parent: Process, program: software.Program, argument: str, time: int
) -> Process:
    command = f'"{program.path}"' + (f' "{argument}"' if argument else "")
    return day.start(
        parent.session, program, command, time, parent,
        folder=f"C:\\Users\\{parent.session.account.login}\\",
    )  # fmt: skip


def leave(day: Day, desk: Desk) -> None:
    """Close everything and log off."""
    if desk.screen and desk.inner:
        _leave_screen(day, desk)
        day.end(desk.inner, desk.leaves - 15 * SECOND)
    else:
        day.end(desk.outlook, desk.leaves - 40 * SECOND)
        day.end(desk.browser, desk.leaves - 30 * SECOND)
    day.end(desk.explorer, desk.leaves - 2 * SECOND)
    day.logoff(desk.session, desk.leaves)


def _leave_screen(day: Day, desk: Desk, stays: int = 0) -> None:
    """Close the virtual desktop; one that is only left is logged off before midnight."""
    assert desk.screen
    off = max(desk.screen.ends, stays)
    day.end(desk.outlook, off - 20 * SECOND)
    day.end(desk.browser, off - 10 * SECOND)
    close_screen(day, desk.screen, stays)


def _write_document(day: Day, desk: Desk, time: int, rng: random.Random) -> None:
    program, suffix = rng.choice(
        ((software.WORD, ".docx"), (software.EXCEL, ".xlsx"), (software.ICHITARO, ".jtd"))
    )
    name = f"{rng.choice(_DOCUMENTS)}_{rng.randrange(1, 32):02d}{suffix}"
    path = f"C:\\Users\\{desk.person.login}\\Documents\\{name}"
    editor = _open(day, desk.explorer, program, path, time)
    lasts = rng.randrange(60 * SECOND, 900 * SECOND)
    for fraction in sorted(rng.random() for _ in range(rng.randrange(1, 4))):
        day.write(editor, path, time + int(lasts * fraction), name.encode())
    if rng.random() < 0.2:
        printing = day.start(
            desk.session, software.SPOOLER, f"{software.SPOOLER.path} 8192",
            time + lasts // 2, editor,
        )  # fmt: skip
        day.end(printing, time + lasts)
    day.end(editor, time + lasts)


def use_share(day: Day, desk: Desk, time: int, rng: random.Random) -> None:
    """Open the department's folder on the file server, and some files in it."""
    room = room_of(day, desk.person)
    targets = tuple(
        f"{room}\\{rng.choice(_DOCUMENTS)}_{rng.randrange(1, 32):02d}.xlsx"
        for _ in range(rng.randrange(1, 6))
    )
    day.open_share(
        desk.host, desk.account, day.world.hosts["FS01"], "share", time, targets=targets,
        sent=rng.randrange(4_000, 400_000), received=rng.randrange(9_000, 4_000_000),
        lasts=rng.randrange(20 * SECOND, 500 * SECOND), process=desk.explorer,
    )  # fmt: skip


def browse(day: Day, desk: Desk, time: int, rng: random.Random) -> None:
    """One visit: a page and what it pulls in, in quick succession, then reading."""
    sites = day.world.sites
    weights = [site.weight for site in sites]
    helpers = [site for site in sites if site.name.startswith(("cdn.", "img.", "fonts."))]
    for _ in range(rng.choices((1, 2, 3, 5), (40, 30, 20, 10))[0]):
        site = rng.choices(sites, weights)[0]
        pulled = [site, *rng.sample(helpers, rng.randrange(0, 4)), site]
        for each in pulled[: rng.randrange(1, 6)]:
            path = rng.choice(each.paths)
            day.fetch(
                desk.browser, each, time, path=path, sent=rng.randrange(500, 4_000),
                received=int(rng.lognormvariate(9.5, 1.3)), mime=_mime(path),
                status=rng.choices((200, 304, 404), (90, 8, 2))[0] if each.plain else 200,
            )  # fmt: skip
            time += rng.randrange(40_000, 700_000)
        time += rng.randrange(8 * SECOND, 90 * SECOND)


def _mime(path: str) -> str:
    endings = {".css": "text/css", ".jpg": "image/jpeg", ".pdf": "application/pdf"}
    return next((mime for end, mime in endings.items() if path.endswith(end)), "text/html")


def _background(day: Day, desk: Desk, time: int, rng: random.Random) -> None:
    program, option, parent = rng.choice(
        (
            (software.BACKGROUND, " -ServerName:App.AppX", desk.explorer),
            (software.RUNTIME, " -Embedding", desk.explorer),
            (software.SEARCH, " Global\\UsGthrFltPipe", day.system(desk.host, "svchost.exe")),
            (software.TASKHOST, "", day.system(desk.host, "svchost.exe")),
        )
    )
    day.run(
        parent.session, program, program.path + option, time, parent,
        rng.randrange(2 * SECOND, 300 * SECOND),
    )  # fmt: skip
