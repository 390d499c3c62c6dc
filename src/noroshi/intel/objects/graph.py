"""What stands next to an object: by relationships, references, and artefacts in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from noroshi.intel.objects.artefacts import artefacts
from noroshi.intel.objects.gate import Gate
from noroshi.intel.objects.keys import artefact_key
from noroshi.intel.objects.packing import unpack
from noroshi.intel.objects.references import references
from noroshi.intel.objects.tables import ARTEFACTS, MERGES, OBJECTS, REFERENCES

LARGEST = 10_000
"""Objects that one walk visits at most."""

CROWD = 200
"""An artefact that more objects share than this joins nothing: it is a commonplace."""

COMMONPLACE = frozenset(
    ("attack-pattern", "course-of-action", "identity", "location", "tool", "x-mitre-analytic",
     "x-mitre-asset", "x-mitre-collection", "x-mitre-data-component", "x-mitre-data-source",
     "x-mitre-detection-strategy", "x-mitre-matrix", "x-mitre-tactic"),
)  # fmt: skip
"""Types that a great many things share, so that sharing one says little."""

INEXACT = frozenset(("name", "label"))
"""Kinds of artefact that only hint at a connection."""

_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An object beside another, and how it stands to it.

    Attributes:
        id: its id.
        beside: id of the object that it was reached from.
        verb: relationship type, name of a reference, or kind of artefact in common.
        exact: whether by a relationship, reference or artefact; False for a name or label alike.
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
class Edge:
    """One connection, seen from ``here``; the rest as in :class:`Neighbour`."""

    here: str
    there: str
    verb: str
    exact: bool
    forward: bool
    why: str


def neighbours(connection: sa.Connection, gate: Gate, start: str, depth: int) -> list[Neighbour]:
    """Return the objects within some steps, nearest first; each once, by its shortest way."""
    return walk(connection, gate, [start], depth)


def walk(
    connection: sa.Connection,
    gate: Gate,
    starts: list[str],
    depth: int,
    visit: Callable[[str], bool] = bool,
) -> list[Neighbour]:
    """Return the objects within some steps of several, nearest first, each once.

    Args:
        connection: an open transaction.
        gate: the reader.
        starts: ids to start from.
        depth: steps.
        visit: whether to visit objects of a type.
    """
    found: dict[str, Neighbour] = {}
    level = _with_merged(connection, gate, starts)
    seen = set(level)
    for step in range(1, depth + 1):
        onward = [edge for edge in edges(connection, gate, level) if edge.there not in seen]
        there = gate.lasts(edge.there for edge in onward)
        reached: dict[str, Neighbour] = {}
        for edge in onward:
            item = there.get(edge.there)
            if item is None or edge.there in reached or len(found) + len(reached) >= LARGEST:
                continue
            if not visit(item["type"]):
                continue
            reached[edge.there] = Neighbour(
                edge.there, edge.here, edge.verb, edge.exact, edge.forward, step, item, edge.why
            )
        found |= reached
        level = [
            name
            for name in _with_merged(connection, gate, list(reached))
            if name in reached or name not in seen
        ]
        seen.update(level)
        if not level:
            break
    return list(found.values())


def path(
    connection: sa.Connection, gate: Gate, start: str, end: str, depth: int = 6
) -> list[Neighbour]:
    """Return the steps of a shortest way between two objects; empty if there is none.

    A way that leads through nothing commonplace goes before a shorter one that does: that two
    groups both send mail with attachments joins nobody.
    """
    ends = {item["type"] for item in gate.lasts((start, end)).values()}
    telling = walk(
        connection, gate, [start], depth, lambda kind: kind not in COMMONPLACE or kind in ends
    )
    return _way(telling, end) or _way(walk(connection, gate, [start], depth), end)


def _way(found: list[Neighbour], end: str) -> list[Neighbour]:
    steps = {item.id: item for item in found}
    way: list[Neighbour] = []
    here = end
    while here in steps:
        way.append(steps[here])
        here = steps[here].beside
    return way[::-1]


def clusters(items: Iterable[dict[str, Any]]) -> list[list[str]]:
    """Return groups of ids of objects that share artefacts, largest first.

    Two objects are in one group if a chain of artefacts in common joins them. Ids in other
    catalogues, names and labels do not count.
    """
    sharing: dict[str, list[str]] = {}
    for item in items:
        for kind, value in artefacts(item):
            if kind == "value":
                sharing.setdefault(value, []).append(item["id"])
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for ids in sharing.values():
        if len(ids) <= CROWD:
            for name in ids[1:]:
                parent[root(name)] = root(ids[0])
    groups: dict[str, list[str]] = {}
    for name in list(parent):
        groups.setdefault(root(name), []).append(name)
    return sorted((sorted(g) for g in groups.values() if len(g) > 1), key=lambda g: (-len(g), g))


def edges(connection: sa.Connection, gate: Gate, level: list[str]) -> Iterator[Edge]:
    """Yield what joins objects to others and may be seen, relationships first."""
    for start in range(0, len(level), _AT_ONCE):
        here = level[start : start + _AT_ONCE]
        yield from _relationships(connection, gate, here)
        yield from _own_references(gate, here)
        yield from _pointing_here(connection, gate, here)
        yield from _in_common(connection, gate, here)


def _referring(here: list[str]) -> sa.Select[Any]:
    """Return the query of the last versions of objects that point at some others."""
    return (
        sa.select(REFERENCES.c.target, REFERENCES.c.property, OBJECTS.c.body)
        .join(REFERENCES, REFERENCES.c.object == OBJECTS.c.number)
        .where(REFERENCES.c.target.in_(here))
        .where(OBJECTS.c.last.is_(True))
        .order_by(OBJECTS.c.number)
        .limit(LARGEST)
    )


def _relationships(connection: sa.Connection, gate: Gate, here: list[str]) -> Iterator[Edge]:
    query = (
        _referring(here)
        .where(REFERENCES.c.property.in_(("source_ref", "target_ref")))
        .where(OBJECTS.c.type == "relationship")
    )
    rows = connection.execute(query).all()
    for row, item in zip(rows, gate.views([unpack(row.body) for row in rows]), strict=True):
        if item is None or item.get("revoked", False):
            continue
        forward = row.property == "source_ref"
        other = item["target_ref" if forward else "source_ref"]
        yield Edge(row.target, other, item["relationship_type"], True, forward, item["id"])


def _own_references(gate: Gate, here: list[str]) -> Iterator[Edge]:
    for name, item in gate.lasts(here).items():
        if item["type"] != "relationship":
            for verb, target in references(item):
                yield Edge(name, target, verb, True, True, "")


def _pointing_here(connection: sa.Connection, gate: Gate, here: list[str]) -> Iterator[Edge]:
    """Yield reports, sightings, notes … that point at the objects."""
    query = _referring(here).where(OBJECTS.c.type != "relationship")
    rows = connection.execute(query).all()
    for row, item in zip(rows, gate.views([unpack(row.body) for row in rows]), strict=True):
        if item is not None and (row.property, row.target) in references(item):
            yield Edge(row.target, item["id"], row.property, True, False, "")


def _in_common(connection: sa.Connection, gate: Gate, here: list[str]) -> Iterator[Edge]:
    """Yield objects that name the same value, catalogue entry, name or label.

    Both sides are asked as the reader sees them: what the tables compare includes what they may
    not see.
    """
    for name, item in gate.lasts(here).items():
        mine = artefacts(item)
        for kind, value in sorted(mine):
            others = [other for other in _sharing(connection, kind, value) if other != name]
            if len(others) > CROWD:
                continue
            for other, seen in gate.lasts(others).items():
                if (kind, value) in artefacts(seen):
                    yield Edge(name, other, f"same {kind}", kind not in INEXACT, True, value)


def _sharing(connection: sa.Connection, kind: str, value: str) -> list[str]:
    query = (
        sa.select(OBJECTS.c.id)
        .join(ARTEFACTS, ARTEFACTS.c.object == OBJECTS.c.number)
        .where(ARTEFACTS.c.key == artefact_key(kind, value))
        .where(OBJECTS.c.last.is_(True))
        .order_by(OBJECTS.c.number)
        .limit(CROWD + 2)
    )
    return list(connection.execute(query).scalars())


def _with_merged(connection: sa.Connection, gate: Gate, names: list[str]) -> list[str]:
    """Return ids and the other ids of the same merged things, those that may be seen."""
    found: dict[str, None] = dict.fromkeys(names)
    for start in range(0, len(names), _AT_ONCE):
        part = names[start : start + _AT_ONCE]
        kept = connection.execute(sa.select(MERGES.c.kept).where(MERGES.c.other.in_(part)))
        heads = [*kept.scalars(), *part]
        others = connection.execute(sa.select(MERGES.c.other).where(MERGES.c.kept.in_(heads)))
        found |= dict.fromkeys((*heads, *others.scalars()))
    visible = gate.lasts(found)
    return [name for name in found if name in visible]
