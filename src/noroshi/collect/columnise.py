"""Records to event batches: rows become columns, native fields become OCSF columns."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from noroshi.collect.mapping import Fields
from noroshi.collect.record import Record, Value
from noroshi.collect.shape import Shape
from noroshi.model import EventBatch

MAX_COLUMNS = 1024
DAY_MICROSECONDS = 86_400_000_000


@dataclass
class Bucket:
    """Records of one shape that wait to become a batch, grouped by which fields they have."""

    shape: Shape
    variants: dict[tuple[str, ...], list[Row]] = field(default_factory=dict)

    def add(self, record: Record, source: int, sequence: int) -> None:
        """Keep one record; ``source`` is its index in the flush's list of sources."""
        fields = record.fields
        key = tuple(fields)
        row = (source, sequence, record.time, tuple(fields.values()))
        rows = self.variants.get(key)
        if rows is None:
            self.variants[key] = [row]
        else:
            rows.append(row)


Row = tuple[int, int, int | None, tuple[Value, ...]]


def batches(bucket: Bucket, source_ids: Sequence[str]) -> Iterator[EventBatch]:
    """Turn a bucket into batches, as few as its widths allow.

    Records with other fields share a batch (what one lacks is null) unless together they would
    need more than :data:`MAX_COLUMNS` columns.
    """
    group: list[tuple[tuple[str, ...], list[Row]]] = []
    names: dict[str, None] = {}
    for key, rows in bucket.variants.items():
        width = len(names.keys() | set(key))
        if group and width > MAX_COLUMNS:
            yield _batch(bucket.shape, group, list(names), source_ids)
            group, names = [], {}
        group.append((key, rows))
        names.update(dict.fromkeys(key))
    if group:
        yield _batch(bucket.shape, group, list(names), source_ids)


def _batch(
    shape: Shape,
    group: Sequence[tuple[tuple[str, ...], list[Row]]],
    names: Sequence[str],
    source_ids: Sequence[str],
) -> EventBatch:
    columns: dict[str, list[pa.Array]] = {name: [] for name in names}
    lists: dict[str, dict[int, pa.Array]] = {}
    for number, (key, rows) in enumerate(group):
        values = dict(zip(key, zip(*(row[3] for row in rows), strict=True), strict=True))
        for name in names:
            single, several = _native(values[name]) if name in values else (None, None)
            columns[name].append(pa.nulls(len(rows), pa.string()) if single is None else single)
            if several is not None:
                lists.setdefault(name + "[]", {})[number] = several
    sizes = [len(rows) for _, rows in group]
    native = {name: _joined(parts, pa.string()) for name, parts in columns.items()}
    for name, found in lists.items():
        parts = [
            found.get(i, pa.nulls(size, pa.list_(pa.string()))) for i, size in enumerate(sizes)
        ]
        native[name] = _joined(parts, pa.list_(pa.string()))
        single_name = name.removesuffix("[]")
        if native[single_name].null_count == len(native[single_name]):
            del native[single_name]
    rows = [row for _, rows in group for row in rows]
    record_batch = pa.RecordBatch.from_pydict(native) if native else _no_columns(len(rows))
    return _events(shape, rows, record_batch, source_ids)


def _joined(parts: Sequence[pa.Array], kind: pa.DataType) -> pa.Array:
    return parts[0] if len(parts) == 1 else pa.concat_arrays([part.cast(kind) for part in parts])


def _no_columns(rows: int) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict({"_": pa.nulls(rows, pa.string())})


def _native(values: tuple[Value, ...]) -> tuple[pa.Array | None, pa.Array | None]:
    """Return the single values as text and, where there are any, the lists."""
    # Most columns are text; to name the type is ten times faster than to let it be found out.
    with suppress(pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError):
        return pa.array(values, pa.string()), None
    with suppress(pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError, OverflowError):
        array = pa.array(values)
        if pa.types.is_integer(array.type) or pa.types.is_boolean(array.type):
            return array.cast(pa.string()), None
    single = [None if isinstance(value, list) else native_text(value) for value in values]
    if not any(isinstance(value, list) for value in values):
        return pa.array(single, pa.string()), None
    several = [
        [native_text(item) or "" for item in value] if isinstance(value, list) else None
        for value in values
    ]
    return pa.array(single, pa.string()), pa.array(several, pa.list_(pa.string()))


def native_text(value: Any) -> str | None:
    """Return the text under which a value is stored and matched.

    Booleans are ``true``/``false``, whole numbers decimal, fractions in their shortest form.
    """
    if value is None:
        return None
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value)


