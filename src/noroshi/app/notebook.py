"""Noroshi from Python: ``noroshi.open(home)`` gives tables that notebooks work with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa

from noroshi.app.workspace import Workspace
from noroshi.intel.objects import Clearance, Match, Tlp

_OBJECTS = pa.schema(
    [("id", pa.string()), ("type", pa.string()), ("name", pa.string()), ("json", pa.string())]
)
_NEIGHBOURS = pa.schema(
    [
        ("depth", pa.int64()), ("beside", pa.string()), ("verb", pa.string()),
        ("forward", pa.bool_()), ("exact", pa.bool_()), ("why", pa.string()), *_OBJECTS,
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
            near.id: {
                "depth": near.depth, "beside": near.beside, "verb": near.verb,
                "forward": near.forward, "exact": near.exact, "why": near.why, **_row(near.object),
            }
            for start in reversed(starts)
            for near in self.workspace.objects.neighbours(start, self.reader, depth)
        }  # fmt: skip
        found = [row for name, row in rows.items() if name not in starts]
        return pa.Table.from_pylist(sorted(found, key=lambda row: row["depth"]), _NEIGHBOURS)

    def events(self, table: str, *columns: str) -> pa.Table:
        """Return columns of a table of the lake, such as ``matches`` or ``dns_activity``."""
        return self.workspace.lake.table(table, list(columns))


def open_home(home: str | Path, tlp: str | None = None) -> Notebook:
    """Open a home folder; without a level as its owner, who sees everything."""
    reader = Clearance.everything() if tlp is None else Clearance(Tlp.of(tlp))
    return Notebook(Workspace(Path(home)), reader)


def _row(item: dict[str, Any]) -> dict[str, Any]:
    name = item.get("name") or item.get("value") or item.get("pattern") or ""
    return {"id": item["id"], "type": item["type"], "name": str(name),
            "json": orjson.dumps(item).decode()}  # fmt: skip
