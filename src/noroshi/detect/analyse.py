"""Run the set-shaped analytics over the lake."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from noroshi.detect.registry import Detector, Tables, Window, detectors
from noroshi.lake.engine import Engine
from noroshi.lang import N_, Message
from noroshi.model import EVENT_CLASSES, Finding

DAY = 86_400_000_000

Files: TypeAlias = Callable[[str, int | None, int | None], Sequence[str]]
"""Table name, earliest and latest time -> Parquet files: :meth:`noroshi.lake.Lake.files`."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Why an analytic did not speak."""

    analytic: str
    reason: Message


def analyse(
    engine: Engine,
    files: Files,
    window: Window,
    chosen: Sequence[Detector] | None = None,
) -> Iterator[Finding | Silence]:
    """Yield the findings of every analytic for a window, and which kept silent and why.

    Args:
        engine: what computes.
        files: where the tables' files are.
        window: the span of time.
        chosen: the analytics; all that there are if None.
    """
    for item in detectors() if chosen is None else chosen:
        tables = _tables(engine, files, item, window)
        silence = _cold_start(engine, item, tables, window)
        if silence is not None:
            yield silence
            continue
        rows = engine.run(item.expression(tables, window)).to_pylist()
        found = [item.finding(row) for row in rows]
        yield from sorted(found, key=lambda finding: (finding.first, finding.id))


def _tables(engine: Engine, files: Files, item: Detector, window: Window) -> Tables:
    since = max(window.start - item.lookback_days * DAY, 0)
    return {
        name: engine.table(files(name, since, window.end), EVENT_CLASSES[name].schema)
        for name in item.reads
    }


def _cold_start(engine: Engine, item: Detector, tables: Tables, window: Window) -> Silence | None:
    if not item.history_days:
        return None
    seen = Window(window.start - item.lookback_days * DAY, window.end)
    found: set[str] = set()
    for table in tables.values():
        days = table.filter(seen.holds(table.time)).select("day").distinct()
        found |= set(engine.run(days).column("day").to_pylist())
    have = len(found)
    if have > item.history_days:
        return None
    return Silence(
        item.name,
        Message(
            N_(
                "It compares each day with the past and needs {needed} days with events before "
                "the first day it may judge. There are {have} days in all."
            ),
            {"needed": item.history_days, "have": have},
        ),
    )
