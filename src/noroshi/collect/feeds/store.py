"""Feeds at rest: settings, how far each has come, what waits to be kept, what is held back.

What a pull reads is written in batches, each in one transaction with the feed's new position and
the items that are known from then on. Only then is a batch turned into knowledge, which may be
repeated without harm. So a process that dies at any point loses nothing and doubles nothing.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import orjson
import sqlalchemy as sa
import zstandard

from noroshi.collect.feeds.errors import FeedError
from noroshi.collect.feeds.feed import Feed
from noroshi.collect.feeds.item import Form, Item
from noroshi.collect.feeds.tables import BATCHES, FEEDS, ITEMS, PULLS
from noroshi.intel.knowledge import Knowledge
from noroshi.intel.objects.intake import counter
from noroshi.intel.objects.tables import insert
from noroshi.lang import Message

_AT_ONCE = 500
_HISTORY = 20
_KEPT_PULLS = 100
_SAMPLE = 5

Sorted: TypeAlias = Callable[[Item], Iterable[tuple[Item, Message | None]]]
"""Parts an item into what is believed (None) and what is not, with the reason."""


def _now() -> int:
    return time.time_ns() // 1000


@dataclass(frozen=True, slots=True)
class Batch:
    """Items that wait to be kept, or are held back.

    Attributes:
        number: grows, never given again.
        feed: name of the feed.
        pull: which pull read them.
        retrieved: when, µs since 1970 UTC.
        held: why they are held back; None if they are not.
        count: how many.
        sample: a few of them, for people.
    """

    number: int
    feed: str
    pull: int
    retrieved: int
    held: Message | None
    count: int
    sample: str


@dataclass(frozen=True, slots=True)
class State:
    """How a feed is doing; times in µs since 1970 UTC.

    Attributes:
        feed: its settings.
        position: how far it has come.
        due: when it is to be pulled next.
        failures: pulls in a row that failed.
        pull: number of the pull that is under way, or was when it died; 0 if none is.
        last: when the last pull ended; 0 before the first.
        outcome: of the last pull: done, held or failed; empty before the first.
        told: what came of it.
        known: items known.
        waiting: items that wait to be kept.
        held: items held back.
    """

    feed: Feed
    position: dict[str, Any]
    due: int
    failures: int
    pull: int
    last: int = 0
    outcome: str = ""
    told: Message | None = None
    known: int = 0
    waiting: int = 0
    held: int = 0


class Usual(NamedTuple):
    """What a pull of a feed usually brings; None where too few pulls tell."""

    fresh: int | None
    entries: int | None


class Ended(NamedTuple):
    """What came of a pull, to be noted; times in µs since 1970 UTC."""

    outcome: str
    told: Message
    counts: Mapping[str, int]
    position: Mapping[str, Any]
    started: int
    due: int


class FeedStore:
    """The feeds of a knowledge store.

    Args:
        knowledge: an open store.
        now: clock, µs since 1970 UTC.
    """

    def __init__(self, knowledge: Knowledge, now: Callable[[], int] = _now) -> None:
        self.knowledge = knowledge
        self.now = now

    def add(self, feed: Feed) -> bool:
        """Add a feed, or change its settings; return whether it is new.

        One that lies elsewhere from now on, or is of another kind, is read from its beginning.
        """
        known = FEEDS.c.name == feed.name
        with self.knowledge.write() as connection:
            row = connection.execute(sa.select(FEEDS.c.settings).where(known)).first()
            if row is None:
                insert(connection, FEEDS, [(feed.name, feed.to_json(), "{}", 0, 0, 0)])
                return True
            changes: dict[str, Any] = {"settings": feed.to_json(), "due": 0}
            before = Feed.from_json(row.settings)
            if (before.location, before.kind) != (feed.location, feed.kind):
                changes |= {"position": "{}", "failures": 0}
            connection.execute(FEEDS.update().where(known).values(**changes))
            return False

    def remove(self, name: str) -> bool:
        """Remove a feed; what it brought stays."""
        with self.knowledge.write() as connection:
            for table in (ITEMS, BATCHES, PULLS):
                connection.execute(table.delete().where(table.c.feed == name))
            return bool(connection.execute(FEEDS.delete().where(FEEDS.c.name == name)).rowcount)

    def states(self) -> list[State]:
        """Return every feed with how it is doing, by name."""
        with self.knowledge.read() as connection:
            rows = connection.execute(sa.select(FEEDS).order_by(FEEDS.c.name)).all()
            return [_state(connection, row) for row in rows]

    def state(self, name: str) -> State:
        """Return one feed.

        Raises:
            FeedError: there is none of that name.
        """
        with self.knowledge.read() as connection:
            row = connection.execute(sa.select(FEEDS).where(FEEDS.c.name == name)).first()
            if row is None:
                raise FeedError(f"no feed {name!r}; noroshi feeds list shows them")
            return _state(connection, row)

    def begin(self, name: str) -> int:
        """Return the number of the pull under way: the one that died, or a new one."""
        with self.knowledge.write() as connection:
            one = FEEDS.c.name == name
            number = int(connection.execute(sa.select(FEEDS.c.pull).where(one)).scalar_one())
            if not number:
                number = counter(connection, "feed_pulls", 1)
                connection.execute(FEEDS.update().where(one).values(pull=number))
            return number

    def keep(
        self,
        name: str,
        pull: int,
        items: Sequence[Item],
        position: Mapping[str, Any],
        believed: Sorted,
    ) -> int:
        """Write what is new of some items, with the feed's position; return how much is new."""
        now = self.now()
        with self.knowledge.write() as connection:
            fresh, changed = _fresh(connection, name, items)
            groups: dict[str, list[Item]] = {}
            for item in fresh:
                for one, why in believed(item):
                    groups.setdefault("" if why is None else why.to_json(), []).append(one)
            _forget(connection, name, changed)
            rows = [(name, item.key_digest, item.digest, now) for item in fresh]
            insert(connection, ITEMS, rows)
            for held, some in groups.items():
                _write(connection, name, pull, now, held, some)
            _move(connection, name, position)
        return len(fresh)

    def hold_items(self, batch: Batch, items: Sequence[Item], reason: Message) -> None:
        """Hold some items of a batch back that turned out to be unfit."""
        held = reason.to_json()
        with self.knowledge.write() as connection:
            _write(connection, batch.feed, batch.pull, batch.retrieved, held, items)

    def batches(self, name: str = "", *, held: bool | None = None) -> list[Batch]:
        """Return the batches of a feed, or of all feeds, oldest first.

        Args:
            name: of the feed; empty for all.
            held: only those that are held back, or only those that are not; None for both.
        """
        columns = [column for column in BATCHES.c if column.name != "body"]
        query = sa.select(*columns).order_by(BATCHES.c.number)
        if name:
            query = query.where(BATCHES.c.feed == name)
        if held is not None:
            query = query.where(BATCHES.c.held != "" if held else BATCHES.c.held == "")
        with self.knowledge.read() as connection:
            return [
                Batch(row[0], row[1], row[2], row[3],
                      Message.from_json(row[4]) if row[4] else None, row[5], row[6])
                for row in connection.execute(query)
            ]  # fmt: skip

    def items(self, number: int) -> list[Item]:
        """Return the items of a batch."""
        query = sa.select(BATCHES.c.body).where(BATCHES.c.number == number)
        with self.knowledge.read() as connection:
            body = connection.execute(query).scalar_one()
        rows = orjson.loads(zstandard.ZstdDecompressor().decompress(body))
        return [Item(row[0], Form(row[1]), row[2], row[3]) for row in rows]

    def hold(self, numbers: Iterable[int], reason: Message) -> None:
        """Hold batches back."""
        self._set_held(numbers, reason.to_json())

    def release(self, numbers: Iterable[int]) -> int:
        """Let batches that were held back go on; return how many there were.

        A pull that was held back as a whole counts as a good one from then on: what it brought is
        what may be expected.
        """
        wanted = list(numbers)
        pulls = sa.select(BATCHES.c.pull).where(BATCHES.c.number.in_(wanted))
        good = PULLS.update().where(PULLS.c.number.in_(pulls)).where(PULLS.c.outcome == "held")
        with self.knowledge.write() as connection:
            connection.execute(good.values(outcome="done"))
        return self._set_held(wanted, "")

    def drop(self, numbers: Iterable[int]) -> int:
        """Forget batches, which were kept or are not wanted; return how many there were."""
        with self.knowledge.write() as connection:
            done = connection.execute(BATCHES.delete().where(BATCHES.c.number.in_(list(numbers))))
            return int(done.rowcount)

    def usual(self, name: str) -> Usual:
        """Return what a pull of this feed usually brings: medians of the pulls that went well."""
        query = (
            sa.select(PULLS.c.fresh, PULLS.c.counts)
            .where(PULLS.c.feed == name)
            .where(PULLS.c.outcome == "done")
            .order_by(PULLS.c.number.desc())
            .limit(_HISTORY)
        )
        with self.knowledge.read() as connection:
            rows = connection.execute(query).all()
        entries = [int(json.loads(row.counts).get("entries", 0)) for row in rows]
        return Usual(
            _median([int(row.fresh) for row in rows], 3), _median([one for one in entries if one])
        )

    def end(self, state: State, pull: int, ended: Ended) -> None:
        """Note what came of a pull, and when the next is due."""
        failures = state.failures + 1 if ended.outcome == "failed" else 0
        name = state.feed.name
        row = (
            pull, name, ended.started, self.now(), ended.outcome, ended.told.to_json(),
            json.dumps(dict(ended.counts)), ended.counts.get("new", 0),
        )  # fmt: skip
        old = (
            sa.select(PULLS.c.number)
            .where(PULLS.c.feed == name)
            .order_by(PULLS.c.number.desc())
            .offset(_KEPT_PULLS)
        )
        with self.knowledge.write() as connection:
            insert(connection, PULLS, [row])
            numbers = list(connection.execute(old).scalars())
            connection.execute(PULLS.delete().where(PULLS.c.number.in_(numbers)))
            _move(connection, name, ended.position)
            change = FEEDS.update().where(FEEDS.c.name == name)
            connection.execute(change.values(pull=0, due=ended.due, failures=failures))

    def _set_held(self, numbers: Iterable[int], held: str) -> int:
        some = BATCHES.c.number.in_(list(numbers)) & (BATCHES.c.held != held)
        with self.knowledge.write() as connection:
            return int(connection.execute(BATCHES.update().where(some).values(held=held)).rowcount)


