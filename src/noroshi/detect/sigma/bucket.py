"""The rules of one log source, and which of them an event could match at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from noroshi.detect.sigma.columns import Column, Columns
from noroshi.detect.sigma.pivot import Pivot
from noroshi.detect.sigma.sieve import Sieve, build_sieve

Ints = npt.NDArray[np.int64]

_MOST_TEXTS = 1 << 24
"""More texts than a field can have: place and text number share one integer."""

_NOTHING: Ints = np.empty(0, np.int64)


@dataclass(frozen=True)
class Targets:
    """Rules that each of some texts points to, as offsets into one list."""

    starts: Ints
    rules: Ints

    @classmethod
    def of(cls, groups: Iterable[list[int]]) -> Targets:
        """Lay out the rules of each text."""
        lists = list(groups)
        starts = np.concatenate(([0], np.cumsum([len(group) for group in lists])))
        flat = [rule for group in lists for rule in group]
        return cls(starts.astype(np.int64), np.array(flat, np.int64))

    def pairs(self, rows: Ints, texts: Ints) -> tuple[Ints, Ints]:
        """Return (row, rule) for every (row, text)."""
        counts = self.starts[texts + 1] - self.starts[texts]
        total = int(counts.sum())
        first = np.repeat(
            self.starts[texts] - np.concatenate(([0], np.cumsum(counts)[:-1])), counts
        )
        return np.repeat(rows, counts), self.rules[first + np.arange(total)]


@dataclass(frozen=True)
class FieldIndex:
    """Pivots of one field."""

    whole: pa.Array
    whole_targets: Targets
    inside: tuple[str, ...]
    inside_targets: Targets
    pure: bool

    @cached_property
    def sieve(self) -> Sieve:
        """Built when first needed."""
        return build_sieve(self.inside, pure=self.pure)

    def candidates(self, column: Column) -> Iterator[tuple[Ints, Ints]]:
        """Yield (rows, rules) that a column's values point to."""
        values = column.flat_folded
        if len(self.whole):
            found = pc.index_in(values, value_set=self.whole)
            hits = pc.fill_null(found, -1).to_numpy(zero_copy_only=False).astype(np.int64)
            places = np.flatnonzero(hits >= 0)
            yield self.whole_targets.pairs(column.rows(places), hits[places])
        if self.inside:
            places, texts = _occurrences(values, self.sieve)
            yield self.inside_targets.pairs(column.rows(places), texts)


def _occurrences(values: pa.Array, sieve: Sieve) -> tuple[Ints, Ints]:
    """Return (place in the array, text number) of every hit, each once."""
    _validity, offset_buffer, data = values.buffers()
    if data is None or not len(values):
        return _NOTHING, _NOTHING
    offsets = np.frombuffer(offset_buffer, np.int32)[
        values.offset : values.offset + len(values) + 1
    ]
    run = np.frombuffer(data, np.uint8)[offsets[0] : offsets[-1]]
    found = [np.empty(0, np.int64)]
    for texts, ends in sieve.find(run):
        places = np.searchsorted(offsets, ends + int(offsets[0]), side="right") - 1
        found.append(np.unique(places * _MOST_TEXTS + texts))
    places, texts = np.divmod(np.unique(np.concatenate(found)), _MOST_TEXTS)
    return places, texts


class Bucket:
    """The rules that apply to one log source."""

    def __init__(
        self, rules: Iterable[tuple[int, tuple[Pivot, ...] | None]], *, pure: bool = False
    ) -> None:
        """Index rules, given as their numbers in the rule set and their pivots."""
        self._pure = pure
        self._always: list[int] = []
        by_field: dict[str, dict[Pivot, list[int]]] = {}
        for number, found in rules:
            if found is None:
                self._always.append(number)
                continue
            for pivot in found:
                by_field.setdefault(pivot.field, {}).setdefault(pivot, []).append(number)
        self._indexes = {name: self._index(found) for name, found in by_field.items()}

    def _index(self, found: dict[Pivot, list[int]]) -> FieldIndex:
        whole = [pivot for pivot in found if pivot.whole]
        inside = [pivot for pivot in found if not pivot.whole]
        return FieldIndex(
            whole=pa.array([pivot.text for pivot in whole], pa.string()),
            whole_targets=Targets.of(found[pivot] for pivot in whole),
            inside=tuple(pivot.text for pivot in inside),
            inside_targets=Targets.of(found[pivot] for pivot in inside),
            pure=self._pure,
        )

    def candidates(self, columns: Columns) -> Iterator[tuple[int, Ints]]:
        """Yield (rule number, rows worth a look), rules in no particular order."""
        everywhere = np.arange(columns.num_rows, dtype=np.int64)
        for number in self._always:
            yield number, everywhere
        rows, rules = self._pairs(columns)
        keys = np.unique(rules * max(columns.num_rows, 1) + rows)
        rules, rows = np.divmod(keys, max(columns.num_rows, 1))
        edges = np.flatnonzero(np.diff(rules)) + 1
        for group in np.split(np.arange(len(rules)), edges):
            if len(group):
                yield int(rules[group[0]]), rows[group]

    def _pairs(self, columns: Columns) -> tuple[Ints, Ints]:
        found = [(_NOTHING, _NOTHING)]
        for name, index in self._indexes.items():
            if name:
                column = columns[name]
                searched: tuple[Column, ...] = () if column is None else (column,)
            else:
                searched = tuple(column for _name, column in columns.searched())
            for column in searched:
                found.extend(index.candidates(column))
        rows, rules = zip(*found, strict=True)
        return np.concatenate(rows), np.concatenate(rules)
