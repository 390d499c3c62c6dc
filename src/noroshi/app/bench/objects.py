"""Growth of the object store: bytes, speed of taking in, and lookups, as it fills up."""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from noroshi.app.bench_stores import bytes_of
from noroshi.app.made_up.stix import made_up_indicators
from noroshi.collect.quiet import collector_held_back
from noroshi.intel.knowledge import Knowledge
from noroshi.intel.objects import Clearance, ObjectStore, Provenance

SIZES = (1_000_000, 3_000_000, 10_000_000)
_PART = 20_000
_LOOKUPS = 2_000
_SOURCE = Provenance("bench", 0, "bench")
_STEP = 7_919
"""A prime far from any page size: lookups are spread over the whole store."""


def run(
    sizes: Sequence[int] = SIZES, folder: Path | None = None, location: str = ""
) -> dict[str, Any]:
    """Fill a store to each size in turn and measure it there; nothing is extrapolated.

    Args:
        sizes: how many indicators, growing.
        folder: where to put the store; a temporary folder if None.
        location: a ``postgresql://`` URL in the place of a file.
    """
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        file = Path(scratch) / "knowledge.sqlite"
        with Knowledge(location or file) as knowledge:
            return _grown(ObjectStore(knowledge), sizes, lambda: bytes_of(knowledge, file.parent))


def _grown(store: ObjectStore, sizes: Sequence[int], size_of: Callable[[], int]) -> dict[str, Any]:
    items, count = made_up_indicators(max(sizes)), 0
    result: dict[str, Any] = {}
    for size in sizes:
        spent = _fill(store, islice(items, size - count))
        result[f"{size:,}"] = {
            "objects_per_cpu_second": (size - count) / spent,
            "bytes_per_object": size_of() / size,
            "gigabytes": size_of() / 1e9,
            "lookup_by_value": _lookups(size, lambda number: _by_value(store, number)),
            "lookup_by_id": _lookups(size, lambda number: _by_id(store, number)),
        }
        count = size
        sys.stderr.write(f"{size:,}: {result[f'{size:,}']}\n")
    result["peak_megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return result


def _fill(store: ObjectStore, items: Iterator[dict[str, Any]]) -> float:
    """Add objects part by part; return CPU-seconds, making them up not counted."""
    spent = 0.0
    with collector_held_back():
        while part := list(islice(items, _PART)):
            begin = time.process_time()
            store.add(part, _SOURCE)
            spent += time.process_time() - begin
    return spent


def _lookups(size: int, look: Callable[[int], bool]) -> dict[str, float]:
    """Return milliseconds of CPU and by the clock, the mean and the 99th percentile."""
    taken: list[float] = []
    begin = time.process_time()
    for number in range(_LOOKUPS):
        start = time.perf_counter()
        if not look(number * _STEP % size):
            raise AssertionError(number)
        taken.append(time.perf_counter() - start)
    return {
        "cpu_milliseconds": (time.process_time() - begin) / _LOOKUPS * 1000,
        "clock_milliseconds_p50": sorted(taken)[_LOOKUPS // 2] * 1000,
        "clock_milliseconds_p99": sorted(taken)[_LOOKUPS * 99 // 100] * 1000,
    }


def _by_value(store: ObjectStore, number: int) -> bool:
    return bool(store.naming(f"host{number}.example", Clearance.everything(), 1))


def _by_id(store: ObjectStore, number: int) -> bool:
    item = next(made_up_indicators(1, first=number))
    return store.get(item["id"], Clearance.everything()) is not None
