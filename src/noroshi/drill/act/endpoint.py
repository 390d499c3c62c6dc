"""At the desk: alerts of the endpoint product, sticks plugged in, documents printed."""

from __future__ import annotations

import random

from noroshi.drill import software
from noroshi.drill.clock import MINUTE, SECOND
from noroshi.drill.day import Day
from noroshi.drill.event import Event, Process, ProcessOpened, ProcessStarted
from noroshi.drill.kind.office import AlertRaised, Printed, StickInserted
from noroshi.drill.staff import Desk
from noroshi.drill.world import Host

_OFFICE = frozenset({"EXCEL.EXE", "WINWORD.EXE", "OUTLOOK.EXE", "TARO32.EXE"})
_SHELLS = frozenset({"powershell.exe", "cmd.exe"})


def edr_alert(
    day: Day, process: Process, time: int, rule: str, title: str, technique: str, severity: int, *,
    action: str = "detected", file: str = "", sha256: str = "",
) -> AlertRaised:  # fmt: skip
    """Let the endpoint product raise an alert about a process (``severity`` 1 to 4)."""
    event = AlertRaised(
        time=time, process=process, rule=rule, title=title, technique=technique,
        severity=severity, action=action, file=file, sha256=sha256,
    )  # fmt: skip
    day.add(event)
    return event


def plug_in(
    day: Day, desk: Desk, time: int, *, label: str = "USB DISK", serial: str = "",
    registered: bool = False, files: tuple[tuple[str, bytes], ...] = (),
) -> StickInserted:  # fmt: skip
    """Plug a stick into a machine and copy files from it to the desktop (a supplier's, a story's).

    ``registered`` says whether the organisation knows the stick; ``files`` are names and inert
    contents.
    """
    rng = day.stream("stick", desk.person.login)
    event = StickInserted(
        time=time, desk=desk, label=label, serial=serial or f"{rng.randrange(1 << 40):010X}",
        registered=registered,
    )  # fmt: skip
    day.add(event)
    for name, content in files:
        time += rng.randrange(8 * SECOND, 30 * SECOND)
        path = f"C:\\Users\\{desk.person.login}\\Desktop\\{name}"
        day.write(desk.explorer, path, time, content)
    return event


def print_out(day: Day, process: Process, time: int, document: str, pages: int) -> Printed:
    """Print a document; many pages by night are an insider's trace."""
    event = Printed(
        time=time, process=process, document=document, pages=pages, printer="複合機2F-北"
    )
    day.add(event)
    return event


def watched(day: Day, *, covered: frozenset[str] | None = None) -> list[AlertRaised]:
    """Let the endpoint product see the day and raise what it would: it misses what it cannot know.

    It knows four patterns, runs on ``covered`` machines (all desks and servers by default), and
    cries wolf at the asset agent's encoded PowerShell on some of them.
    """
    alerts = []
    dice: dict[str, random.Random] = {}
    looked_at = [event for event in day.events if isinstance(event, ProcessOpened | ProcessStarted)]
    for event in sorted(looked_at, key=lambda each: each.time):
        process = event.process
        found = _judged(event) if covered is None or process.host.name in covered else None
        if not found:
            continue
        name, date = process.host.name, str(day.period.date(day.number))
        rng = dice.setdefault(name, day.steady("edr", date, name))
        if not (found[0] == "E-2201" and rng.random() < 0.85):
            with day.step(event.step):
                alerts.append(edr_alert(day, process, event.time + 1_900_000, *found))
    return alerts


def _judged(event: Event) -> tuple[str, str, str, int] | None:
    if isinstance(event, ProcessOpened) and event.target.program is software.LSASS:
        return "E-3107", "Credential memory was read", "T1003.001", 4
    if not isinstance(event, ProcessStarted):
        return None
    process = event.process
    parent = process.parent.program.name if process.parent else ""
    if parent in _OFFICE and process.program.name in _SHELLS:
        return "E-1105", "An Office program started a command interpreter", "T1059.001", 3
    if process.program is software.NTDSUTIL:
        return "E-3301", "The directory database was copied", "T1003.003", 4
    if process.program is software.POWERSHELL and "-EncodedCommand" in process.command:
        return "E-2201", "PowerShell with an encoded command", "T1027.010", 1
    return None


def desk_life(day: Day, desks: list[Desk]) -> None:
    """A few registered sticks, and what is printed (the print helper says so)."""
    for desk in desks:
        rng = day.stream("stick", desk.person.login)
        if rng.random() < 0.12:
            time = desk.begins + rng.randrange(20 * MINUTE, 240 * MINUTE)
            if time < desk.leaves:
                plug_in(day, desk, time, label="町登録USB", registered=True)
    for event in list(day.events):
        if isinstance(event, ProcessStarted) and event.process.program is software.SPOOLER:
            printing = event.process
            name = (printing.parent or printing).command.rpartition("\\")[2].strip('"')
            pages = day.stream("print", printing.host.name).randrange(1, 12)
            print_out(day, printing, event.time + SECOND, name, pages)


def everywhere(hosts: dict[str, Host]) -> frozenset[str]:
    """Return the names of the machines that can run an endpoint product."""
    return frozenset(name for name, host in hosts.items() if host.windows)
