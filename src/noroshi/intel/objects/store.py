"""STIX objects at rest: every version, where it came from, and who may see it.

Nothing leaves but through :mod:`noroshi.intel.objects.markings`: every way out asks for a
:class:`Clearance` and passes what it found through the same gate.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa

from noroshi.intel.knowledge import Knowledge
from noroshi.intel.objects import clock
from noroshi.intel.objects.artefacts import artefacts, letters, title
from noroshi.intel.objects.errors import ObjectError
from noroshi.intel.objects.gate import Gate, parts
from noroshi.intel.objects.graph import CROWD, Neighbour, clusters, neighbours, path
from noroshi.intel.objects.intake import Tally, add_batch, batches, counter
from noroshi.intel.objects.keys import artefact_key, keys_of_any_kind
from noroshi.intel.objects.markings import Clearance
from noroshi.intel.objects.packing import unpack
from noroshi.intel.objects.paging import read_page
from noroshi.intel.objects.query import last_until, page_query
from noroshi.intel.objects.record import UNBOUNDED, Added, Bounds, Match, Page, Provenance
from noroshi.intel.objects.removal import remove_entries, remove_objects
from noroshi.intel.objects.shared import Shared, shared_infrastructure
from noroshi.intel.objects.tables import ADDITIONS, ARTEFACTS, ENTRIES, MERGES, OBJECTS

_LAST = Match()
_BODY = sa.select(OBJECTS.c.body).where(OBJECTS.c.id == sa.bindparam("id"))
_LAST_BODY = _BODY.where(OBJECTS.c.last.is_(True))
_VERSION_BODY = _BODY.where(OBJECTS.c.moment == sa.bindparam("moment"))
_NAMING = (
    sa.select(OBJECTS.c.body)
    .join(ARTEFACTS, ARTEFACTS.c.object == OBJECTS.c.number)
    .where(ARTEFACTS.c.key.in_(sa.bindparam("keys", expanding=True)))
    .where(OBJECTS.c.last.is_(True))
    .distinct()
)
"""Made once: making a query costs as much as answering it."""


Watcher: TypeAlias = Callable[[sa.Connection, Sequence[Mapping[str, Any]], Provenance], None]
"""Sees the new versions of a batch before they are committed."""


def _now() -> int:
    return time.time_ns() // 1000


class ObjectStore:
    """The objects of a knowledge store.

    Args:
        knowledge: an open store.
        now: clock, µs since 1970 UTC.
        watchers: are shown what is new, in the transaction that adds it.
    """

    def __init__(
        self,
        knowledge: Knowledge,
        now: Callable[[], int] = _now,
        watchers: Sequence[Watcher] = (),
    ) -> None:
        self.knowledge = knowledge
        self._now = now
        self._watchers = watchers

    def add(
        self, objects: Iterable[Mapping[str, Any]], provenance: Provenance, collection: str = ""
    ) -> Added:
        """Take objects in, each version once however often it comes.

        Args:
            objects: STIX 2.0 or 2.1 objects, not bundles.
            provenance: where they came from.
            collection: TAXII collection to put them into as well; empty for none.

        Returns:
            What came of it. Batches are transactions of their own, so that a process that died is
            simply run again.
        """
        tally, addition = Tally(), 0
        for batch in batches(objects):
            with self.knowledge.write() as connection:
                now = self._later(connection)
                if not addition:
                    addition = self._begin(connection, provenance, now)
                add_batch(connection, batch, addition, now, collection, tally)
                for watcher in self._watchers:
                    watcher(connection, tally.fresh, provenance)
        if addition and not (tally.new or tally.versions or tally.entries):
            with self.knowledge.write() as connection:
                connection.execute(ADDITIONS.delete().where(ADDITIONS.c.number == addition))
            addition = 0
        return Added(addition, tally.new, tally.versions, tally.unchanged, tuple(tally.refused))

    def get(
        self, object_id: str, clearance: Clearance, version: str | None = None
    ) -> dict[str, Any] | None:
        """Return an object, its last version or the one asked for; None if it may not be seen."""
        moment = clock.parse(version)
        if version is not None and moment is None:
            return None
        query = _LAST_BODY if version is None else _VERSION_BODY
        with self.knowledge.read() as connection:
            body = connection.execute(query, {"id": object_id, "moment": moment}).scalar()
            if body is None:
                return None
            return Gate(connection, clearance).views([unpack(body)])[0]

    def lasts(self, ids: Iterable[str], clearance: Clearance) -> dict[str, dict[str, Any]]:
        """Return the last versions of those objects that are there and may be seen, by id."""
        with self.knowledge.read() as connection:
            return Gate(connection, clearance).lasts(ids)

    def page(
        self,
        clearance: Clearance,
        *,
        collection: str = "",
        match: Match = _LAST,
        added_after: int | None = None,
        after: int = 0,
        limit: int,
        most: int = UNBOUNDED,
        look: int = UNBOUNDED,
    ) -> Page:
        """Return the next entries that a reader may see.

        Args:
            clearance: the reader.
            collection: only this collection; empty for the whole store.
            match: TAXII's filters.
            added_after: only what was added later than this, µs since 1970 UTC.
            after: number to go on from; 0 from the start.
            limit: at most so many entries.
            most: stop at so many bytes of objects.
            look: stop when so many rows were looked at.
        """

        def query(after: int, wanted: int) -> sa.Select[Any]:
            return page_query(clearance, collection, match, after, wanted)

        with self.knowledge.read() as connection:
            if added_after is not None:
                after = max(after, last_until(connection, collection, added_after))
            gate = Gate(connection, clearance)
            return read_page(connection, gate, query, after, Bounds(limit, most, look))

    def all(
        self, clearance: Clearance, *, match: Match = _LAST, collection: str = "", chunk: int = 1000
    ) -> Iterator[dict[str, Any]]:
        """Yield every object that a reader may see, in the order in which they came."""
        after, more = 0, True
        while more:
            page = self.page(
                clearance, collection=collection, match=match, after=after, limit=chunk
            )
            yield from (entry.object for entry in page.entries)
            more, after = page.more, page.after

    def versions(self, object_id: str, clearance: Clearance, collection: str = "") -> list[str]:
        """Return the versions of an object that a reader may see, in the order they came."""
        match = Match((object_id,), (), ("all",))
        page = self.page(clearance, collection=collection, match=match, limit=10_000)
        return [entry.version for entry in page.entries]

    def unseen(self, ids: Iterable[str], clearance: Clearance) -> set[str]:
        """Return those ids of which there is a version that a reader may not see."""
        with self.knowledge.read() as connection:
            return Gate(connection, clearance).unseen(ids)

    def known(self, ids: Iterable[str]) -> set[str]:
        """Return those ids of which there is a version, whoever may see it."""
        found: set[str] = set()
        with self.knowledge.read() as connection:
            for part in parts(ids):
                query = sa.select(OBJECTS.c.id).where(OBJECTS.c.id.in_(part)).distinct()
                found.update(connection.execute(query).scalars())
        return found

    def provenance(self, object_id: str, version: str | None = None) -> Provenance | None:
        """Return where an object's last version, or the one asked for, came from first."""
        query = (
            sa.select(ADDITIONS)
            .join(OBJECTS, OBJECTS.c.addition == ADDITIONS.c.number)
            .where(OBJECTS.c.id == object_id)
        )
        moment = clock.parse(version)
        which = OBJECTS.c.last.is_(True) if moment is None else OBJECTS.c.moment == moment
        with self.knowledge.read() as connection:
            row = connection.execute(query.where(which)).first()
        if row is None:
            return None
        return Provenance(row.source, row.retrieved, row.taken_by, row.confidence)

    def remove(self, object_id: str, version: str | None = None, collection: str = "") -> int:
        """Remove an object's versions from a collection or, without one, from the store.

        Returns:
            How many versions were removed.
        """
        moment = clock.parse(version)
        if version is not None and moment is None:
            raise ObjectError(f"{version!r} is no version; write it like 2026-05-20T00:00:00.000Z")
        with self.knowledge.write() as connection:
            query = sa.select(OBJECTS.c.number).where(OBJECTS.c.id == object_id)
            if moment is not None:
                query = query.where(OBJECTS.c.moment == moment)
            if collection:
                inside = ENTRIES.c.object.in_(query) & (ENTRIES.c.collection == collection)
                return remove_entries(connection, inside)
            return remove_objects(connection, OBJECTS.c.number.in_(query))

    def undo(self, addition: int) -> int:
        """Take back an addition: what it brought goes, what was there before stays.

        Returns:
            How many versions were removed.
        """
        with self.knowledge.write() as connection:
            remove_entries(connection, ENTRIES.c.addition == addition)
            gone = remove_objects(connection, OBJECTS.c.addition == addition)
            connection.execute(ADDITIONS.delete().where(ADDITIONS.c.number == addition))
            return gone

    def brought(
        self, addition: int, clearance: Clearance, kind: str = "", chunk: int = 1000
    ) -> Iterator[dict[str, Any]]:
        """Yield the versions that an addition brought, of one type or of all, as a reader sees."""
        after, more = 0, True
        query = sa.select(OBJECTS.c.number, OBJECTS.c.body).order_by(OBJECTS.c.number).limit(chunk)
        query = query.where(OBJECTS.c.addition == addition)
        query = query.where(OBJECTS.c.type == kind) if kind else query
        while more:
            with self.knowledge.read() as connection:
                rows = connection.execute(query.where(OBJECTS.c.number > after)).all()
                shown = Gate(connection, clearance).views([unpack(row.body) for row in rows])
            yield from (item for item in shown if item is not None)
            more, after = len(rows) == chunk, rows[-1].number if rows else 0

    def addition(self, number: int) -> Provenance | None:
        """Return where an addition came from; None if there is none of that number."""
        query = sa.select(ADDITIONS).where(ADDITIONS.c.number == number)
        with self.knowledge.read() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        return Provenance(row.source, row.retrieved, row.taken_by, row.confidence)

    def additions(self, limit: int = 100) -> list[tuple[int, Provenance]]:
        """Return the newest additions, each with its number."""
        query = sa.select(ADDITIONS).order_by(ADDITIONS.c.number.desc()).limit(limit)
        with self.knowledge.read() as connection:
            return [
                (row.number, Provenance(row.source, row.retrieved, row.taken_by, row.confidence))
                for row in connection.execute(query)
            ]

    def merge(self, kept: str, other: str, by: str) -> None:
        """Treat two ids as one thing in every pivot; :meth:`unmerge` takes it back.

        Raises:
            ObjectError: an id is unknown, they are the same, or ``kept`` is itself merged away.
        """
        with self.knowledge.write() as connection:
            for name in (kept, other):
                query = sa.select(OBJECTS.c.number).where(OBJECTS.c.id == name).limit(1)
                if connection.execute(query).first() is None:
                    raise ObjectError(f"no object {name}")
            gone = sa.select(MERGES.c.kept).where(MERGES.c.other == kept)
            if kept == other or connection.execute(gone).first():
                raise ObjectError(f"cannot merge {other} into {kept}: it is merged itself")
            connection.execute(MERGES.delete().where(MERGES.c.other == other))
            row = {"kept": kept, "other": other, "merged_by": by, "time": self._now()}
            connection.execute(MERGES.insert().values(**row))
            connection.execute(MERGES.update().where(MERGES.c.kept == other).values(kept=kept))

    def unmerge(self, other: str) -> bool:
        """Take a merge back; return whether there was one."""
        with self.knowledge.write() as connection:
            done = connection.execute(MERGES.delete().where(MERGES.c.other == other))
            return bool(done.rowcount)

    def count(self) -> int:
        """Return how many objects there are, versions not counted."""
        query = sa.select(sa.func.count()).select_from(OBJECTS).where(OBJECTS.c.last.is_(True))
        with self.knowledge.read() as connection:
            return int(connection.execute(query).scalar_one())

    def search(
        self, text: str, clearance: Clearance, types: tuple[str, ...] = (), limit: int = 100
    ) -> list[dict[str, Any]]:
        """Return objects whose name, alias, value, pattern or external id holds a text."""
        wanted = text.casefold()
        literal = wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        query = (
            sa.select(OBJECTS.c.body)
            .where(OBJECTS.c.last.is_(True))
            .where(OBJECTS.c.title.like(f"%{literal}%", escape="\\"))
            .order_by(OBJECTS.c.number.desc())
        )
        if types:
            query = query.where(OBJECTS.c.type.in_(types))
        with self.knowledge.read() as connection:
            gate = Gate(connection, clearance)
            return gate.some(query, limit, lambda item: wanted in title(item))

    def neighbours(self, object_id: str, clearance: Clearance, depth: int = 1) -> list[Neighbour]:
        """Return the objects within some steps of one, nearest first, that a reader may see."""
        with self.knowledge.read() as connection:
            return neighbours(connection, Gate(connection, clearance), object_id, depth)

    def path(self, start: str, end: str, clearance: Clearance, depth: int = 6) -> list[Neighbour]:
        """Return the steps of a shortest way from one object to another; empty if none."""
        with self.knowledge.read() as connection:
            return path(connection, Gate(connection, clearance), start, end, depth)

    def shared(self, object_id: str, clearance: Clearance) -> list[Shared]:
        """Return what leads to the same infrastructure as an object, the most in common first."""
        with self.knowledge.read() as connection:
            return shared_infrastructure(connection, Gate(connection, clearance), object_id)

    def clusters(
        self, clearance: Clearance, types: tuple[str, ...] = ("indicator",)
    ) -> list[list[str]]:
        """Return groups of objects that artefacts in common join, largest first."""
        return clusters(self.all(clearance, match=Match(types=types)))

    def naming(self, value: str, clearance: Clearance, limit: int = 100) -> list[dict[str, Any]]:
        """Return the objects that name exactly this value, catalogue id or name."""
        wanted = {value.casefold(), letters(value)} - {""}
        keys = keys_of_any_kind(wanted)

        def names_it(item: dict[str, Any]) -> bool:
            return any(text in wanted for _, text in artefacts(item))

        with self.knowledge.read() as connection:
            return Gate(connection, clearance).some(_NAMING, limit, names_it, {"keys": keys})

    def naming_each(
        self, values: Iterable[str], clearance: Clearance
    ) -> dict[str, list[dict[str, Any]]]:
        """Return the objects that name each of many values exactly, by value in lower case.

        A value that more than 200 objects name is left out: it is a commonplace.
        """
        found: dict[str, list[dict[str, Any]]] = {}
        wanted = {artefact_key("value", value.casefold()): value.casefold() for value in values}
        query = (
            sa.select(ARTEFACTS.c.key, OBJECTS.c.id)
            .join(OBJECTS, ARTEFACTS.c.object == OBJECTS.c.number)
            .where(ARTEFACTS.c.key.in_(sa.bindparam("keys", expanding=True)))
            .where(OBJECTS.c.last.is_(True))
        )
        with self.knowledge.read() as connection:
            gate = Gate(connection, clearance)
            for part in parts(wanted):
                ids: dict[str, list[str]] = {}
                for row in connection.execute(query, {"keys": part}):
                    ids.setdefault(wanted[row.key], []).append(row.id)
                for value, named in ids.items():
                    items = gate.lasts(named).values() if len(named) <= CROWD else ()
                    seen = [one for one in items if ("value", value) in artefacts(one)]
                    if seen:
                        found[value] = seen
        return found

    def _later(self, connection: sa.Connection) -> int:
        """Return the time of an addition: now, and always later than an earlier addition's."""
        last = counter(connection, "date", 0)
        now = max(self._now(), last + 1)
        counter(connection, "date", now - last)
        return now

    def _begin(self, connection: sa.Connection, provenance: Provenance, now: int) -> int:
        number = counter(connection, "additions", 1)
        connection.execute(
            ADDITIONS.insert().values(
                number=number,
                source=provenance.source,
                retrieved=provenance.retrieved,
                taken_by=provenance.by,
                confidence=provenance.confidence,
                added=now,
            )
        )
        return number