def _events(
    shape: Shape, rows: Sequence[Row], native: pa.RecordBatch, source_ids: Sequence[str]
) -> EventBatch:
    fields = Fields(native)
    count = len(rows)
    known = {name: expression(fields) for name, expression in shape.expressions.items()}
    time = _times(shape, rows, fields)
    source = pa.DictionaryArray.from_arrays(
        pa.array([row[0] for row in rows], pa.int32()), pa.array(source_ids)
    ).cast(pa.string())
    sequence = pa.array([row[1] for row in rows], pa.int64())
    log_source = shape.log_source
    known |= {
        "source_id": source,
        "event_id": pc.binary_join_element_wise(source, sequence.cast(pa.string()), ":"),
        "time": time,
        "day": _day(time),
        "class_uid": pa.repeat(pa.scalar(shape.event_class.uid, pa.int64()), count),
        "log_product": pa.repeat(log_source.product, count),
        "log_services": _repeat_list(log_source.services, count),
        "log_categories": _repeat_list(log_source.categories, count),
    }
    for column in shape.event_class.columns:
        if column.name.endswith("_hi"):
            known |= _address_integers(column.name.removesuffix("_hi"), known)
    schema = shape.event_class.schema
    schema = schema.remove(schema.get_field_index("native"))
    arrays = [
        known[name].cast(kind) if name in known else pa.nulls(count, kind)
        for name, kind in zip(schema.names, schema.types, strict=True)
    ]
    events = pa.RecordBatch.from_arrays(arrays, schema=schema)
    return EventBatch(shape.event_class, log_source, events, native)


def _times(shape: Shape, rows: Sequence[Row], fields: Fields) -> pa.Array:
    given = pa.array([row[2] for row in rows], pa.int64())
    if given.null_count:
        given = pc.coalesce(given, shape.time(fields))
    return pc.fill_null(given, 0)


def _day(time: pa.Array) -> pa.Array:
    """UTC day as text; times before 1970 or after 2199 count as undated."""
    days = np.floor_divide(time.to_numpy(zero_copy_only=False), DAY_MICROSECONDS)
    distinct, codes = np.unique(days, return_inverse=True)
    names = [
        str(np.datetime64(int(day), "D")) if 0 <= day < 84_000 else "1970-01-01" for day in distinct
    ]
    return pa.array(names, pa.string()).take(pa.array(codes.reshape(-1)))


def _repeat_list(values: Sequence[str], count: int) -> pa.Array:
    return pa.repeat(pa.scalar(list(values), pa.list_(pa.string())), count)


def _address_integers(name: str, known: Mapping[str, pa.Array]) -> dict[str, pa.Array]:
    if name not in known:
        return {}
    encoded = known[name].dictionary_encode()
    numbers = [address_integers(text) for text in encoded.dictionary.to_pylist()]
    parts = list(zip(*numbers, strict=True)) or [(), (), ()]
    return {
        name + suffix: pa.array(part, pa.int64()).take(encoded.indices)
        for suffix, part in zip(("_n", "_hi", "_lo"), parts, strict=True)
    }


def address_integers(text: str | None) -> tuple[int | None, int | None, int | None]:
    """Return (IPv4 as integer, upper and lower 64 bits of IPv6 as signed integers).

    An IPv4-mapped IPv6 address counts as IPv4; what is no address gives three nulls.
    """
    try:
        address = ipaddress.ip_address((text or "").partition("%")[0])
    except ValueError:
        return None, None, None
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is None:
            high, low = divmod(int(address), 2**64)
            return None, _signed(high), _signed(low)
        address = address.ipv4_mapped
    return int(address), None, None


def _signed(number: int) -> int:
    return number - 2**64 if number >= 2**63 else number


def to_table(batch: EventBatch) -> pa.Table:
    """Return the batch as rows of its class's table, native fields gathered into the map."""
    native = native_map(batch.native)
    schema = batch.event_class.schema
    return pa.Table.from_arrays([*batch.events.columns, native], schema=schema)


def native_map(native: pa.RecordBatch) -> pa.Array:
    """Gather columns into one ``map<string, string>`` per row; nulls are left out.

    Lists become JSON array text.
    """
    count, width = native.num_rows, native.num_columns
    texts = [_as_text(column) for column in native.columns]
    valid: npt.NDArray[np.bool_] = np.empty((count, width), bool)
    for index, column in enumerate(texts):
        valid[:, index] = column.is_valid().to_numpy(zero_copy_only=False)
    row_of, column_of = np.nonzero(valid)
    offsets = np.zeros(count + 1, np.int32)
    np.cumsum(valid.sum(axis=1), out=offsets[1:])
    keys = pa.array(native.schema.names).take(pa.array(column_of))
    items = pa.concat_arrays(texts).take(pa.array(column_of * count + row_of))
    return pa.MapArray.from_arrays(pa.array(offsets), keys, items)


def _as_text(column: pa.Array) -> pa.Array:
    if not pa.types.is_list(column.type):
        return column
    values = [None if item is None else orjson.dumps(item).decode() for item in column.to_pylist()]
    return pa.array(values, pa.string())
