"""What stands next to an object: by relationships, references, and artefacts in common."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from noroshi.intel.objects.gate import Gate
from noroshi.intel.objects.intake import unpack
from noroshi.intel.objects.references import references
from noroshi.intel.objects.tables import ARTEFACTS, MERGES, OBJECTS, REFERENCES

LARGEST = 10_000
"""Objects that one walk visits at most."""

_CROWD = 200
"""An artefact that more objects share than this joins nothing: it is a commonplace."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An object beside another, and how it stands to it.

    Attributes:
        id: its id.
        beside: id of the object that it was reached from.
        verb: relationship type, name of a reference, or kind of artefact in common.
        exact: whether by a relationship, reference or artefact; False for a name alike.
        forward: whether the verb reads from ``beside`` to this one.
        depth: steps from the start.
        object: the object as the reader sees it.
        why: the relationship's id, or the artefact.
    """

    id: str
    beside: str
    verb: str
    exact: bool
    forward: bool
    depth: int
    object: dict[str, Any]
    why: str


@dataclass(frozen=True, slots=True)
class _Edge:
    source: str
    target: str
    verb: str
    exact: bool
    why: str


def neighbours(connection: sa.Connection, gate: Gate, start: str, depth: int) -> list[Neighbour]:
    """Return the objects within some steps, nearest first; each once, by its shortest way."""
    found: dict[str, Neighbour] = {}
    seen = {start, *_same(connection, start)}
    waiting = deque((name, 0) for name in sorted(seen))
    if not gate.sees(start):
        return []
    while waiting and len(found) < LARGEST:
        here, steps = waiting.popleft()
        if steps == depth:
            continue
        for edge in edges(connection, gate, here):
            forward = edge.source == here
            other = edge.target if forward else edge.source
            if other in seen:
                continue
            item = gate.last(other)
            if item is None:
                continue
            seen.add(other)
            found[other] = Neighbour(
                other, here, edge.verb, edge.exact, forward, steps + 1, item, edge.why
            )
            for name in (other, *_same(connection, other)):
                seen.add(name)
                waiting.append((name, steps + 1))
    return list(found.values())


def path(
    connection: sa.Connection, gate: Gate, start: str, end: str, depth: int = 6
) -> list[Neighbour]:
    """Return the steps of a shortest way between two objects; empty if there is none."""
    steps = {item.id: item for item in neighbours(connection, gate, start, depth)}
    way: list[Neighbour] = []
    here = end
    while here in steps:
        way.append(steps[here])
        here = steps[here].beside
    return way[::-1]


def clusters(connection: sa.Connection, gate: Gate, types: Iterable[str]) -> list[list[str]]:
    """Return groups of objects of some types that share artefacts, largest first.

    Two objects are in one group if a chain of artefacts in common joins them.
    """
    wanted = tuple(types)
    rows = connection.execute(
        sa.select(ARTEFACTS.c.value, OBJECTS.c.id)
        .join(OBJECTS, OBJECTS.c.number == ARTEFACTS.c.object)
        .where(OBJECTS.c.last.is_(True))
        .where(ARTEFACTS.c.kind != "external")
        .where(OBJECTS.c.type.in_(wanted))
        .order_by(ARTEFACTS.c.value, OBJECTS.c.id)
    )
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for _, ids in _groups(rows):
        visible = [name for name in ids if gate.sees(name)]
        if len(visible) <= _CROWD:
            for name in visible[1:]:
                parent[root(name)] = root(visible[0])
    groups: dict[str, list[str]] = {}
    for name in parent:
        groups.setdefault(root(name), []).append(name)
    return sorted((sorted(g) for g in groups.values() if len(g) > 1), key=lambda g: (-len(g), g))


def _groups(rows: Iterable[Any]) -> Iterator[tuple[str, list[str]]]:
    value, ids = None, list[str]()
    for row in rows:
        if row[0] != value:
            if value is not None:
                yield value, ids
            value, ids = row[0], []
        if row[1] not in ids:
            ids.append(row[1])
    if value is not None:
        yield value, ids


def edges(connection: sa.Connection, gate: Gate, here: str) -> Iterator[_Edge]:
    """Yield what joins an object to others and may be seen, relationships first."""
    yield from _relationships(connection, gate, here)
    yield from _references(connection, gate, here)
    yield from _in_common(connection, here)


def _relationships(connection: sa.Connection, gate: Gate, here: str) -> Iterator[_Edge]:
    query = (
        sa.select(OBJECTS.c.body)
        .join(REFERENCES, REFERENCES.c.object == OBJECTS.c.number)
        .where(REFERENCES.c.target == here)
        .where(REFERENCES.c.property.in_(("source_ref", "target_ref")))
        .where(OBJECTS.c.type == "relationship")
        .where(OBJECTS.c.last.is_(True))
        .order_by(OBJECTS.c.number)
        .limit(LARGEST)
    )
    bodies = connection.execute(query).scalars().all()
    for item in gate.views([unpack(body) for body in bodies]):
        if item is not None and not item.get("revoked", False):
            yield _Edge(
                item["source_ref"], item["target_ref"], item["relationship_type"], True, item["id"]
            )


def _references(connection: sa.Connection, gate: Gate, here: str) -> Iterator[_Edge]:
    """Yield references of the object itself, and of reports and sightings to it."""
    own = gate.last(here)
    if own is not None and own["type"] != "relationship":
        for name, target in references(own):
            yield _Edge(here, target, name, True, "")
    query = (
        sa.select(OBJECTS.c.id, OBJECTS.c.body, REFERENCES.c.property)
        .join(REFERENCES, REFERENCES.c.object == OBJECTS.c.number)
        .where(REFERENCES.c.target == here)
        .where(OBJECTS.c.type != "relationship")
        .where(OBJECTS.c.last.is_(True))
        .order_by(OBJECTS.c.number)
        .limit(LARGEST)
    )
    rows = connection.execute(query).all()
    for row, item in zip(rows, gate.views([unpack(row.body) for row in rows]), strict=True):
        if item is not None and row.property in item:
            yield _Edge(row.id, here, row.property, True, "")


def _in_common(connection: sa.Connection, here: str) -> Iterator[_Edge]:
    """Yield objects that name the same value, catalogue entry or name."""
    mine = sa.select(ARTEFACTS.c.kind, ARTEFACTS.c.value).join(
        OBJECTS, OBJECTS.c.number == ARTEFACTS.c.object
    )
    own = connection.execute(mine.where(OBJECTS.c.id == here).where(OBJECTS.c.last.is_(True))).all()
    for kind, value in own:
        query = (
            sa.select(OBJECTS.c.id)
            .join(ARTEFACTS, ARTEFACTS.c.object == OBJECTS.c.number)
            .where(ARTEFACTS.c.value == value)
            .where(ARTEFACTS.c.kind == kind)
            .where(OBJECTS.c.last.is_(True))
            .where(OBJECTS.c.id != here)
            .order_by(OBJECTS.c.number)
            .limit(_CROWD + 1)
        )
        others = connection.execute(query).scalars().all()
        if len(others) <= _CROWD:
            for other in others:
                yield _Edge(here, other, f"same {kind}", kind != "name", value)


def _same(connection: sa.Connection, name: str) -> list[str]:
    """Return the other ids of one merged thing."""
    kept = connection.execute(
        sa.select(MERGES.c.kept).where(MERGES.c.other == name)
    ).scalar_one_or_none()
    head = kept or name
    others = connection.execute(sa.select(MERGES.c.other).where(MERGES.c.kept == head))
    return [item for item in (head, *others.scalars()) if item != name]
