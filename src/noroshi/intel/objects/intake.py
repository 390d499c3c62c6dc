"""Adding objects: checked, compared with what is there, written in one transaction a batch."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from typing import Any

import orjson
import sqlalchemy as sa

from noroshi.intel.objects import clock
from noroshi.intel.objects.artefacts import artefacts, title
from noroshi.intel.objects.checker import problem
from noroshi.intel.objects.keys import artefact_key, packed_id
from noroshi.intel.objects.markings import TLP_IDS, Tlp
from noroshi.intel.objects.packing import packer, unpack
from noroshi.intel.objects.record import Refused
from noroshi.intel.objects.references import references
from noroshi.intel.objects.tables import (
    ARTEFACTS,
    COUNTERS,
    ENTRIES,
    OBJECTS,
    REFERENCES,
    insert,
)

BATCH = 5_000
"""Objects in one transaction."""

LARGEST = 16 * 1_048_576
"""Bytes of JSON that one object may have."""

DEEPEST = 100
"""Levels of nesting in one object: what is deeper could not be written inside a bundle."""

_AT_ONCE = 500
_DIGEST = 16
_NUL = rb"\u0000"
_HOLDS_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""In JSON, and no backslash that is itself escaped: PostgreSQL's texts cannot hold it."""


def _stored(table: sa.Table) -> itemgetter[Any]:
    """Return what makes a row of a table from a dictionary that has its id as text and packed."""
    return itemgetter(*("packed" if column.name == "id" else column.name for column in table.c))


_OBJECT, _ENTRY = _stored(OBJECTS), _stored(ENTRIES)

_target = lru_cache(maxsize=16_384)(packed_id)
"""Packs what objects point at, the same again and again."""


@dataclass
class Tally:
    """What has come of an addition so far."""

    new: int = 0
    versions: int = 0
    unchanged: int = 0
    entries: int = 0
    refused: list[Refused] = field(default_factory=list)
    fresh: list[dict[str, Any]] = field(default_factory=list)
    """New versions of the last batch."""


@dataclass(slots=True)
class _Candidate:
    item: dict[str, Any]
    packed: bytes
    body: bytes
    digest: bytes
    moment: int | None


