"""Indicators at rest, laid out for matching: memory-mapped segments sorted by type and hash."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pyarrow as pa

from noroshi.intel.indicators.by_value import by_value, indicator_of
from noroshi.intel.indicators.imported import Imported
from noroshi.intel.indicators.indicator import Indicator, IndicatorType
from noroshi.intel.indicators.read import read_indicators
from noroshi.intel.indicators.sieve import Sieve
from noroshi.intel.indicators.text_hash import Hashes, hash_texts

SCHEMA = pa.schema(
    [
        ("type", pa.string()),
        ("value", pa.string()),
        ("source", pa.string()),
        ("valid_from", pa.int64()),
        ("valid_until", pa.int64()),
        ("confidence", pa.int64()),
        ("labels", pa.list_(pa.string())),
        ("description", pa.string()),
        ("tlp", pa.string()),
        ("hash", pa.uint64()),
    ]
)
MAX_SEGMENTS = 8
"""More segments than that are joined into one when the next is added."""
Watcher: TypeAlias = Callable[[Sequence[Indicator]], None]
"""Sees indicators as they come in."""

_KEY = ["type", "value", "source"]
_CHUNK = 100_000


@dataclass(frozen=True)
class Segment:
    """One file of indicators."""

    rows: pa.Table
    ranges: dict[str, tuple[int, int]]

    @classmethod
    def open(cls, path: Path) -> Segment:
        """Map a segment; nothing is read before it is asked for."""
        rows = pa.ipc.open_file(pa.memory_map(str(path))).read_all()
        ranges = json.loads((rows.schema.metadata or {}).get(b"ranges", b"{}"))
        return cls(rows, {kind: (first, last) for kind, (first, last) in ranges.items()})

    @classmethod
    def of(cls, indicators: Iterable[Indicator]) -> Segment:
        """Lay out indicators in memory, not at rest."""
        rows = _sorted(_table(indicators))
        ranges = json.loads(rows.schema.metadata[b"ranges"])
        return cls(rows, {kind: (first, last) for kind, (first, last) in ranges.items()})

    @cached_property
    def _hashes(self) -> Hashes:
        column = self.rows["hash"].combine_chunks()
        array = column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
        return np.asarray(array.to_numpy(zero_copy_only=False), np.uint64)

    @cached_property
    def _sieves(self) -> dict[str, Sieve]:
        return {}

    def find(self, kind: str, hashes: Hashes) -> Iterator[tuple[int, int]]:
        """Yield (position of the query, row) wherever a hash occurs among values of a kind."""
        first, last = self.ranges.get(kind, (0, 0))
        if first == last or not hashes.size:
            return
        own = self._hashes[first:last]
        sieve = self._sieves.get(kind) or self._sieves.setdefault(kind, Sieve(own))
        possible = np.flatnonzero(sieve.may_hold(hashes))
        at = np.searchsorted(own, hashes[possible])
        inside = at < own.size
        hits = np.flatnonzero(own[np.where(inside, at, 0)] == hashes[possible])
        for hit in hits[inside[hits]]:
            row, query = int(at[hit]), int(possible[hit])
            while row < own.size and own[row] == hashes[query]:
                yield query, first + row
                row += 1


class IndicatorStore:
    """The indicators of one workspace.

    Args:
        folder: where they lie.
        watchers: are shown what comes in, before it is stored: a notification too many is better
            than one too few.
    """

    def __init__(self, folder: Path, watchers: Sequence[Watcher] = ()) -> None:
        self.folder = folder
        self._watchers = watchers
        self._opened: dict[Path, Segment] = {}

    def add(self, indicators: Iterable[Indicator], *, told: bool = False) -> int:
        """Add indicators; one that is there already (same id) is replaced. Return how many.

        Args:
            indicators: what to add.
            told: whether the watchers know of them already, as objects of the knowledge store.
        """
        table = _table(indicators, () if told else self._watchers)
        if not table.num_rows:
            return 0
        with self._locked():
            paths = self._paths()
            if len(paths) >= MAX_SEGMENTS:
                older = [Segment.open(path).rows for path in paths]
                self._write(_newest(pa.concat_tables([*older, table])), len(paths) + 1)
                for path in paths:
                    path.unlink()
            else:
                self._write(table, self._next_number(paths))
        return int(table.num_rows)

    def remove(self, keys: Set[tuple[IndicatorType, str, str]]) -> int:
        """Remove indicators, each given by type, value and source; return how many went.

        All segments become one: a process that has them open notices, since their names change.
        """
        if not keys:
            return 0
        columns = [[key[place] for key in sorted(keys)] for place in range(3)]
        gone = pa.table(dict(zip(_KEY, columns, strict=True)))
        with self._locked():
            paths = self._paths()
            if not paths:
                return 0
            table = _newest(pa.concat_tables([Segment.open(path).rows for path in paths]))
            numbered = table.select(_KEY).append_column("row", pa.array(np.arange(table.num_rows)))
            kept = numbered.join(gone, _KEY, join_type="left anti")["row"].sort()
            if len(kept) == table.num_rows:
                return 0
            self._write(table.take(kept), self._next_number(paths))
            for path in paths:
                path.unlink()
        return int(table.num_rows - len(kept))

    def add_file(self, path: Path, source: str = "", *, told: bool = False) -> Imported:
        """Import a file of any known format; see :func:`read_indicators` and :meth:`add`."""
        found = read_indicators(path, source)
        self.add(found.indicators, told=told)
        return found

    def segments(self) -> list[Segment]:
        """Return the segments, newest first."""
        paths = self._paths()
        self._opened = {path: self._opened.get(path) or Segment.open(path) for path in paths}
        return [self._opened[path] for path in reversed(paths)]

    def search(self, contains: str = "", limit: int = 1000) -> list[Indicator]:
        """Return indicators whose value contains a text, newest import first, each once."""
        found: dict[str, Indicator] = {}
        for segment in self.segments():
            for batch in segment.rows.to_batches(65_536):
                values = batch.column(1).to_pylist()
                for row in [at for at, value in enumerate(values) if contains in value]:
                    indicator = indicator_of(batch.slice(row, 1).to_pylist()[0])
                    found.setdefault(indicator.id, indicator)
                    if len(found) >= limit:
                        return list(found.values())
        return list(found.values())

    def about(self, kind: IndicatorType, value: str) -> list[Indicator]:
        """Return what every source says about a normalised value, by source."""
        hashes = hash_texts(pa.array([value]))
        found: dict[str, Indicator] = {}
        for segment in self.segments():
            for _, row in segment.find(kind.value, hashes):
                indicator = indicator_of(segment.rows.slice(row, 1).to_pylist()[0])
                if indicator.value == value:
                    found.setdefault(indicator.source, indicator)
        return [found[source] for source in sorted(found)]

    def by_value(self) -> Iterator[list[Indicator]]:
        """Yield what all sources say about each value, by source, in a fixed order."""
        return by_value(self._paths()[::-1])

    def count(self) -> int:
        """Return how many rows the segments hold."""
        return sum(int(segment.rows.num_rows) for segment in self.segments())

    def _paths(self) -> list[Path]:
        return sorted(self.folder.glob("[0-9]*.arrow")) if self.folder.is_dir() else []

    def _next_number(self, paths: Sequence[Path]) -> int:
        return int(paths[-1].stem) + 1 if paths else 1

    def _write(self, table: pa.Table, number: int) -> None:
        number = max(number, self._next_number(self._paths()))
        partial = self.folder / "incoming.partial"
        with pa.OSFile(str(partial), "wb") as sink:
            sorted_table = _sorted(table)
            with pa.ipc.new_file(sink, sorted_table.schema) as writer:
                writer.write_table(sorted_table, max_chunksize=max(sorted_table.num_rows, 1))
        partial.rename(self.folder / f"{number:08d}.arrow")

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.folder / "store.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _table(indicators: Iterable[Indicator], watchers: Sequence[Watcher] = ()) -> pa.Table:
    given = iter(indicators)
    parts = [_part([])]
    while chunk := list(islice(given, _CHUNK)):
        for watcher in watchers:
            watcher(chunk)
        parts.append(_part(chunk))
    return _newest(pa.concat_tables(parts))


def _part(indicators: Sequence[Indicator]) -> pa.Table:
    columns = {
        name: [getattr(item, name) for item in indicators]
        for name in SCHEMA.names
        if name != "hash"
    }
    table = pa.table(columns, pa.schema([field for field in SCHEMA if field.name != "hash"]))
    hashes = hash_texts(table["value"].combine_chunks())
    return table.append_column("hash", pa.array(hashes, pa.uint64()))


def _newest(table: pa.Table) -> pa.Table:
    """Keep the last row of each id, in the table's order."""
    numbered = table.select(_KEY).append_column("row", pa.array(np.arange(table.num_rows)))
    last = numbered.group_by(_KEY).aggregate([("row", "max")])["row_max"]
    if len(last) == table.num_rows:
        return table
    return table.take(last.sort())


def _sorted(table: pa.Table) -> pa.Table:
    table = table.sort_by([("type", "ascending"), ("hash", "ascending")]).combine_chunks()
    kinds = table["type"].to_numpy(zero_copy_only=False)
    ranges = {}
    for kind in IndicatorType:
        first, last = (
            np.searchsorted(kinds, kind.value, "left"),
            np.searchsorted(kinds, kind.value, "right"),
        )
        ranges[kind.value] = (int(first), int(last))
    return table.replace_schema_metadata({"ranges": json.dumps(ranges)})
