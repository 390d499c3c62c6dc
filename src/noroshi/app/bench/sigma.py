"""Sigma rules against Windows events that hardly repeat, beside one SQL statement per rule.

The peer is pySigma's SQLite backend over the same events. It is asked a sample of the rules about a
sample of the events, and its rate for all rules follows from that: its work is linear in both.
"""

from __future__ import annotations

import importlib
import os
import resource
import sqlite3
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa

from noroshi.app.errors import AppError
from noroshi.app.made_up.windows import windows_batches
from noroshi.detect.sigma import Rule, RuleSet, SigmaMatcher, load_rules
from noroshi.detect.sigma.columns import Columns
from noroshi.detect.sigma.documents import rule_files
from noroshi.model import EventBatch

EVENTS = 300_000
BATCH_ROWS = 16_384
PEER_EVENTS = 5_000
PEER_EVERY = 20


def run(data: Path | None = None, events: int = EVENTS) -> dict[str, Any]:
    """Measure and return figures by name; times are CPU-seconds of this process, one core.

    Args:
        data: folder of rules, or of the real data sets; by default ``NOROSHI_SHARED_DATA``.
        events: how many.

    Raises:
        AppError: there are no rules in the folder.
    """
    folder = _rules(data)
    with tempfile.TemporaryDirectory() as scratch:
        cold, ruleset = _timed(lambda: load_rules([folder], cache=Path(scratch)))
        started = time.process_time()
        ruleset = load_rules([folder], cache=Path(scratch))
        loaded = time.process_time() - started
    if not ruleset.rules:
        raise AppError(f"no Sigma rules in {folder}; name a folder with --data")
    matcher = SigmaMatcher(ruleset)
    first = [_first_rows(batch) for batch in windows_batches(700, 100, seed=1)]
    started = time.process_time()
    for batch in first:
        matcher(batch)
    indexed = time.process_time() - started
    phases, matches = _measure(matcher, windows_batches(events, BATCH_ROWS))
    total = sum(phases.values())
    rate = events / total
    return {
        "events": events,
        "rules": len(ruleset.rules),
        "rules_not_loaded": len(ruleset.problems),
        "windows_rules": len(_windows(ruleset)),
        "matches": matches,
        "events_per_cpu_second": round(rate),
        "microseconds_per_event": {
            name: round(seconds / events * 1e6, 2) for name, seconds in phases.items()
        },
        "cold_load_cpu_seconds": round(cold, 2),
        "warm_load_cpu_seconds": round(loaded, 2),
        "index_cpu_seconds": round(indexed, 2),
        "peak_megabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "peer": _peer(folder, ruleset, rate),
    }


def _rules(data: Path | None) -> Path:
    folder = data or Path(os.environ.get("NOROSHI_SHARED_DATA", "../shared/data"))
    inside = folder / "logs" / "sigma-rules"
    return inside if inside.is_dir() else folder


def _timed(work: Any) -> tuple[float, Any]:
    started = time.process_time()
    result = work()
    return time.process_time() - started, result


def _first_rows(batch: EventBatch) -> EventBatch:
    return EventBatch(
        batch.event_class, batch.log_source, batch.events.slice(0, 100), batch.native.slice(0, 100)
    )


def _windows(ruleset: RuleSet) -> list[Rule]:
    return [rule for rule in ruleset.rules if rule.source.product == "windows"]


def _measure(matcher: SigmaMatcher, batches: Iterable[EventBatch]) -> tuple[dict[str, float], int]:
    """CPU-seconds by phase, and the number of matches; making the events is not counted."""
    phases = {"search": 0.0, "decide": 0.0, "output": 0.0}
    matches = 0
    for batch in batches:
        moments = [time.process_time()]
        columns = Columns(batch)
        candidates = list(matcher.bucket(batch.log_source).candidates(columns))
        moments.append(time.process_time())
        hits = list(matcher.decide(columns, candidates))
        moments.append(time.process_time())
        if hits:
            matches += matcher.table(batch, columns, hits).num_rows
        moments.append(time.process_time())
        for name, begin, end in zip(phases, moments, moments[1:], strict=False):
            phases[name] += end - begin
    return phases, matches


def _peer(folder: Path, ruleset: RuleSet, rate: float) -> dict[str, Any]:
    """Rate of pySigma's SQLite backend, rules converted beforehand."""
    try:
        backend = importlib.import_module("sigma.backends.sqlite").sqliteBackend()
    except ImportError:
        return {"name": "pySigma-backend-sqlite", "note": "not installed"}
    queries = _queries(folder, backend)
    database = _database(windows_batches(PEER_EVENTS, PEER_EVENTS))
    seconds, asked = _timed(lambda: sum(_ask(database, query) for query in queries))
    all_rules = len(_windows(ruleset))
    events_per_second = PEER_EVENTS / (seconds / asked * all_rules)
    return {
        "name": "pySigma-backend-sqlite",
        "rules_asked": asked,
        "events": PEER_EVENTS,
        "events_per_cpu_second": round(events_per_second),
        "ratio": round(rate / events_per_second, 1),
    }


def _queries(folder: Path, backend: Any) -> list[str]:
    from sigma.collection import SigmaCollection
    from sigma.exceptions import SigmaError

    found: list[str] = []
    for path in list(rule_files([folder]))[::PEER_EVERY]:
        try:
            collection = SigmaCollection.from_yaml(path.read_text("utf-8"))
            if collection.rules and "windows" in str(path):
                found += backend.convert(collection)
        except SigmaError:
            continue
    return found


def _database(batches: Iterable[EventBatch]) -> sqlite3.Connection:
    tables = [pa.Table.from_batches([batch.native]) for batch in batches]
    table = pa.concat_tables(tables, promote_options="default")
    database = sqlite3.connect(":memory:")
    columns = ", ".join(f'"{name}" TEXT COLLATE NOCASE' for name in table.column_names)
    database.execute(f"CREATE TABLE logs ({columns})")
    marks = ", ".join("?" * table.num_columns)
    rows = zip(*(column.to_pylist() for column in table.columns), strict=True)
    database.executemany(f"INSERT INTO logs VALUES ({marks})", rows)  # noqa: S608 - our own names
    return database


def _ask(database: sqlite3.Connection, query: str) -> int:
    """Run a query and return 1; 0 if it asks for a field that no event has, which costs nothing."""
    try:
        database.execute(query).fetchall()
    except sqlite3.OperationalError:
        return 0
    return 1
