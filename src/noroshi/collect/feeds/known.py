"""Names that are known already: what a feed speaks of is the object that others speak of, too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from noroshi.intel.objects import Clearance, ObjectStore
from noroshi.intel.objects.artefacts import artefacts, letters
from noroshi.intel.objects.gate import Gate, parts
from noroshi.intel.objects.keys import keys_of_any_kind
from noroshi.intel.objects.tables import ARTEFACTS, OBJECTS

_PUBLIC = Clearance()
_NAMED = (
    sa.select(OBJECTS.c.id, OBJECTS.c.type)
    .join(ARTEFACTS, ARTEFACTS.c.object == OBJECTS.c.number)
    .where(ARTEFACTS.c.key.in_(sa.bindparam("keys", expanding=True)))
    .where(OBJECTS.c.last.is_(True))
    .distinct()
)
"""Types are told apart afterwards: asked for here, SQLite goes through all objects of the type."""


class Known:
    """Tells the public object of a type that bears a name or catalogue id, for one batch.

    Args:
        objects: where they are.
        ids: what was found before, by type and the letters of a name; added to.
    """

    def __init__(self, objects: ObjectStore, ids: dict[tuple[str, str], str]) -> None:
        self._objects, self._ids = objects, ids
        self._nobody: set[tuple[str, str]] = set()

    def __call__(self, kind: str, name: str) -> str:
        """Return the id of the object; empty where nobody public bears the name."""
        at = kind, letters(name)
        if at not in self._ids and at not in self._nobody:
            self.ask(kind, (name,))
        return self._ids.get(at, "")

    def ask(self, kind: str, names: Iterable[str]) -> None:
        """Look many names of a type up at once."""
        keys = {name: letters(name) for name in names}
        unknown = {name: key for name, key in keys.items() if (kind, key) not in self._ids}
        by_text = {text: key for name, key in unknown.items() for text in (name.casefold(), key)}
        bearers: dict[str, list[dict[str, Any]]] = {}
        for item in self._bearing(kind, by_text.keys() - {""}):
            for key in {by_text[text] for _, text in artefacts(item) if text in by_text}:
                bearers.setdefault(key, []).append(item)
        for key in unknown.values():
            if key in bearers:
                self._ids[kind, key] = _longest_there(bearers[key])
            else:
                self._nobody.add((kind, key))

    def _bearing(self, kind: str, texts: Iterable[str]) -> Iterator[dict[str, Any]]:
        with self._objects.knowledge.read() as connection:
            gate = Gate(connection, _PUBLIC)
            for part in parts(keys_of_any_kind(texts)):
                rows = connection.execute(_NAMED, {"keys": part})
                ids = [row.id for row in rows if row.type == kind]
                yield from (item for item in gate.lasts(ids).values() if not _gone(item))


def _longest_there(items: Iterable[Mapping[str, Any]]) -> str:
    """Of several always the same."""
    return str(min(items, key=lambda one: (one.get("created", ""), one["id"]))["id"])


def _gone(item: Mapping[str, Any]) -> bool:
    return bool(item.get("revoked") or item.get("x_mitre_deprecated"))
