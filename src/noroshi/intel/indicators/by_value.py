"""Every indicator of a store, one value at a time, with what all sources say about it.

The segments are sorted alike, so that they are merged as they are read: however many indicators
there are, only a few rows of each segment are in memory.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from noroshi.intel.indicators.indicator import Indicator, IndicatorType

if TYPE_CHECKING:
    from noroshi.intel.indicators.store import Segment

_ROWS = 1_000
_Row = tuple[str, int, int, dict[str, Any]]


def by_value(segments: Sequence[Segment]) -> Iterator[list[Indicator]]:
    """Yield what the sources say about each value, by source; values in a fixed order.

    Args:
        segments: newest first; of two rows with the same type, value and source the newer counts.
    """
    rows = heapq.merge(*(_rows(segment, age) for age, segment in enumerate(segments)), key=_order)
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


def _rows(segment: Segment, age: int) -> Iterator[_Row]:
    for batch in segment.rows.to_batches(max_chunksize=_ROWS):
        for row in batch.to_pylist():
            yield row["type"], row["hash"], age, row


def _order(row: _Row) -> tuple[str, int, int]:
    return row[:3]