def _median(numbers: Sequence[int], least: int = 1) -> int | None:
    return sorted(numbers)[len(numbers) // 2] if len(numbers) >= least else None


def _state(connection: sa.Connection, row: Any) -> State:
    waits = BATCHES.c.held == ""
    last = connection.execute(
        sa.select(PULLS.c.ended, PULLS.c.outcome, PULLS.c.told)
        .where(PULLS.c.feed == row.name)
        .order_by(PULLS.c.number.desc())
        .limit(1)
    ).first()
    known = sa.select(sa.func.count()).select_from(ITEMS).where(ITEMS.c.feed == row.name)
    return State(
        Feed.from_json(row.settings), json.loads(row.position), int(row.due), int(row.failures),
        int(row.pull), int(last.ended) if last else 0, str(last.outcome) if last else "",
        Message.from_json(last.told) if last else None,
        int(connection.execute(known).scalar_one()),
        _count(connection, row.name, waits), _count(connection, row.name, ~waits),
    )  # fmt: skip


def _count(connection: sa.Connection, name: str, which: sa.ColumnElement[bool]) -> int:
    total = sa.func.coalesce(sa.func.sum(BATCHES.c["items"]), 0)
    query = sa.select(total).where(BATCHES.c.feed == name).where(which)
    return int(connection.execute(query).scalar_one())


def _fresh(
    connection: sa.Connection, name: str, items: Sequence[Item]
) -> tuple[list[Item], list[bytes]]:
    """Return the items that are new or have changed, each key once, and the keys that changed."""
    given = {item.key_digest: item for item in items}
    known: dict[bytes, bytes] = {}
    query = (
        sa.select(ITEMS.c.key, ITEMS.c.digest)
        .where(ITEMS.c.feed == name)
        .where(ITEMS.c.key.in_(sa.bindparam("keys", expanding=True)))
    )
    for keys in _parts(list(given)):
        rows = connection.execute(query, {"keys": keys})
        known |= {bytes(row[0]): bytes(row[1]) for row in rows}
    fresh = {
        key: item
        for key, item in given.items()
        if (key in known or not item.minor) and known.get(key) != item.digest
    }
    return list(fresh.values()), [key for key in fresh if key in known]


def _forget(connection: sa.Connection, name: str, keys: Sequence[bytes]) -> None:
    for some in _parts(keys):
        connection.execute(ITEMS.delete().where(ITEMS.c.feed == name).where(ITEMS.c.key.in_(some)))


def _parts(keys: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    for start in range(0, len(keys), _AT_ONCE):
        yield keys[start : start + _AT_ONCE]


def _write(
    connection: sa.Connection, name: str, pull: int, now: int, held: str, items: Sequence[Item]
) -> None:
    body = orjson.dumps([(item.key, item.form, item.body, item.date) for item in items])
    packed = zstandard.ZstdCompressor(level=3).compress(body)
    sample = "; ".join(item.title[:80].replace("\0", "") for item in items[:_SAMPLE])
    number = counter(connection, "feed_batches", 1)
    insert(connection, BATCHES, [(number, name, pull, now, held, len(items), sample, packed)])


def _move(connection: sa.Connection, name: str, position: Mapping[str, Any]) -> None:
    change = FEEDS.update().where(FEEDS.c.name == name)
    connection.execute(change.values(position=json.dumps(dict(position))))
