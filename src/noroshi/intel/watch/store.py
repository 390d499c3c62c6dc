"""The watchlist at rest, and the notifications that it raised: each once, until acknowledged."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import sqlalchemy as sa

from noroshi.intel.indicators import Indicator
from noroshi.intel.knowledge import Knowledge
from noroshi.intel.objects import Provenance
from noroshi.intel.objects.intake import counter
from noroshi.intel.objects.markings import Clearance
from noroshi.intel.objects.store import ObjectStore
from noroshi.intel.objects.tables import insert
from noroshi.intel.watch.entry import Entry, WatchError, WatchKind
from noroshi.intel.watch.find import Finder
from noroshi.intel.watch.hit import Hit
from noroshi.intel.watch.named import named_by_sources, named_in
from noroshi.intel.watch.tables import ENTRIES, HITS
from noroshi.lang import Message

HITS_PER_ENTRY = 1000
"""Open notifications of one entry; more would tell nobody anything."""

_AT_ONCE = 500


class Listed(NamedTuple):
    """What came of adding entries."""

    new: int
    known: int


def _now() -> int:
    return time.time_ns() // 1000


class WatchStore:
    """The watchlist of a knowledge store.

    Args:
        knowledge: an open store.
        now: clock, µs since 1970 UTC.
    """

    def __init__(self, knowledge: Knowledge, now: Callable[[], int] = _now) -> None:
        self.knowledge = knowledge
        self._now = now
        self._finder: tuple[tuple[int, int], Finder] | None = None

    def add(self, entries: Iterable[Entry]) -> Listed:
        """Add entries; one of the same kind, value and owner is there only once."""
        given = {(one.kind, one.value, one.owner): one for one in entries}
        with self.knowledge.write() as connection:
            query = sa.select(ENTRIES.c.kind, ENTRIES.c.value, ENTRIES.c.owner)
            known = {tuple(row) for row in connection.execute(query)}
            fresh = [one for key, one in given.items() if key not in known]
            number = counter(connection, "watch_entries", len(fresh)) - len(fresh)
            now = self._now()
            rows = [
                (number + place, one.kind.value, one.value, one.owner, one.label, one.note, now)
                for place, one in enumerate(fresh, 1)
            ]
            insert(connection, ENTRIES, rows)
        return Listed(len(fresh), len(given) - len(fresh))

    def remove(self, numbers: Sequence[int]) -> int:
        """Stop watching; what was raised stays. Return how many entries went."""
        with self.knowledge.write() as connection:
            done = connection.execute(ENTRIES.delete().where(ENTRIES.c.number.in_(numbers)))
            return int(done.rowcount)

    def entries(self) -> list[Entry]:
        """Return everything that is watched, oldest first."""
        with self.knowledge.read() as connection:
            return _entries(connection)

    @property
    def finder(self) -> Finder:
        """The watchlist as it is now, ready to be asked."""
        with self.knowledge.read() as connection:
            return self._ready(connection)

    def watch(
        self, connection: sa.Connection, items: Sequence[Mapping[str, Any]], said: Provenance
    ) -> None:
        """Raise what new objects meet, in the transaction that adds them."""
        finder = self._ready(connection)
        if finder:
            self._raise(connection, named_in(finder, items, said))

    def watch_indicators(self, indicators: Sequence[Indicator]) -> None:
        """Raise what new indicators meet."""
        finder = self.finder
        if finder:
            self.notify(named_by_sources(finder, indicators, self._now()))

    def notify(self, hits: Iterable[Hit]) -> int:
        """Raise notifications; return how many are new."""
        found = list(hits)
        if not found:
            return 0
        with self.knowledge.write() as connection:
            return self._raise(connection, found)

    def look_back(self, objects: ObjectStore, chunk: int = 5000) -> int:
        """Hold everything that is known against the watchlist; return how many hits are new.

        One pass over the objects, whatever the number of entries.
        """
        finder, fresh, waiting = self.finder, 0, list[Mapping[str, Any]]()
        said = Provenance("", self._now(), "watch")

        def flush() -> int:
            return self.notify(named_in(finder, waiting, said))

        for item in objects.all(Clearance.everything(), chunk=chunk):
            waiting.append(item)
            if len(waiting) >= chunk:
                fresh += flush()
                waiting.clear()
        return fresh + flush()

    def hits(self, *, everything: bool = False, after: int = 0, limit: int = 100) -> list[Hit]:
        """Return notifications, newest first; those that nobody took note of yet, or all."""
        query = sa.select(HITS).where(HITS.c.number > after).order_by(HITS.c.number.desc())
        if not everything:
            query = query.where(HITS.c.acknowledged == 0)
        with self.knowledge.read() as connection:
            return [_hit(row) for row in connection.execute(query.limit(limit))]

    def open_count(self) -> int:
        """Return how many notifications nobody took note of."""
        query = sa.select(sa.func.count()).select_from(HITS).where(HITS.c.acknowledged == 0)
        with self.knowledge.read() as connection:
            return int(connection.execute(query).scalar_one())

    def acknowledge(self, numbers: Sequence[int] | None, by: str) -> int:
        """Take note of notifications, or of all; return how many were open.

        Raises:
            WatchError: there is no notification of one of the numbers; no note was taken.
        """
        change = HITS.update().where(HITS.c.acknowledged == 0)
        if numbers is not None:
            change = change.where(HITS.c.number.in_(numbers))
        with self.knowledge.write() as connection:
            _check_numbers(connection, numbers or ())
            done = connection.execute(change.values(acknowledged=self._now(), acknowledged_by=by))
            return int(done.rowcount)

    def _ready(self, connection: sa.Connection) -> Finder:
        size = sa.select(sa.func.count(), sa.func.coalesce(sa.func.max(ENTRIES.c.number), 0))
        state = tuple(connection.execute(size).one())
        if self._finder is None or self._finder[0] != state:
            self._finder = ((int(state[0]), int(state[1])), Finder(_entries(connection)))
        return self._finder[1]

    def _raise(self, connection: sa.Connection, hits: Iterable[Hit]) -> int:
        wanted = {hit.id: hit for hit in hits}
        known = _known(connection, list(wanted))
        fresh = [(key, hit) for key, hit in wanted.items() if key not in known]
        counts = _counts(connection, {hit.entry for _, hit in fresh})
        rows = []
        for key, hit in fresh:
            counts[hit.entry] += 1
            if counts[hit.entry] <= HITS_PER_ENTRY:
                rows.append((key, replace(hit, raised=hit.raised or self._now())))
        number = counter(connection, "watch_hits", len(rows)) - len(rows)
        insert(connection, HITS, [_row(number + at, *one) for at, one in enumerate(rows, 1)])
        return len(rows)


def _entries(connection: sa.Connection) -> list[Entry]:
    rows = connection.execute(sa.select(ENTRIES).order_by(ENTRIES.c.number))
    return [Entry(row[0], WatchKind(row[1]), *row[2:]) for row in rows]


def _check_numbers(connection: sa.Connection, numbers: Iterable[int]) -> None:
    """Refuse numbers that no notification has; they count up from 1, and none is ever deleted."""
    newest = connection.execute(sa.select(sa.func.max(HITS.c.number))).scalar() or 0
    if wrong := [str(number) for number in numbers if not 0 < number <= newest]:
        raise WatchError(
            f"no notification {', '.join(wrong)}; noroshi watch hits --all shows the numbers"
        )


def _known(connection: sa.Connection, ids: list[str]) -> set[str]:
    query = sa.select(HITS.c.id).where(HITS.c.id.in_(sa.bindparam("ids", expanding=True)))
    found: set[str] = set()
    for start in range(0, len(ids), _AT_ONCE):
        part = {"ids": ids[start : start + _AT_ONCE]}
        found.update(connection.execute(query, part).scalars())
    return found


def _counts(connection: sa.Connection, entries: set[int]) -> Counter[int]:
    query = (
        sa.select(HITS.c.entry, sa.func.count())
        .where(HITS.c.acknowledged == 0)
        .where(HITS.c.entry.in_(sa.bindparam("entries", expanding=True)))
        .group_by(HITS.c.entry)
    )
    found: Counter[int] = Counter()
    ordered = sorted(entries)
    for start in range(0, len(ordered), _AT_ONCE):
        part = {"entries": ordered[start : start + _AT_ONCE]}
        found.update({int(row[0]): int(row[1]) for row in connection.execute(query, part)})
    return found


def _row(number: int, key: str, hit: Hit) -> tuple[object, ...]:
    return (
        number, key, hit.entry, hit.watched, hit.value, hit.how.to_json(), hit.origin.to_json(),
        hit.quote, hit.subject, hit.raised, 0, "",
    )  # fmt: skip


def _hit(row: Any) -> Hit:
    return Hit(
        row.entry, row.watched, row.value, Message.from_json(row.how),
        Message.from_json(row.origin), row.quote, row.subject, row.raised, row.number,
        row.acknowledged, row.acknowledged_by,
    )  # fmt: skip
