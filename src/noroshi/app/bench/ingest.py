"""EVTX to findings: parsing, columns, rules, lake, findings; where the time goes.

Real EVTX files are read several times over, those of a pass as one source and its events put into
one day, as one host's log of a day would be: the samples are hundreds of tiny files over ten years,
and would show what opening files and days costs. From the second pass on, every longer value of a
record is made another one, so that no cache of values is flattered; the time this takes is left out
of the figures.
"""

from __future__ import annotations

import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import evtx
import pyarrow as pa

from noroshi.collect import BadRecord, Collector, Evidence, Record
from noroshi.collect.evtx import read_evtx
from noroshi.collect.intake import Tap, ingest
from noroshi.detect import sigma
from noroshi.detect.sigma import SigmaMatcher, load_rules
from noroshi.lake import Lake
from noroshi.model import EventBatch

PASSES = 12
_KEPT = frozenset({"Channel", "Computer", "Provider_Name", "UtcTime", "TimeCreated", "EventType"})
_DAY = 1_775_000_000_000_000
_T = TypeVar("_T")


def run(data: Path | None = None, passes: int = PASSES) -> dict[str, Any]:
    """Measure and return figures by name; times are CPU-seconds of this process.

    Args:
        data: folder of the real data sets; by default the variable ``NOROSHI_SHARED_DATA``.
        passes: how often the files are read.

    Raises:
        FileNotFoundError: the data is not there.
    """
    logs = (data or Path(os.environ.get("NOROSHI_SHARED_DATA", "../shared/data"))) / "logs"
    files = sorted((logs / "evtx-attack-samples").rglob("*.evtx"))
    if not files:
        raise FileNotFoundError(f"no EVTX under {logs}; name the data folder with --data")
    with tempfile.TemporaryDirectory() as folder:
        return _measured(files, [logs / "sigma-rules"], passes, Path(folder))


def _measured(files: list[Path], rules: list[Path], passes: int, folder: Path) -> dict[str, Any]:
    cold, ruleset = _timed(lambda: load_rules(rules, cache=folder / "cache"))
    warm, ruleset = _timed(lambda: load_rules(rules, cache=folder / "cache"))
    raw, count = _timed(lambda: sum(1 for file in files for _ in _raw(file)))
    clock = _Clock()
    matcher = SigmaMatcher(ruleset)
    tap = _timed_tap(clock, matcher)
    evidence = _sources(passes, folder / "evidence")
    lake = _TimedLake(folder / "lake", clock)
    reader = Collector("evtx", lambda _: 100, _reader(files, clock))
    whole, progress = _timed(
        lambda: ingest([evidence], lake, folder / "intake", [tap], chooser=lambda _: reader)
    )
    matches = lake.table("matches").sort_by([("time", "ascending")])
    finding, findings = _timed(lambda: list(sigma.findings(matches, ruleset)))
    counted = whole + finding - clock.spent["mutation"]
    rest = counted - finding - clock.spent["rules"] - clock.spent["lake"] - clock.spent["parsing"]
    return {
        "events": progress.events,
        "bytes": sum(file.stat().st_size for file in files) * passes,
        "rules": len(ruleset.rules),
        "matches": progress.matches,
        "findings": len(findings),
        "evtx_to_findings_events_per_cpu_second": progress.events / counted,
        "parser_alone_events_per_cpu_second": count / raw,
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "rules_load_cold_cpu_seconds": cold,
        "rules_load_warm_cpu_seconds": warm,
        "cpu_seconds": {
            "parsing_and_flattening": clock.spent["parsing"],
            "rules": clock.spent["rules"],
            "lake": clock.spent["lake"],
            "findings": finding,
            "columns_and_the_rest": rest,
            "making_values_differ_not_counted": clock.spent["mutation"],
        },
    }


def _raw(file: Path) -> Iterator[dict[str, Any]]:
    yield from evtx.PyEvtxParser(str(file)).records_json()


def _sources(passes: int, folder: Path) -> Path:
    """One small file per pass, to be taken for a log."""
    folder.mkdir()
    for number in range(passes):
        (folder / f"{number:03d}.evtx").write_text(f"pass {number}")
    return folder


class _Clock:
    """CPU-seconds by what they were spent on."""

    def __init__(self) -> None:
        self.spent = {"parsing": 0.0, "mutation": 0.0, "rules": 0.0, "lake": 0.0}

    @contextmanager
    def on(self, name: str) -> Iterator[None]:
        start = time.process_time()
        try:
            yield
        finally:
            self.spent[name] += time.process_time() - start


class _TimedLake(Lake):
    def __init__(self, folder: Path, clock: _Clock) -> None:
        super().__init__(folder)
        self._clock = clock

    def append(self, name: str, rows: pa.Table, positions: Mapping[str, int] | None = None) -> None:
        with self._clock.on("lake"):
            super().append(name, rows, positions)


def _timed_tap(clock: _Clock, matcher: SigmaMatcher) -> Tap:
    def tap(batch: EventBatch) -> pa.Table:
        with clock.on("rules"):
            return matcher(batch)

    return tap


def _reader(files: list[Path], clock: _Clock) -> Callable[[Evidence], Iterator[Record | BadRecord]]:
    def read(evidence: Evidence) -> Iterator[Record | BadRecord]:
        number = int(Path(evidence.name).stem)
        for file in files:
            with clock.on("parsing"):
                records = list(read_evtx(_evidence(file)))
            with clock.on("mutation"):
                changed = [_changed(record, number) for record in records]
            yield from changed

    return read


def _evidence(file: Path) -> Evidence:
    return Evidence(str(file), lambda: file.open("rb"), file)


def _changed(record: Record | BadRecord, number: int) -> Record | BadRecord:
    if isinstance(record, BadRecord):
        return record
    fields = record.fields
    if number:
        fields = {
            name: f"{value} {number:x}"
            if isinstance(value, str) and len(value) > 12 and name not in _KEPT
            else value
            for name, value in fields.items()
        }
    return record._replace(fields=fields, time=_DAY + number)


def _timed(function: Callable[[], _T]) -> tuple[float, _T]:
    start = time.process_time()
    result = function()
    return time.process_time() - start, result
