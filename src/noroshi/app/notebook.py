"""Noroshi from Python: ``noroshi.open(home)`` gives tables that notebooks work with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa

from noroshi.app.dossier.in_lake import sights
from noroshi.app.dossier.known_of import known_of_case, known_of_host
from noroshi.app.dossier.naming import one_object
from noroshi.app.errors import AppError
from noroshi.app.workspace import Workspace
from noroshi.case import CaseError
from noroshi.intel.objects import Clearance, Match, Neighbour, Tlp
from noroshi.intel.objects.shared import INFRASTRUCTURE
from noroshi.intel.objects.words import name_of

_OBJECTS = pa.schema(
    [("id", pa.string()), ("type", pa.string()), ("name", pa.string()), ("json", pa.string())]
)
_NEIGHBOURS = pa.schema(
    [
        ("depth", pa.int64()), ("beside", pa.string()), ("verb", pa.string()),
        ("forward", pa.bool_()), ("exact", pa.bool_()), ("why", pa.string()), *_OBJECTS,
    ]
)  # fmt: skip

_SHARED = pa.schema([*_OBJECTS, ("by", pa.list_(pa.string()))])
_CLUSTERS = pa.schema([("cluster", pa.int64()), *_OBJECTS])
_SIGHTS = pa.schema(
    [
        ("value", pa.string()), ("count", pa.int64()), ("first", pa.int64()),
        ("last", pa.int64()), ("hosts", pa.list_(pa.string())),
        ("columns", pa.list_(pa.string())), ("event_ids", pa.list_(pa.string())),
    ]
)  # fmt: skip
_KNOWN = pa.schema(
    [
        ("value", pa.string()), ("objects", pa.list_(pa.string())),
        ("leads", pa.list_(pa.string())), ("benign", pa.string()),
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Notebook:
    """An open home folder; every answer is an Arrow table (``.to_pandas()`` where pandas is).

    Attributes:
        workspace: the stores.
        reader: what the person may see of the knowledge store.
    """

    workspace: Workspace
    reader: Clearance

    def objects(self, *types: str) -> pa.Table:
        """Return the newest version of the objects of some types, of all where none is named."""
        items = self.workspace.objects.all(self.reader, match=Match(types=types))
        return pa.Table.from_pylist([_row(item) for item in items], _OBJECTS)

    def naming(self, value: str) -> pa.Table:
        """Return the objects that name exactly this value, catalogue id or name."""
        items = self.workspace.objects.naming(value, self.reader)
        return pa.Table.from_pylist([_row(item) for item in items], _OBJECTS)

    def neighbours(self, value: str, depth: int = 1) -> pa.Table:
        """Return what stands within some steps of an id, a value or a name, and why."""
        starts = [value, *(row["id"] for row in self.naming(value).to_pylist())]
        rows = {
            near.id: _neighbour(near)
            for start in reversed(starts)
            for near in self.workspace.objects.neighbours(start, self.reader, depth)
        }
        found = [row for name, row in rows.items() if name not in starts]
        return pa.Table.from_pylist(sorted(found, key=lambda row: row["depth"]), _NEIGHBOURS)

    def path(self, start: str, end: str) -> pa.Table:
        """Return the steps of a shortest way between two ids, values or names; empty if none.

        Raises:
            AppError: one of them is not known.
        """
        way = self.workspace.objects.path(self._one(start), self._one(end), self.reader)
        return pa.Table.from_pylist([_neighbour(near) for near in way], _NEIGHBOURS)

    def shared(self, value: str) -> pa.Table:
        """Return what leads to the same infrastructure as an id, value or name, and by what.

        Raises:
            AppError: it is not known.
        """
        found = self.workspace.objects.shared(self._one(value), self.reader)
        rows = [{**_row(one.object), "by": [name_of(item) for item in one.by]} for one in found]
        return pa.Table.from_pylist(rows, _SHARED)

    def clusters(self) -> pa.Table:
        """Return indicators and observables that values in common join, with the cluster's number.

        Clusters are numbered from 0, the largest first.
        """
        groups = self.workspace.objects.clusters(self.reader, tuple(sorted(INFRASTRUCTURE)))
        items = self.workspace.objects.lasts(
            (one for group in groups for one in group), self.reader
        )
        rows = [
            {"cluster": number, **_row(items[one])}
            for number, group in enumerate(groups)
            for one in group
            if one in items
        ]
        return pa.Table.from_pylist(rows, _CLUSTERS)

    def sights(self, *values: str) -> pa.Table:
        """Return where the lake shows values; a domain also by its sub-domains.

        The lake is the owner's alone.
        """
        self._owner_only()
        rows = [
            {"value": s.value, "count": s.count, "first": s.first, "last": s.last,
             "hosts": sorted(s.hosts), "columns": sorted(s.columns), "event_ids": s.event_ids}
            for s in sights(self.workspace.lake, values)
        ]  # fmt: skip
        return pa.Table.from_pylist(rows, _SIGHTS)

    def known_of(self, subject: str) -> pa.Table:
        """Return which values of a machine or case intelligence names, and what they lead to.

        The lake is the owner's alone.
        """
        self._owner_only()
        try:
            known = known_of_case(self.workspace, subject, self.reader)
        except CaseError:
            known = known_of_host(self.workspace, subject, self.reader)
        rows = [
            {"value": one.value, "objects": [item["id"] for item in one.objects],
             "leads": [name_of(lead) for lead in one.leads], "benign": one.benign}
            for one in known.values
        ]  # fmt: skip
        return pa.Table.from_pylist(rows, _KNOWN)

    def _one(self, what: str) -> str:
        return str(one_object(self.workspace.objects, what, self.reader)["id"])

    def _owner_only(self) -> None:
        if self.reader != Clearance.everything():
            raise AppError("events are the owner's alone: open the home folder without a level")

    def events(self, table: str, *columns: str) -> pa.Table:
        """Return columns of a table of the lake, such as ``matches`` or ``dns_activity``.

        The lake is the owner's alone: its matches name the indicators that they met.
        """
        self._owner_only()
        return self.workspace.lake.table(table, list(columns))


def open_home(home: str | Path, tlp: str | None = None) -> Notebook:
    """Open a home folder; without a level as its owner, who sees everything."""
    reader = Clearance.everything() if tlp is None else Clearance(Tlp.of(tlp))
    return Notebook(Workspace(Path(home)), reader)


def _neighbour(near: Neighbour) -> dict[str, Any]:
    return {
        "depth": near.depth, "beside": near.beside, "verb": near.verb,
        "forward": near.forward, "exact": near.exact, "why": near.why, **_row(near.object),
    }  # fmt: skip


def _row(item: dict[str, Any]) -> dict[str, Any]:
    name = item.get("name") or item.get("value") or item.get("pattern") or ""
    return {"id": item["id"], "type": item["type"], "name": str(name),
            "json": orjson.dumps(item).decode()}  # fmt: skip
