"""Stored rows back to event batches: the native map becomes columns again."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from noroshi.model import EventBatch, EventClass, LogSource

MAX_COLUMNS = 1024
_LOG_SOURCE = ("log_product", "log_services", "log_categories", "metadata_event_code")


def event_batches(event_class: EventClass, rows: pa.RecordBatch) -> Iterator[EventBatch]:
    """Split stored rows by log source and give each group its native columns back."""
    group_of, count = _groups(rows)
    for group in range(count):
        chosen = rows.take(pa.array(np.flatnonzero(group_of == group)))
        native = chosen.column(chosen.schema.get_field_index("native"))
        events = chosen.drop_columns(["native"])
        log_source = LogSource(
            chosen["log_product"][0].as_py() or "",
            tuple(chosen["log_services"][0].as_py() or ()),
            tuple(chosen["log_categories"][0].as_py() or ()),
        )
        yield EventBatch(event_class, log_source, events, native_columns(native))


def native_columns(native: pa.MapArray) -> pa.RecordBatch:
    """Spread a map array into one column per key; a key that a row lacks is null there.

    Keys beyond :data:`MAX_COLUMNS` stay in the lake but are not spread.
    """
    count = len(native)
    offsets = native.offsets.to_numpy()
    row_of = np.repeat(np.arange(count), np.diff(offsets))
    start, end = int(offsets[0]), int(offsets[-1])
    keys = native.keys.slice(start, end - start).dictionary_encode()
    items = native.items.slice(start, end - start)
    codes = keys.indices.to_numpy()
    order = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[order], np.arange(len(keys.dictionary) + 1))
    columns: dict[str, pa.Array] = {}
    for code, name in enumerate(keys.dictionary.to_pylist()[:MAX_COLUMNS]):
        at = order[bounds[code] : bounds[code + 1]]
        place: npt.NDArray[np.int64] = np.full(count, -1)
        place[row_of[at]] = at
        values = items.take(pa.array(place, mask=place < 0))
        columns[name] = _lists(values) if name.endswith("[]") else values
    if not columns:
        columns["_"] = pa.nulls(count, pa.string())
    return pa.RecordBatch.from_pydict(columns)


def _groups(rows: pa.RecordBatch) -> tuple[npt.NDArray[np.int64], int]:
    """Number the rows by log source."""
    keys = pc.binary_join_element_wise(
        *(_as_text(rows[name]) for name in _LOG_SOURCE), "\x1f", null_handling="replace"
    )
    encoded = keys.dictionary_encode()
    return encoded.indices.to_numpy(), len(encoded.dictionary)


def _as_text(column: pa.Array) -> pa.Array:
    return pc.binary_join(column, ",") if pa.types.is_list(column.type) else column


def _lists(values: pa.Array) -> pa.Array:
    return pa.array(
        [None if value is None else orjson.loads(value) for value in values.to_pylist()],
        pa.list_(pa.string()),
    )
