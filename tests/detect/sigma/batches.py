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
    arrays: dict[str, pa.Array] = {}
    for name in names:
        arrays |= _columns(name, [record.get(name) for record in records])
    native = pa.RecordBatch.from_pydict(arrays or {"_": pa.nulls(count, pa.string())})
    return EventBatch(event_class, source, pa.RecordBatch.from_pydict(events), native)


def _columns(name: str, values: list[str | list[str] | None]) -> dict[str, pa.Array]:
    """Native columns as the intake makes them: rows with several values stand apart."""
    lists = [value if isinstance(value, list) else None for value in values]
    single = [value if isinstance(value, str) else None for value in values]
    columns: dict[str, pa.Array] = {}
    if any(value is not None for value in lists):
        columns[name + "[]"] = pa.array(lists, pa.list_(pa.string()))
    if not columns or any(value is not None for value in single):
        columns[name] = pa.array(single, pa.string())
    return columns
