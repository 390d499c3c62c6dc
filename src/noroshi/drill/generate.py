"""Evidence of many days: one process a day, each day made alone, one file a log and day.

Only the record numbers of Windows logs run on from day to day. A day counts its own and waits for
those of the day before, which are known as soon as that day was lived through, before it is
written. What is finished is remembered beside the evidence, so a run that was killed goes on.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import TypeAlias

from noroshi import __version__
from noroshi.drill.clock import local
from noroshi.drill.crowd import grown
from noroshi.drill.errors import DrillError
from noroshi.drill.event import Event
from noroshi.drill.life import live
from noroshi.drill.period import Period
from noroshi.drill.world import World, build_world
from noroshi.drill.write.firewall import write_firewall
from noroshi.drill.write.linux import write_audit, write_syslog
from noroshi.drill.write.mail import write_mail
from noroshi.drill.write.sheet import Sheet
from noroshi.drill.write.squid import write_squid
from noroshi.drill.write.suricata import write_suricata
from noroshi.drill.write.web import write_web
from noroshi.drill.write.windows import Numbers, count_windows, write_windows
from noroshi.drill.write.zeek import write_zeek

Writer: TypeAlias = Callable[[list[Event]], tuple[Sheet, ...]]
WINDOWS = "windows"
WRITERS: dict[str, Writer] = {
    "zeek": write_zeek,
    "suricata": lambda events: (write_suricata(events),),
    "proxy": lambda events: (write_squid(events),),
    "firewall": lambda events: (write_firewall(events),),
    "web": lambda events: (write_web(events),),
    "linux": lambda events: (write_syslog(events), write_audit(events)),
    "mail": lambda events: (write_mail(events),),
}
FORMATS = (WINDOWS, *WRITERS)
_STATE = ".generate"
_CHUNK = 40_000
_WAIT = 0.05
_BYTES_A_DAY = 2_200_000
"""Most that one person's workday takes on the disk; measured 1.3 MB with all formats."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be made.

    Attributes:
        staff: people of the organisation.
        first: the first day.
        days: how many.
        seed: same seed and plan, same bytes.
        formats: names of :data:`FORMATS`.
    """

    staff: int
    first: date
    days: int
    seed: int = 1
    formats: tuple[str, ...] = FORMATS

    @property
    def text(self) -> str:
        """The plan as it is kept beside the evidence."""
        return json.dumps(
            [__version__, self.staff, str(self.first), self.days, self.seed, *self.formats]
        )

    def world(self) -> World:
        """Return the organisation."""
        return grown(build_world(self.seed), self.staff)


@dataclass(frozen=True, slots=True)
class Made:
    """A day that is finished: its records, and size and SHA-256 of each file by name."""

    number: int
    records: int
    files: dict[str, tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Summary:
    """What came of it; ``sha256`` is that of the lines ``<sha256>  <name>``, by name."""

    records: int
    bytes: int
    seconds: float
    sha256: str
    resumed: int


def generate(
    plan: Plan, folder: Path, workers: int = 2, progress: Callable[[Made], None] | None = None
) -> Summary:
    """Make the evidence of a plan.

    Args:
        plan: what.
        folder: where; a folder in which the same plan was begun is gone on with.
        workers: processes; any number gives the same bytes.
        progress: told of each day that is finished, in order.

    Raises:
        DrillError: another plan was begun there, an unknown format, or too small a disk.
    """
    begin = time.monotonic()
    _prepare(plan, folder)
    done = {made.number: made for made in map(_read, sorted(_state(folder).glob("day-*.json")))}
    todo = [number for number in range(plan.days) if number not in done]
    made = dict(done)
    for each in _run(plan, folder, todo, workers):
        made[each.number] = each
        if progress:
            progress(each)
    files = {name: facts for day in made.values() for name, facts in day.files.items()}
    lines = "".join(f"{digest}  {name}\n" for name, (_, digest) in sorted(files.items()))
    return Summary(
        sum(day.records for day in made.values()),
        sum(size for size, _ in files.values()),
        time.monotonic() - begin,
        hashlib.sha256(lines.encode()).hexdigest(),
        len(done),
    )


def _prepare(plan: Plan, folder: Path) -> None:
    unknown = sorted(set(plan.formats) - set(FORMATS))
    if unknown or not plan.formats:
        raise DrillError(f"no format {', '.join(unknown)!r}; there are {', '.join(FORMATS)}")
    if plan.days < 1:
        raise DrillError(f"{plan.days} days: give at least one")
    state = _state(folder)
    state.mkdir(parents=True, exist_ok=True)
    kept = state / "plan.json"
    if kept.exists() and kept.read_text("utf-8") != plan.text:
        raise DrillError(
            f"{folder}: evidence of another plan was begun here ({kept.read_text('utf-8')}); "
            "give the same options to go on with it, or another folder"
        )
    days = plan.days - len(list(state.glob("day-*.json")))
    need, free = days * plan.staff * _BYTES_A_DAY, shutil.disk_usage(folder).free
    if need > free:
        raise DrillError(
            f"{folder}: about {need / 1e9:.1f} GB are needed and {free / 1e9:.1f} GB are free; "
            "give another folder with --out, fewer days, or fewer --formats"
        )
    _put(kept, plan.text)


def _run(plan: Plan, folder: Path, todo: list[int], workers: int) -> Iterator[Made]:
    """Make the days that are missing, in order; a day waits only for the numbers before it."""
    if workers <= 1:
        for number in todo:
            yield make_day(plan, folder, number)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        try:
            yield from pool.map(make_day, [plan] * len(todo), [folder] * len(todo), todo)
        except BrokenProcessPool as error:
            raise DrillError(
                f"{folder}: a process that made a day was killed, perhaps for want of memory; run "
                "the same command again to go on, with fewer --workers if memory is short"
            ) from error


def make_day(plan: Plan, folder: Path, number: int) -> Made:
    """Make one day's files; they appear under their names when all of the day is written."""
    collects = gc.isenabled()
    gc.disable()  # the events of a day refer to one another without cycles
    try:
        return _make_day(plan, folder, number)
    finally:
        if collects:
            gc.enable()


