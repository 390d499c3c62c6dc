"""Drill evidence: records a CPU-second with writing, memory, growth with people and days.

The peer's figure (EvidenceForge 1.12, about 590 records a CPU-second) was measured once on another
day and is given for comparison only. Days are made in this process, so its CPU time is all.
"""

from __future__ import annotations

import os
import resource
import tempfile
import time
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from noroshi.drill.generate import Plan, generate
from noroshi.drill.tells import tells

_PEER = 590
_STAFF, _DAYS = 100, 2
_FIRST = date(2026, 5, 20)


def run() -> dict[str, Any]:
    """Measure: the base size, twice the people, twice the days.

    ``NOROSHI_BENCH_STAFF`` and ``NOROSHI_BENCH_DAYS`` give another base size, e.g. 400 and 30.
    """
    staff = int(os.environ.get("NOROSHI_BENCH_STAFF", _STAFF))
    days = int(os.environ.get("NOROSHI_BENCH_DAYS", _DAYS))
    base = _measured(staff, days)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    people, longer = _measured(2 * staff, days), _measured(staff, 2 * days)
    rate = base["records"] / base["cpu_seconds"]
    return {
        "staff": staff,
        "days": days,
        **base,
        "records_per_cpu_second": rate,
        "bytes_per_record": base["bytes"] / base["records"],
        "peak_memory_mb": peak,
        "peak_memory_mb_twice_the_people": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        / 1024,
        "cost_a_record_with_twice_the_people": _cost(people) / _cost(base),
        "cost_a_record_with_twice_the_days": _cost(longer) / _cost(base),
        "peer_evidenceforge_records_per_cpu_second": _PEER,
        "times_peer": rate / _PEER,
        "story_told_by_artefacts": _tells(),
    }


def _tells() -> dict[str, Any] | None:
    """Return how well a classifier tells the story by artefacts alone; 0.5 is guessing.

    None where scikit-learn (the extra ``train``) is not installed.
    """
    return tells() if find_spec("sklearn") else None


def _measured(staff: int, days: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        begin = time.process_time()
        summary = generate(Plan(staff, _FIRST, days), Path(folder), workers=1)
        spent = time.process_time() - begin
    return {"records": summary.records, "bytes": summary.bytes, "cpu_seconds": spent}


def _cost(figures: dict[str, float]) -> float:
    return figures["cpu_seconds"] / figures["records"]