def batches(objects: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    """Yield the objects in batches of one transaction each."""
    waiting = iter(objects)
    while batch := list(islice(waiting, BATCH)):
        yield batch


def add_batch(
    connection: sa.Connection,
    batch: Sequence[Mapping[str, Any]],
    addition: int,
    now: int,
    collection: str,
    tally: Tally,
) -> None:
    """Write what is new of a batch and count it."""
    candidates = list(_good(batch, tally))
    known = _known(connection, {one.packed for one in candidates})
    rows: list[dict[str, Any]] = []
    members: dict[str, list[dict[str, Any]]] = {}
    number = counter(connection, "objects", 0)
    for one in candidates:
        versions = known.setdefault(one.item["id"], [])
        row = _there_already(connection, one, versions, tally)
        if row is None:
            continue
        if not row:
            number += 1
            moment = now if one.moment is None else one.moment
            row = _row(one, number, moment, addition, now)
            tally.versions += bool(versions)
            tally.new += not versions
            versions.append(row)
            rows.append(row)
        members.setdefault(one.item["id"], []).append(row)
    counter(connection, "objects", len(rows))
    _flag(versions for item_id, versions in known.items() if item_id in members)
    _write(connection, rows, known)
    tally.fresh = [row["item"] for row in rows]
    if collection:
        _enter(connection, members, addition, now, collection, tally)


def too_deep(item: object) -> bool:
    """Tell whether lists and dictionaries lie more than ``DEEPEST`` levels within one another."""
    level: list[object] = [item]
    for _ in range(DEEPEST):
        level = [part for whole in level for part in _parts(whole)]
        if not level:
            return False
    return True


def _parts(whole: object) -> Iterable[object]:
    inside = whole.values() if isinstance(whole, dict) else whole
    return [part for part in inside if isinstance(part, dict | list)]  # type: ignore[attr-defined]


def counter(connection: sa.Connection, name: str, step: int) -> int:
    """Move a counter on and return its value; what it gave is never given again."""
    value = connection.execute(
        sa.select(COUNTERS.c.value).where(COUNTERS.c.name == name)
    ).scalar_one_or_none()
    if value is None:
        connection.execute(COUNTERS.insert().values(name=name, value=step))
        return step
    if step:
        connection.execute(
            COUNTERS.update().where(COUNTERS.c.name == name).values(value=int(value) + step)
        )
    return int(value) + step


def _good(batch: Iterable[Mapping[str, Any]], tally: Tally) -> Iterator[_Candidate]:
    compress = packer()
    for item in batch:
        wrong = problem(item)
        body = digest = b""
        if wrong is None:
            try:
                body = orjson.dumps(item)
                digest = hashlib.sha256(body).digest()[:_DIGEST]
            except (TypeError, RecursionError) as error:
                wrong = f"it cannot be written as JSON: {error}"
        if wrong is None and _NUL in body and _HOLDS_NUL.search(body):
            wrong = "it holds the character U+0000, which no text may"
        if wrong is None and body.count(b"{") + body.count(b"[") > DEEPEST and too_deep(item):
            wrong = f"it is nested deeper than {DEEPEST} levels"
        if wrong is None and len(body) > LARGEST:
            wrong = f"it has {len(body):,} bytes; {LARGEST:,} is the most"
        if wrong is not None:
            shown = item.get("id") if isinstance(item, Mapping) else None
            version = item.get("modified") if isinstance(item, Mapping) else None
            tally.refused.append(Refused(str(shown or "?")[:200], wrong, str(version or "")[:50]))
            continue
        moment = clock.parse(item.get("modified"))
        if moment is None:
            moment = clock.parse(item.get("created"))
        yield _Candidate(dict(item), packed_id(item["id"]), compress(body), digest, moment)


_KNOWN = sa.select(
    *(OBJECTS.c[name] for name in ("number", "id", "moment", "first", "last", "digest"))
).where(
    sa.type_coerce(OBJECTS.c.id, sa.LargeBinary).in_(
        sa.bindparam("ids", expanding=True, type_=sa.LargeBinary)
    )
)


def _known(connection: sa.Connection, ids: set[bytes]) -> dict[str, list[dict[str, Any]]]:
    """Return the versions there are of some objects, given by packed ids, by their ids."""
    found: dict[str, list[dict[str, Any]]] = {}
    ordered = sorted(ids)
    for start in range(0, len(ordered), _AT_ONCE):
        part = ordered[start : start + _AT_ONCE]
        for row in connection.execute(_KNOWN, {"ids": part}).mappings():
            found.setdefault(row["id"], []).append({**row, "stored": True})
    return found


def _there_already(
    connection: sa.Connection, one: _Candidate, versions: list[dict[str, Any]], tally: Tally
) -> dict[str, Any] | None:
    """Return the row that holds this version, ``{}`` if it is new, None if it must be refused."""
    if one.moment is None:
        newest = max(versions, key=lambda row: int(row["moment"]), default=None)
        same = [newest] if newest is not None else []
    else:
        same = [row for row in versions if row["moment"] == one.moment]
    if not same:
        return {}
    if same[0]["digest"] == one.digest or _content(connection, same[0]) == one.item:
        tally.unchanged += 1
        return same[0]
    if one.moment is None:
        return {}
    tally.refused.append(
        Refused(
            one.item["id"],
            "another object with this id and this modified time is here already; "
            "a change needs a later modified time",
            str(one.item.get("modified", "")),
        )
    )
    return None


def _content(connection: sa.Connection, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a version's object: the same object may come with its properties in another order."""
    if "item" in row:
        return dict(row["item"])
    query = sa.select(OBJECTS.c.body).where(OBJECTS.c.number == row["number"])
    return unpack(connection.execute(query).scalar_one())


def _row(one: _Candidate, number: int, moment: int, addition: int, now: int) -> dict[str, Any]:
    item = one.item
    levels = [TLP_IDS[m] for m in item.get("object_marking_refs", ()) if m in TLP_IDS]
    return {
        "number": number,
        "id": item["id"],
        "packed": one.packed,
        "moment": moment,
        "type": item["type"],
        "spec": item.get("spec_version", "2.0" if "created" in item else "2.1"),
        "tlp": int(max(levels, default=Tlp.CLEAR)),
        "first": True,
        "last": True,
        "date_added": now,
        "addition": addition,
        "title": title(item),
        "digest": one.digest,
        "body": one.body,
        "item": item,
    }


def _flag(groups: Iterable[list[dict[str, Any]]]) -> None:
    """Say which version of each object is its first and which its last."""
    for versions in groups:
        if len(versions) == 1 and not versions[0].get("stored"):
            continue  # as it was made
        moments = [int(row["moment"]) for row in versions]
        first, last = min(moments), max(moments)
        for row in versions:
            flags = (row["moment"] == first, row["moment"] == last)
            row["changed"] = row.get("stored") and flags != (bool(row["first"]), bool(row["last"]))
            row["first"], row["last"] = flags


def _write(
    connection: sa.Connection, rows: list[dict[str, Any]], known: dict[str, list[dict[str, Any]]]
) -> None:
    insert(connection, OBJECTS, [_OBJECT(row) for row in rows])
    pointing = [
        (_target(target), row["number"], name)
        for row in rows
        for name, target in dict.fromkeys(references(row["item"]))
    ]
    insert(connection, REFERENCES, sorted(pointing))
    naming = [
        (artefact_key(*pair), row["number"]) for row in rows for pair in artefacts(row["item"])
    ]
    insert(connection, ARTEFACTS, sorted(naming))
    changed = [row for versions in known.values() for row in versions if row.get("changed")]
    for row in changed:
        connection.execute(
            OBJECTS.update()
            .where(OBJECTS.c.number == row["number"])
            .values(first=row["first"], last=row["last"])
        )


def _enter(
    connection: sa.Connection,
    members: dict[str, list[dict[str, Any]]],
    addition: int,
    now: int,
    collection: str,
    tally: Tally,
) -> None:
    """Put versions into a collection, those that are not in it yet.

    Each gets a microsecond of its own, and no later addition an earlier one: whoever asks for what
    was added after the last date they have seen misses nothing, wherever they stopped.
    """
    there = _entries(connection, sorted(members), collection)
    rows: list[dict[str, Any]] = []
    number = counter(connection, "entries", 0)
    for item_id, versions in members.items():
        inside = there.setdefault(item_id, [])
        for row in versions:
            if any(entry["object"] == row["number"] for entry in inside):
                continue
            number += 1
            entry = {
                "number": number, "collection": collection, "object": row["number"],
                "id": item_id, "packed": packed_id(item_id), "first": True, "last": True,
                "date_added": now + len(rows), "addition": addition, "moment": row["moment"],
            }  # fmt: skip
            inside.append(entry)
            rows.append(entry)
    _flag(entries for entries in there.values() if entries)
    counter(connection, "entries", len(rows))
    counter(connection, "date", max(0, len(rows) - 1))
    tally.entries += len(rows)
    insert(connection, ENTRIES, [_ENTRY(row) for row in rows])
    for entries in there.values():
        for entry in entries:
            if entry.get("changed"):
                connection.execute(
                    ENTRIES.update()
                    .where(ENTRIES.c.number == entry["number"])
                    .values(first=entry["first"], last=entry["last"])
                )


def _entries(
    connection: sa.Connection, ids: list[str], collection: str
) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    columns = [ENTRIES.c[name] for name in ("number", "object", "id", "first", "last")]
    query = (
        sa.select(*columns, OBJECTS.c.moment)
        .select_from(ENTRIES.join(OBJECTS, OBJECTS.c.number == ENTRIES.c.object))
        .where(ENTRIES.c.collection == collection)
        .where(ENTRIES.c.id.in_(sa.bindparam("ids", expanding=True)))
    )
    for start in range(0, len(ids), _AT_ONCE):
        part = ids[start : start + _AT_ONCE]
        for row in connection.execute(query, {"ids": part}).mappings():
            found.setdefault(row["id"], []).append({**row, "stored": True})
    return found
