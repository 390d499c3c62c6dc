"""Batches of events made from plain records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import pyarrow as pa

from noroshi.model import EVENT_CLASSES, EventBatch, LogSource

Record: TypeAlias = "Mapping[str, str | list[str] | None]"

SOURCE = LogSource("windows", ("sysmon",), ("process_creation",))


def batch_of(
    records: Sequence[Record],
    source: LogSource = SOURCE,
    *,
    class_name: str = "generic",
    columns: Mapping[str, Sequence[Any]] | None = None,
) -> EventBatch:
    """Return a batch with the records' fields as native columns.

    Args:
        records: one per event.
        source: their log source.
        class_name: their event class.
        columns: OCSF columns that are not null.
    """
    count = len(records)
    event_class = EVENT_CLASSES[class_name]
    known: dict[str, Sequence[Any]] = {
        "event_id": [f"{'0' * 32}:{number}" for number in range(count)],
        "source_id": ["0" * 32] * count,
        "time": [1_700_000_000_000_000 + number * 1_000_000 for number in range(count)],
        "day": ["2023-11-14"] * count,
        **(columns or {}),
    }
    events = {
        column.name: pa.array(known[column.name], column.kind.arrow)
        if column.name in known
        else pa.nulls(count, column.kind.arrow)
        for column in event_class.columns[:-1]
    }
    names = dict.fromkeys(name for record in records for name in record)
    native = pa.RecordBatch.from_arrays(
        [_column([record.get(name) for record in records]) for name in names], names=list(names)
    )
    if not names:
        native = pa.RecordBatch.from_pydict({"empty": pa.nulls(count, pa.string())})
    return EventBatch(event_class, source, pa.RecordBatch.from_pydict(events), native)


def _column(values: list[str | list[str] | None]) -> pa.Array:
    if any(isinstance(value, list) for value in values):
        rows = [[value] if isinstance(value, str) else value for value in values]
        return pa.array(rows, pa.list_(pa.string()))
    return pa.array(values, pa.string())