def _make_day(plan: Plan, folder: Path, number: int) -> Made:
    world = plan.world()
    day = live(world, plan.seed, number, Period(plan.first, plan.days, world.calendar))
    events = sorted(day.events, key=lambda event: event.time)
    day.events.clear()
    stamp = f"{local(day.begin):%Y%m%d}"
    numbers = _numbers(folder, number, events, world)
    records = 0
    names: set[str] = set()
    for sheets in _sheets(plan, events, world, numbers):
        for sheet in sheets:
            if sheet.records:
                records += sheet.records
                _append(sheet, folder, stamp, names)
    files = {}
    for name in sorted(names):
        part = folder / f"{name}.part"
        with part.open("rb") as file:
            files[name] = (part.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())
        part.replace(folder / name)
    made = Made(number, records, files)
    _put(_state(folder) / f"day-{number:04d}.json", json.dumps([number, records, files]))
    return made


def _sheets(
    plan: Plan, events: list[Event], world: World, numbers: Numbers
) -> Iterator[tuple[Sheet, ...]]:
    for name in plan.formats:
        if name == WINDOWS:
            for start in range(0, len(events), _CHUNK):
                chunk = events[start : start + _CHUNK]
                yield (write_windows(chunk, world.hosts, numbers=numbers),)
        else:
            yield WRITERS[name](events)


def _append(sheet: Sheet, folder: Path, stamp: str, names: set[str]) -> None:
    """Put a sheet's lines at the end of its file of the day, and the file's name to the others."""
    path = Path(sheet.name)
    name = str(path.with_name(f"{path.stem}-{stamp}{path.suffix}"))
    part = folder / f"{name}.part"
    part.parent.mkdir(parents=True, exist_ok=True)
    with part.open("ab" if name in names else "wb") as file:
        for start in range(0, len(sheet.lines), _LINES):
            file.write(("\n".join(sheet.lines[start : start + _LINES]) + "\n").encode())
    names.add(name)


_LINES = 4_000


def _numbers(folder: Path, number: int, events: Iterable[Event], world: World) -> Numbers:
    """Return the last record numbers before this day, and leave those after it for the next."""
    counted: Numbers = {}
    count_windows(events, world.hosts, counted)
    before: Numbers = _before(folder, number) if number else {}
    after = dict(before)
    for key, last in counted.items():
        start = int(world.hosts[key[0]].machine_id[:5], 16)
        after[key] = before.get(key, start) + last - start
    _put(
        _state(folder) / f"numbers-{number:04d}.json",
        json.dumps([[*key, last] for key, last in after.items()]),
    )
    return before


def _before(folder: Path, number: int) -> Numbers:
    path = _state(folder) / f"numbers-{number - 1:04d}.json"
    parent = os.getppid()
    while not path.exists():
        if os.getppid() != parent:
            raise DrillError("the process that gave out the days has gone")
        time.sleep(_WAIT)
    return {(host, channel): last for host, channel, last in json.loads(path.read_text("utf-8"))}


def _read(path: Path) -> Made:
    number, records, files = json.loads(path.read_text("utf-8"))
    return Made(number, records, {name: (size, digest) for name, (size, digest) in files.items()})


def _state(folder: Path) -> Path:
    return folder / _STATE


def _put(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all."""
    part = path.with_suffix(".part")
    part.write_text(text, "utf-8")
    part.replace(path)
