"""The one gate: what a reader may see of the objects that a query found."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa

from noroshi.intel.objects.markings import Clearance, Tlp, level_of_definition, view
from noroshi.intel.objects.packing import unpack
from noroshi.intel.objects.references import hangs_on_others, references, without_hidden
from noroshi.intel.objects.tables import OBJECTS

_AT_ONCE = 500
_DEEPEST = 8
"""Objects about objects about objects …: what stands on more than so many others is not shown."""


_Key = TypeVar("_Key", str, int)


def parts(ids: Iterable[_Key]) -> Iterator[list[_Key]]:
    """Yield ids or keys, each once, so many at a time as one query takes."""
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), _AT_ONCE):
        yield ordered[start : start + _AT_ONCE]


class Gate:
    """Shows one reader what they may see, within one consistent state of the store.

    Args:
        connection: an open transaction.
        clearance: the reader.
    """

    def __init__(self, connection: sa.Connection, clearance: Clearance) -> None:
        self._connection, self._clearance = connection, clearance
        self._levels: dict[str, Tlp | None] = {}
        self._visible: dict[str, bool] = {}
        self._last: dict[str, dict[str, Any] | None] = {}
        self._open = clearance == Clearance.everything()

    def views(self, items: Sequence[dict[str, Any]]) -> list[dict[str, Any] | None]:
        """Return what may be seen of each object, in their order; None where nothing may."""
        if self._open:
            return list(items)
        shown = [view(item, self._clearance, self._level) for item in items]
        targets = {target for item in shown if item is not None for _, target in references(item)}
        self._look_up(targets)
        hidden = {target for target in targets if not self._visible[target]}
        return [None if item is None else without_hidden(item, hidden) for item in shown]

    def last(self, object_id: str) -> dict[str, Any] | None:
        """Return the last version of an object, if it may be seen."""
        return self.lasts((object_id,)).get(object_id)

    def lasts(self, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Return the last versions of those objects that are there and may be seen."""
        wanted = list(dict.fromkeys(ids))
        stored = self._stored([name for name in wanted if name not in self._last])
        shown = self.views(list(stored.values()))
        self._last |= dict.fromkeys(wanted) | self._last | dict(zip(stored, shown, strict=True))
        found = ((name, self._last[name]) for name in wanted)
        return {name: item for name, item in found if item is not None}

    def some(
        self,
        query: sa.Select[Any],
        limit: int,
        holds: Callable[[dict[str, Any]], bool] = bool,
        given: Mapping[str, object] | None = None,
    ) -> list[dict[str, Any]]:
        """Return the first objects of a query of bodies that may be seen.

        Args:
            query: selects bodies.
            limit: at most so many.
            holds: asked of what the reader sees. What a query compares includes what they may
                not see, and a hit alone would give that away.
            given: values of the query's parameters.
        """
        found: list[dict[str, Any]] = []
        rows = self._connection.execute(query, given)
        while len(found) < limit:
            part = rows.fetchmany(_AT_ONCE)
            if not part:
                break
            shown = self.views([unpack(row.body) for row in part])
            found += [item for item in shown if item is not None and holds(item)]
        rows.close()
        return found[:limit]

    def unseen(self, ids: Iterable[str]) -> set[str]:
        """Return those ids of which some version may not be seen."""
        hidden: set[str] = set()
        for part in parts(ids):
            query = sa.select(OBJECTS.c.id, OBJECTS.c.body).where(OBJECTS.c.id.in_(part))
            rows = self._connection.execute(query).all()
            shown = self.views([unpack(row.body) for row in rows])
            hidden.update(row.id for row, item in zip(rows, shown, strict=True) if item is None)
        return hidden

    def _stored(self, ids: Collection[str]) -> dict[str, dict[str, Any]]:
        query = (
            sa.select(OBJECTS.c.id, OBJECTS.c.body)
            .where(OBJECTS.c.id.in_(sa.bindparam("ids", expanding=True)))
            .where(OBJECTS.c.last.is_(True))
        )
        found: dict[str, dict[str, Any]] = {}
        for part in parts(ids):
            for row in self._connection.execute(query, {"ids": part}):
                found[row.id] = unpack(row.body)
        return found

    def _level(self, mark: str) -> Tlp | None:
        """Return the level of a marking definition of the store; red if it is not there."""
        if mark not in self._levels:
            query = sa.select(OBJECTS.c.body).where(OBJECTS.c.id == mark)
            bodies = self._connection.execute(query).scalars().all()
            levels = [level_of_definition(unpack(body)) for body in bodies]
            strict = [level for level in levels if level is not None]
            self._levels[mark] = max(strict) if strict else None if levels else Tlp.RED
        return self._levels[mark]

    def _look_up(self, ids: Iterable[str]) -> None:
        """Learn which objects may be seen; what is not in the store gives nothing away here.

        An object that cannot do without what it points at is only seen if that is: so those are
        followed, and hidden from the bottom up until nothing changes.
        """
        standing: dict[str, dict[str, Any]] = {}
        waiting = set(ids) - self._visible.keys()
        for depth in range(_DEEPEST + 1):
            following: set[str] = set()
            stored = self._stored(waiting)
            for name in waiting:
                item = stored.get(name)
                shown = None if item is None else view(item, self._clearance, self._level)
                self._visible[name] = item is None or shown is not None
                if shown is not None and hangs_on_others(shown):
                    self._visible[name] = depth < _DEEPEST
                    standing[name] = shown
                    following.update(target for _, target in references(shown))
            waiting = following - self._visible.keys()
            if not waiting or depth == _DEEPEST:
                break
        self._hide(standing)

    def _hide(self, standing: dict[str, dict[str, Any]]) -> None:
        changed = True
        while changed:
            hidden = {name for name, visible in self._visible.items() if not visible}
            gone = [
                name
                for name, item in standing.items()
                if self._visible[name] and without_hidden(item, hidden) is None
            ]
            self._visible |= dict.fromkeys(gone, False)
            changed = bool(gone)
