"""One pull of a feed: read, doubt, keep, and note when to come again."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from noroshi.collect.feeds.door import Door
from noroshi.collect.feeds.errors import FeedError
from noroshi.collect.feeds.feed import Limits
from noroshi.collect.feeds.item import Item
from noroshi.collect.feeds.kinds import KINDS
from noroshi.collect.feeds.sanity import Sanity, too_doubtful, too_many
from noroshi.collect.feeds.store import Batch, FeedStore, State
from noroshi.intel.errors import IntelError
from noroshi.lang import N_, Message

BATCH_ITEMS = 1000
BATCH_BYTES = 4 << 20
LONGEST_PAUSE = 86_400
"""Seconds between two tries of a feed that fails, at most."""
_LEAST_PAUSE = 60

Keeper = Callable[[str, Batch, list[Item]], None]
"""Turns a batch into knowledge; called again with the same batch, it changes nothing."""

_DONE = N_("{new} new items, {held} of them held back")
_NOTHING = N_("nothing new")
_FAILED = N_("failed: {reason}")
_PARTLY = N_("{new} new items, {held} of them held back; then it failed: {reason}")


@dataclass(frozen=True, slots=True)
class Pulled:
    """What came of a pull.

    Attributes:
        name: the feed.
        outcome: done or failed.
        told: the same in words.
        new: new items.
        held: of those, held back.
        size: bytes read.
    """

    name: str
    outcome: str
    told: Message
    new: int
    held: int
    size: int


@dataclass(frozen=True, slots=True)
class Puller:
    """Pulls feeds.

    Attributes:
        store: where feeds are kept.
        sanity: what is doubted.
        keep: what turns items into knowledge.
        limits: bounds of one pull.
        jitter: 0 to 1, at random, so that many do not come back at once.
    """

    store: FeedStore
    sanity: Sanity
    keep: Keeper
    limits: Limits = Limits()
    jitter: Callable[[], float] = random.random

    def pull(self, name: str, key: str = "") -> Pulled:
        """Pull a feed once. What it does wrong is noted in its state and not raised."""
        state = self.store.state(name)
        started = self.store.now()
        number = self.store.begin(name)
        door = Door(state.feed, state.position.get("seen", {}), key, self.limits)
        position = dict(state.position)
        error = self._read(state, number, door, position)
        if error is None:
            position["seen"] = {**position.get("seen", {}), **door.fresh}
        new, held = self._judge(name, number)
        try:
            self.settle(name)
        except IntelError as why:
            error = FeedError(str(why))
        outcome = "done" if error is None else "failed"
        told = _told(new, held, error)
        counts = {"new": new, "held": held, "size": door.size, "requests": door.requests}
        due = self.store.now() + int(self._pause(state, error) * 1_000_000)
        self.store.end(
            state, number, started, outcome=outcome, told=told, counts=counts,
            position=position, due=due,
        )  # fmt: skip
        return Pulled(name, outcome, told, new, held, door.size)

    def settle(self, name: str) -> None:
        """Turn what waits into knowledge."""
        for batch in self.store.waiting(name):
            self.keep(name, batch, self.store.items(batch.number))
            self.store.drop(batch.number)

    def _read(
        self, state: State, number: int, door: Door, position: dict[str, Any]
    ) -> FeedError | None:
        """Write what the feed says; return what went wrong."""
        name = state.feed.name
        waiting: list[Item] = []
        size = total = 0
        failure: FeedError | None = None
        try:
            for item in KINDS[state.feed.kind].read(door, position):
                waiting.append(item)
                size += len(orjson.dumps(item.body))
                if len(waiting) >= BATCH_ITEMS or size >= BATCH_BYTES:
                    new, _ = self.store.keep(name, number, waiting, position, self.sanity.doubt)
                    total += new
                    waiting, size = [], 0
                    if total > self.limits.items:
                        raise FeedError(f"more than {self.limits.items:,} new items in one pull")
        except FeedError as error:
            failure = error
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            # What a server says is its own choice: no answer may stop the other feeds.
            failure = FeedError(f"not understood: {type(error).__name__}: {str(error)[:200]}")
        if waiting:
            self.store.keep(name, number, waiting, position, self.sanity.doubt)
        return failure

    def _judge(self, name: str, number: int) -> tuple[int, int]:
        """Hold back what this pull brought if it is too much or too doubtful."""
        mine = [batch for batch in self.store.batches(name) if batch.pull == number]
        new = sum(batch.count for batch in mine)
        bad = sum(batch.count for batch in mine if batch.held is not None)
        why = too_many(new, self.store.usual(name)) or too_doubtful(new, bad)
        if why is not None:
            self.store.hold((batch.number for batch in mine if batch.held is None), why)
            return new, new
        return new, bad

    def _pause(self, state: State, error: FeedError | None) -> float:
        if error is None:
            return state.feed.every
        doubled = max(_LEAST_PAUSE, state.feed.every / 4) * 2 ** min(state.failures, 20)
        return max(error.wait, min(doubled, LONGEST_PAUSE) * (0.5 + self.jitter() / 2))


def _told(new: int, held: int, error: FeedError | None) -> Message:
    params = {"new": new, "held": held, "reason": str(error)[:500]}
    if error is not None:
        return Message(_PARTLY if new else _FAILED, params)
    return Message(_DONE if new else _NOTHING, params)
