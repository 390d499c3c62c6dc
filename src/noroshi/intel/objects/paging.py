"""Pages: the next entries that a reader may see, bounded in number, bytes and rows looked at.

A page costs what its bounds say however much lies hidden before the next entry, and however large
the objects are: rows are fetched few at a time, and none is unpacked beyond the bound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

import sqlalchemy as sa

from noroshi.intel.objects import clock
from noroshi.intel.objects.gate import Gate
from noroshi.intel.objects.packing import size_of, unpack
from noroshi.intel.objects.record import MEDIA_TYPE, Bounds, Entry, Page

Query: TypeAlias = Callable[[int, int], sa.Select[Any]]
"""Gives the query of so many rows (second) after a number (first)."""

_CHUNK = 500
_FETCH = 20


def read_page(
    connection: sa.Connection, gate: Gate, query: Query, after: int, bounds: Bounds
) -> Page:
    """Return the next entries after a number."""
    entries: list[Entry] = []
    looked = size = 0
    while len(entries) <= bounds.limit and looked < bounds.look and size < bounds.most:
        wanted = min(bounds.limit + 1 - len(entries), _CHUNK, bounds.look - looked)
        rows, weight = _fetch(connection, query(after, wanted), bounds.most - size)
        looked, size = looked + len(rows), size + weight
        entries += _seen(gate, rows)
        after = rows[-1].number if rows else after
        if len(rows) < wanted and size < bounds.most:
            break
    else:
        if len(entries) <= bounds.limit:
            return Page(tuple(entries), more=True, after=after)
    if len(entries) > bounds.limit:
        shown = tuple(entries[: bounds.limit])
        return Page(shown, more=True, after=shown[-1].number)
    return Page(tuple(entries), more=False, after=after)


def _fetch(
    connection: sa.Connection, query: sa.Select[Any], most: int
) -> tuple[list[sa.Row[Any]], int]:
    """Return rows until there are no more or their objects have so many bytes, and the bytes."""
    rows: list[sa.Row[Any]] = []
    size = 0
    result = connection.execute(query, execution_options={"yield_per": _FETCH})
    with result:
        for row in result:
            rows.append(row)
            size += size_of(row.body)
            if size >= most:
                break
    return rows, size


def _seen(gate: Gate, rows: Iterable[sa.Row[Any]]) -> Iterator[Entry]:
    kept = list(rows)
    for row, item in zip(kept, gate.views([unpack(row.body) for row in kept]), strict=True):
        if item is not None:
            version = item.get("modified") or item.get("created") or clock.text(row.moment)
            yield Entry(
                row.number, row.id, version, row.date_added, MEDIA_TYPE.format(row.spec), item
            )
