"""Feeds at rest: settings, how far each has come, what waits to be kept, what is held back.

What a pull reads is written in batches, each in one transaction with the feed's new position and
the items that are known from then on. Only then is a batch turned into knowledge, which may be
repeated without harm since everything in it, times included, is in the batch. So a process that
dies at any point loses nothing and doubles nothing.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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
    told: Message | None = None
    known: int = 0
    waiting: int = 0
    held: int = 0


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
        """Add a feed, or change its settings; return whether it is new."""
        with self.knowledge.write() as connection:
            known = FEEDS.c.name == feed.name
            if connection.execute(sa.select(FEEDS.c.name).where(known)).first():
                connection.execute(FEEDS.update().where(known).values(settings=feed.to_json()))
                return False
            insert(connection, FEEDS, [(feed.name, feed.to_json(), "{}", 0, 0, 0)])
            return True

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
        found = next((state for state in self.states() if state.feed.name == name), None)
        if found is None:
            raise FeedError(f"no feed {name!r}; noroshi feeds list shows them")
        return found

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
        doubt: Callable[[Item], Message | None],
    ) -> tuple[int, int]:
        """Write what is new of some items, with the feed's position; return (new, in doubt)."""
        now = self.now()
        with self.knowledge.write() as connection:
            fresh = _fresh(connection, name, items)
            good: list[Item] = []
            bad: dict[str, list[Item]] = {}
            for item in fresh:
                reason = doubt(item)
                if reason is None:
                    good.append(item)
                else:
                    bad.setdefault(reason.to_json(), []).append(item)
            _know(connection, name, fresh, now)
            for held, some in (("", good), *bad.items()):
                if some:
                    _write(connection, name, pull, now, held, some)
            _move(connection, name, position)
        return len(fresh), len(fresh) - len(good)

    def waiting(self, name: str) -> list[Batch]:
        """Return the batches that wait to be kept, oldest first."""
        return [batch for batch in self.batches(name) if batch.held is None]

    def held(self, name: str = "") -> list[Batch]:
        """Return the batches that are held back, oldest first."""
        return [batch for batch in self.batches(name) if batch.held is not None]

    def batches(self, name: str = "") -> list[Batch]:
        """Return all batches of a feed, or of all feeds, oldest first."""
        columns = [column for column in BATCHES.c if column.name != "body"]
        query = sa.select(*columns).order_by(BATCHES.c.number)
        if name:
            query = query.where(BATCHES.c.feed == name)
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
        with self.knowledge.write() as connection:
            for number in numbers:
                one = BATCHES.c.number == number
                connection.execute(BATCHES.update().where(one).values(held=reason.to_json()))

    def release(self, number: int) -> bool:
        """Let a batch that was held back go on; return whether there was one."""
        with self.knowledge.write() as connection:
            one = (BATCHES.c.number == number) & (BATCHES.c.held != "")
            return bool(connection.execute(BATCHES.update().where(one).values(held="")).rowcount)

    def drop(self, number: int) -> bool:
        """Forget a batch: it was kept, or is not wanted."""
        with self.knowledge.write() as connection:
            done = connection.execute(BATCHES.delete().where(BATCHES.c.number == number))
            return bool(done.rowcount)

    def usual(self, name: str) -> int | None:
        """Return how many new items a pull of this feed usually brings; None if not known yet."""
        query = (
            sa.select(PULLS.c.fresh)
            .where(PULLS.c.feed == name)
            .where(PULLS.c.outcome == "done")
            .order_by(PULLS.c.number.desc())
            .limit(_HISTORY)
        )
        with self.knowledge.read() as connection:
            counts = sorted(int(row[0]) for row in connection.execute(query))
        return counts[len(counts) // 2] if len(counts) >= 3 else None

    def end(
        self,
        state: State,
        pull: int,
        started: int,
        *,
        outcome: str,
        told: Message,
        counts: Mapping[str, int],
        position: Mapping[str, Any],
        due: int,
    ) -> None:
        """Note what came of a pull, and when the next is due."""
        failures = 0 if outcome == "done" else state.failures + 1
        name = state.feed.name
        row = (
            pull, name, started, self.now(), outcome, told.to_json(), json.dumps(dict(counts)),
            counts.get("new", 0),
        )  # fmt: skip
        with self.knowledge.write() as connection:
            insert(connection, PULLS, [row])
            old = (
                sa.select(PULLS.c.number)
                .where(PULLS.c.feed == name)
                .order_by(PULLS.c.number.desc())
                .offset(100)
            )
            numbers = list(connection.execute(old).scalars())
            connection.execute(PULLS.delete().where(PULLS.c.number.in_(numbers)))
            _move(connection, name, position)
            change = FEEDS.update().where(FEEDS.c.name == name)
            connection.execute(change.values(pull=0, due=due, failures=failures))


def _state(connection: sa.Connection, row: Any) -> State:
    def count(table: sa.Table, *where: Any) -> int:
        what = (
            sa.func.count()
            if table is ITEMS
            else sa.func.coalesce(sa.func.sum(table.c["items"]), 0)
        )
        query = sa.select(what).select_from(table).where(table.c.feed == row.name, *where)
        return int(connection.execute(query).scalar_one())

    last = connection.execute(
        sa.select(PULLS.c.ended, PULLS.c.told)
        .where(PULLS.c.feed == row.name)
        .order_by(PULLS.c.number.desc())
        .limit(1)
    ).first()
    return State(
        Feed.from_json(row.settings), json.loads(row.position), int(row.due), int(row.failures),
        int(row.pull), int(last.ended) if last else 0,
        Message.from_json(last.told) if last else None,
        count(ITEMS), count(BATCHES, BATCHES.c.held == ""), count(BATCHES, BATCHES.c.held != ""),
    )  # fmt: skip


def _fresh(connection: sa.Connection, name: str, items: Sequence[Item]) -> list[Item]:
    """Return the items that are new or have changed, each key once, its last word."""
    given = {item.key_digest: item for item in items}
    known: dict[bytes, bytes] = {}
    keys = list(given)
    query = (
        sa.select(ITEMS.c.key, ITEMS.c.digest)
        .where(ITEMS.c.feed == name)
        .where(ITEMS.c.key.in_(sa.bindparam("keys", expanding=True)))
    )
    for start in range(0, len(keys), _AT_ONCE):
        part = {"keys": keys[start : start + _AT_ONCE]}
        known |= {bytes(row[0]): bytes(row[1]) for row in connection.execute(query, part)}
    return [item for key, item in given.items() if known.get(key) != item.digest]


def _know(connection: sa.Connection, name: str, items: Sequence[Item], now: int) -> None:
    keys = [item.key_digest for item in items]
    for start in range(0, len(keys), _AT_ONCE):
        part = ITEMS.c.key.in_(keys[start : start + _AT_ONCE])
        connection.execute(ITEMS.delete().where(ITEMS.c.feed == name).where(part))
    insert(connection, ITEMS, [(name, item.key_digest, item.digest, now) for item in items])


def _write(
    connection: sa.Connection, name: str, pull: int, now: int, held: str, items: Sequence[Item]
) -> None:
    body = orjson.dumps([(item.key, item.form, item.body, item.date) for item in items])
    packed = zstandard.ZstdCompressor(level=3).compress(body)
    sample = "; ".join(item.key[:80] for item in items[:5])
    number = counter(connection, "feed_batches", 1)
    row = (number, name, pull, now, held, len(items), sample, packed)
    insert(connection, BATCHES, [row])


def _move(connection: sa.Connection, name: str, position: Mapping[str, Any]) -> None:
    change = FEEDS.update().where(FEEDS.c.name == name)
    connection.execute(change.values(position=json.dumps(dict(position))))
