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
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

from noroshi.drill.act.endpoint import watched
from noroshi.drill.clock import local
from noroshi.drill.day_files import DayFiles
from noroshi.drill.errors import DrillError
from noroshi.drill.event import Event
from noroshi.drill.life import lived
from noroshi.drill.observe.kinds import ByKind
from noroshi.drill.observe.look import look
from noroshi.drill.observe.sensor import Sensor
from noroshi.drill.observe.town import sensors_of
from noroshi.drill.observe.truth import as_json, numbered, truth
from noroshi.drill.plan import FORMATS, Plan
from noroshi.drill.world import World
from noroshi.drill.write.windows import Numbers, count_windows, write_windows
from noroshi.drill.write.windows_events import KINDS

__all__ = ["FORMATS", "Made", "Plan", "Summary", "generate", "make_day"]

WINDOWS = "windows"
_STATE = ".generate"
_CHUNK = 40_000
_WAIT = 0.05
_BYTES_A_DAY = 2_200_000
"""Most that one person's workday takes on the disk; measured 1.3 MB with all formats."""


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
    plan.check()
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
    world = plan.world
    lived_through = lived(world, plan.seed, number, plan.period)
    day = lived_through.day
    if number == plan.story_day:
        day.events += plan.story(lived_through)
    watched(day, covered=frozenset(host.name for host in world.hosts.values() if host.watched))
    events = sorted(day.events, key=lambda event: event.time)
    day.events.clear()
    kinds = ByKind(events)
    numbers = _numbers(folder, number, kinds, world)
    files = DayFiles(folder, f"{local(day.begin):%Y%m%d}")
    story = numbered(events) if number == plan.story_day else {}
    seen = [
        files.put(look(each, part, story, world))
        for sensor in sensors_of(world)
        if sensor.name in plan.formats
        for each, part in _parts(sensor, kinds, numbers)
    ]
    if story:
        told = as_json(truth(events, seen), events)
        _put(folder.with_name(f"{folder.name}-truth.json"), json.dumps(told, ensure_ascii=False))
    made = Made(number, files.records, files.finish())
    _put(_state(folder) / f"day-{number:04d}.json", json.dumps([number, made.records, made.files]))
    return made


def _parts(
    sensor: Sensor, events: ByKind, numbers: Numbers
) -> Iterator[tuple[Sensor, Sequence[Event]]]:
    """Yield what a sensor is shown at a time: Windows logs are the largest, and come in parts."""
    found = events.of(sensor.kinds)
    if sensor.name != WINDOWS:
        yield sensor, found
        return
    going_on = replace(
        sensor,
        write=lambda part, world: (write_windows(part, world.hosts, numbers=numbers),),
    )
    for start in range(0, len(found), _CHUNK):
        yield going_on, found[start : start + _CHUNK]


def _numbers(folder: Path, number: int, events: ByKind, world: World) -> Numbers:
    """Return the last record numbers before this day, and leave those after it for the next."""
    counted: Numbers = {}
    count_windows(events.of(KINDS), world.hosts, counted)
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
