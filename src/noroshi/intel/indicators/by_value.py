"""Every indicator of a store, one value at a time, with what all sources say about it.

The segments are sorted alike, so that they are merged as they are read: however many indicators
there are, only a few rows of each segment are in memory. Pages of a mapped file count as the
process's own once they were read, so those that were passed are given back.
"""

from __future__ import annotations

import heapq
import mmap
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow as pa

from noroshi.intel.indicators.indicator import Indicator, IndicatorType

_ROWS = 1_000
_KEPT = 50
"""Times so many rows before passed pages are given back."""
_Row = tuple[str, int, int, dict[str, Any]]


def by_value(segments: Sequence[Path]) -> Iterator[list[Indicator]]:
    """Return what the sources say about each value, by source; values in a fixed order.

    Args:
        segments: files, newest first; of two rows with the same type, value and source the newer
            counts.
    """
    # Here and not at the first value: segments may be joined into one in between.
    return _merged([_mapped(path) for path in segments])


def _merged(maps: Sequence[mmap.mmap]) -> Iterator[list[Indicator]]:
    rows = heapq.merge(*(_rows(data, age) for age, data in enumerate(maps)), key=_order)
    for _, same_hash in groupby(rows, key=lambda row: row[:2]):
        values: dict[str, dict[str, Indicator]] = {}
        for _, _, _, row in same_hash:
            sources = values.setdefault(row["value"], {})
            if row["source"] not in sources:
                sources[row["source"]] = indicator_of(row)
        for value in sorted(values):
            yield [values[value][source] for source in sorted(values[value])]


def indicator_of(row: dict[str, Any]) -> Indicator:
    """Return the indicator that a stored row holds."""
    return Indicator(
        IndicatorType(row["type"]),
        row["value"],
        row["source"],
        row["valid_from"],
        row["valid_until"],
        row["confidence"],
        tuple(row["labels"]),
        row["description"],
        row["tlp"],
    )


def _mapped(path: Path) -> mmap.mmap:
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _rows(data: mmap.mmap, age: int) -> Iterator[_Row]:
    table = pa.ipc.open_file(pa.py_buffer(data)).read_all()
    for at, batch in enumerate(table.to_batches(max_chunksize=_ROWS), 1):
        for row in batch.to_pylist():
            yield row["type"], row["hash"], age, row
        if at % _KEPT == 0 and hasattr(mmap, "MADV_DONTNEED"):
            data.madvise(mmap.MADV_DONTNEED)


def _order(row: _Row) -> tuple[str, int, int]:
    return row[:3]
