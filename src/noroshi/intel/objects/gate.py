"""The one gate: what a reader may see of the objects that a query found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from noroshi.intel.objects.intake import unpack
from noroshi.intel.objects.markings import Clearance, Tlp, level_of_definition, may_see, view
from noroshi.intel.objects.references import references, without_hidden
from noroshi.intel.objects.tables import OBJECTS

_AT_ONCE = 500


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
        self._seen: dict[str, bool] = {}
        self._open = clearance == Clearance.everything()

    def views(self, items: Sequence[dict[str, Any]]) -> list[dict[str, Any] | None]:
        """Return what may be seen of each object, in their order; None where nothing may."""
        if self._open:
            return list(items)
        shown = [view(item, self._clearance, self._level) for item in items]
        targets = {target for item in shown if item is not None for _, target in references(item)}
        self._look_up(targets - self._visible.keys())
        hidden = {target for target in targets if not self._visible[target]}
        return [None if item is None else without_hidden(item, hidden) for item in shown]

    def last(self, object_id: str) -> dict[str, Any] | None:
        """Return the last version of an object that may be seen."""
        query = sa.select(OBJECTS.c.body).where(OBJECTS.c.id == object_id)
        body = self._connection.execute(query.where(OBJECTS.c.last.is_(True))).scalar_one_or_none()
        return None if body is None else self.views([unpack(body)])[0]

    def sees(self, object_id: str) -> bool:
        """Tell whether the last version of an object is there and may be seen."""
        if object_id not in self._seen:
            self._seen[object_id] = self.last(object_id) is not None
        return self._seen[object_id]

    def some(self, query: sa.Select[Any], limit: int) -> list[dict[str, Any]]:
        """Return the first objects of a query of bodies that may be seen."""
        found: list[dict[str, Any]] = []
        rows = self._connection.execute(query)
        while len(found) < limit:
            part = rows.fetchmany(_AT_ONCE)
            if not part:
                break
            found += [item for item in self.views([unpack(r.body) for r in part]) if item]
        rows.close()
        return found[:limit]

    def _level(self, mark: str) -> Tlp | None:
        """Return the level of a marking definition of the store; red if it is not there."""
        if mark not in self._levels:
            query = sa.select(OBJECTS.c.body).where(OBJECTS.c.id == mark)
            bodies = self._connection.execute(query).scalars().all()
            levels = [level_of_definition(unpack(body)) for body in bodies]
            strict = [level for level in levels if level is not None]
            self._levels[mark] = max(strict) if strict else None if levels else Tlp.RED
        return self._levels[mark]

    def _look_up(self, ids: set[str]) -> None:
        """Learn which objects may be seen; what is not in the store gives nothing away here."""
        ordered = sorted(ids)
        query = sa.select(OBJECTS.c.id, OBJECTS.c.body).where(
            OBJECTS.c.id.in_(sa.bindparam("ids", expanding=True))
        )
        self._visible |= dict.fromkeys(ordered, True)
        seen: dict[str, bool] = {}
        for start in range(0, len(ordered), _AT_ONCE):
            part = ordered[start : start + _AT_ONCE]
            for row in self._connection.execute(query, {"ids": part}):
                marks = unpack(row.body).get("object_marking_refs", ())
                visible = may_see(marks, self._clearance, self._level)
                seen[row.id] = seen.get(row.id, False) or visible
        self._visible |= seen
