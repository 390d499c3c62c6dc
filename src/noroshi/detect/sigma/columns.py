"""A batch's columns as the rules see them: text, raw and folded, by Sigma field name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from noroshi.detect.sigma.fold import fold_array
from noroshi.detect.sigma.taxonomy import Joined, sources
from noroshi.model import EventBatch

Ints = npt.NDArray[np.int64]
Value: TypeAlias = "str | list[str] | None"
"""A row's value of a field: text, several texts, or nothing."""

SEVERAL = "[]"
"""Ends the name of a native column that holds the rows of a field with several values."""

MESSAGE = "message"
"""OCSF column that keyword rules search besides every native field."""


@dataclass(frozen=True)
class Column:
    """Text of one field, one row per event.

    Attributes:
        text: ``string`` or ``list<string>`` array, valid UTF-8 throughout.
    """

    text: pa.Array

    @property
    def is_list(self) -> bool:
        """Rows may hold several values."""
        return bool(pa.types.is_list(self.text.type))

    @cached_property
    def flat(self) -> pa.Array:
        """Every single value, raw."""
        return self.text.flatten() if self.is_list else self.text

    @cached_property
    def flat_folded(self) -> pa.Array:
        """Every single value, folded."""
        return fold_array(self.flat)

    @cached_property
    def folded(self) -> pa.Array:
        """The rows, folded."""
        if not self.is_list:
            return self.flat_folded
        lengths = pc.fill_null(pc.list_value_length(self.text), 0)
        ends = np.cumsum(lengths.to_numpy(zero_copy_only=False), dtype=np.int32)
        offsets = pa.array(np.concatenate(([0], ends)), pa.int32())
        return pa.ListArray.from_arrays(offsets, self.flat_folded, mask=pc.is_null(self.text))

    @cached_property
    def row_of_value(self) -> Ints | None:
        """Row of each single value; None where there is exactly one a row."""
        if not self.is_list:
            return None
        return np.asarray(pc.list_parent_indices(self.text), np.int64)

    def rows(self, flat: Ints) -> Ints:
        """Return the rows that hold the given single values."""
        owners = self.row_of_value
        return flat if owners is None else owners[flat]


def _texts(array: pa.Array) -> pa.Array:
    """Return any column as ``string`` or ``list<string>``, repaired where it is not UTF-8."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        return _texts(array.dictionary_decode())
    if pa.types.is_list(kind):
        if pa.types.is_string(kind.value_type):
            return _valid(array)
        return array.cast(pa.list_(pa.string()))
    return _valid(array) if pa.types.is_string(kind) else array.cast(pa.string())


def _coalesced(first: pa.Array, second: pa.Array) -> pa.Array:
    """Return the first array, its nulls filled from the second."""
    if pa.types.is_list(first.type) != pa.types.is_list(second.type):
        first, second = _as_lists(first), _as_lists(second)
    return pc.coalesce(first, second)


def _as_lists(array: pa.Array) -> pa.Array:
    if pa.types.is_list(array.type):
        return array
    return pa.array(
        [None if value is None else [value] for value in array.to_pylist()], pa.list_(pa.string())
    )


def _valid(array: pa.Array) -> pa.Array:
    try:
        array.validate(full=True)
    except pa.ArrowInvalid:
        if pa.types.is_list(array.type):
            rows = array.cast(pa.list_(pa.binary())).to_pylist()
            fixed = [None if row is None else [_decoded(item) for item in row] for row in rows]
            return pa.array(fixed, pa.list_(pa.string()))
        return pa.array([_decoded(item) for item in array.cast(pa.binary()).to_pylist()])
    return array


def _decoded(value: bytes | None) -> str | None:
    return None if value is None else value.decode("utf-8", "replace")


class Columns:
    """The fields of one batch, found and prepared when first asked for."""

    def __init__(self, batch: EventBatch) -> None:
        self._batch = batch
        self._native = {name: i for i, name in enumerate(batch.native.schema.names)}
        self._events = {name: i for i, name in enumerate(batch.events.schema.names)}
        self._by_field: dict[str, Column | None] = {}
        self._by_source: dict[str | Joined, Column | None] = {}
        self.num_rows = batch.num_rows

    def __getitem__(self, field: str) -> Column | None:
        """Return a field's column, or None if no event of the batch can have the field."""
        if field not in self._by_field:
            self._by_field[field] = self._resolve(field)
        return self._by_field[field]

    def searched(self) -> Iterator[tuple[str, Column]]:
        """Yield what a keyword is searched in: every native field, and the message."""
        for name in dict.fromkeys(name.removesuffix(SEVERAL) for name in self._native):
            column = self[name]
            if column is not None:
                yield name, column
        if MESSAGE not in self._native:
            column = self._event(MESSAGE)
            if column is not None:
                yield MESSAGE, column

    def _resolve(self, field: str) -> Column | None:
        """Take each row's value from the first place that has one.

        Row by row, so that an event's value does not depend on which others share its batch.
        """
        found: pa.Array | None = None
        for array in self._places(field):
            found = array if found is None else _coalesced(found, array)
            if not found.null_count:
                break
        return None if found is None else Column(found)

    def _places(self, field: str) -> Iterator[pa.Array]:
        """Yield the arrays that may hold a field: native, by the taxonomy, by OCSF path."""
        for name in (field + SEVERAL, field):
            if name in self._native:
                yield _texts(self._batch.native.column(self._native[name]))
        for source in sources(field, self._batch.log_source.categories):
            column = self._joined(source) if isinstance(source, Joined) else self._event(source)
            if column is not None:
                yield column.text
        column = self._event(field.replace(".", "_"))
        if column is not None:
            yield column.text

    def _event(self, name: str) -> Column | None:
        if name not in self._by_source:
            index = self._events.get(name)
            array = None if index is None else self._batch.events.column(index)
            known = array is not None and array.null_count < len(array)
            self._by_source[name] = Column(_texts(array)) if known else None
        return self._by_source[name]

    def _joined(self, source: Joined) -> Column | None:
        """A field that the class keeps in two columns: the first is left out where it is null."""
        head, tail = self._event(source.head), self._event(source.tail)
        if head is None or tail is None:
            return tail
        prefix = pc.fill_null(pc.binary_join_element_wise(head.text, "", source.between), "")
        return Column(pc.binary_join_element_wise(prefix, tail.text, ""))


def values_at(array: pa.Array, rows: pa.Array) -> Sequence[Value]:
    """Return the values of some rows; absent elements of a list are dropped."""
    found: list[Value] = array.take(rows).to_pylist()
    if pa.types.is_list(array.type):
        return [
            [item for item in value if item is not None] if isinstance(value, list) else value
            for value in found
        ]
    return found
