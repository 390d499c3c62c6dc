"""One pull of a feed: read, doubt, keep, and note when to come again."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import orjson

from noroshi.collect.feeds.door import Door
from noroshi.collect.feeds.errors import FeedError
from noroshi.collect.feeds.feed import Feed
from noroshi.collect.feeds.item import Item
from noroshi.collect.feeds.keep import Kept
from noroshi.collect.feeds.kinds import KINDS
from noroshi.collect.feeds.sanity import Sanity, too_doubtful, too_few, too_many
from noroshi.collect.feeds.store import Batch, Ended, FeedStore, State
from noroshi.intel.errors import IntelError
from noroshi.intel.indicators import Indicator
from noroshi.lang import N_, Message
from noroshi.lang.catalogue import within

BATCH_ITEMS = 1000
BATCH_BYTES = 4 << 20
LONGEST_PAUSE = 86_400
"""Seconds between two tries of a feed that fails, at most."""
_LEAST_PAUSE = 60
_ARMED_AT_ONCE = 200_000
_OF_CONTENT = (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError)
"""What code raises that meets content nobody thought of."""

_DONE = N_("{new} new")
_SOME = N_("{new} new, {held} of them held back")
_HELD = N_("{new} new, all of them held back: {why}")
_SHRUNK = N_("nothing new, and strange: {why}")
_NOTHING = N_("nothing new")
_FAILED = N_("failed: {reason}")
_BEGUN = N_("{new} new; then it failed: {reason}")
_PARTLY = N_("{new} new, {held} of them held back; then it failed: {reason}")
_UNFIT = N_("it cannot be kept: {reason}")


class Keeps(Protocol):
    """Turns items into knowledge; see :class:`noroshi.collect.feeds.keep.Keeper`."""

    def keep(self, feed: Feed, batch: Batch, items: Sequence[Item]) -> Kept:
        """Keep a batch."""

    def tell(self, feed: Feed, batch: Batch, items: Sequence[Item]) -> int:
        """Notify of what is held back."""

    def arm(self, wanted: Sequence[Indicator]) -> int:
        """Match indicators from now on."""


@dataclass(frozen=True, slots=True)
class Pulled:
    """What came of a pull.

    Attributes:
        name: the feed.
        outcome: done, held (all that is new is held back) or failed.
        told: the same in words.
        new: new items.
        held: of those, held back.
        entries: different items that the feed held, new or not.
        refused: entries that could not be understood.
        repeated: entries that only said again what another of the same pull says.
        problems: a few of them, each with why.
        size: bytes read.
        due: when it is to be pulled next, µs since 1970 UTC.
    """

    name: str
    outcome: str
    told: Message
    new: int = 0
    held: int = 0
    entries: int = 0
    refused: int = 0
    problems: tuple[tuple[str, str], ...] = ()
    size: int = 0
    due: int = 0
    repeated: int = 0


@dataclass
class _Pull:
    """A pull under way."""

    state: State
    number: int
    started: int
    door: Door
    position: dict[str, Any]
    entries: int = 0
    new: int = 0
    error: FeedError | None = None
    doubt: Message | None = None
    waiting: list[Item] = field(default_factory=list)
    told: set[bytes] = field(default_factory=set)
    """Items that were told already: a list that names one twice says it once."""


@dataclass(frozen=True, slots=True)
class Puller:
    """Pulls feeds.

    Attributes:
        store: where feeds are kept.
        sanity: what is doubted.
        keeper: what turns items into knowledge.
        jitter: 0 to 1, at random, so that many do not come back at once.
    """

    store: FeedStore
    sanity: Sanity
    keeper: Keeps
    jitter: Callable[[], float] = random.random

    def pull(self, name: str, key: str = "") -> Pulled:
        """Pull a feed once. What it does wrong is noted in its state and not raised.

        Nobody else may pull it at the same time.
        """
        state = self.store.state(name)
        feed = state.feed
        door = Door(feed, state.position.get("seen", {}), key, feed.limits)
        this = _Pull(state, self.store.begin(name), self.store.now(), door, dict(state.position))
        self._read(this)
        this.position["seen"] = self._seen(this)
        new, held = self._judge(this)
        try:
            held += self.settle(feed)
        except IntelError as why:
            this.error = this.error or FeedError(str(why))
        return self._end(this, new, held)

    def _seen(self, this: _Pull) -> dict[str, Any]:
        """Return what need not be read again; what was not asked for any more is forgotten."""
        seen = {**this.door.seen, **this.door.fresh}
        if this.error is not None:
            return seen
        return {place: mark for place, mark in seen.items() if place in this.door.asked}

    def settle(self, feed: Feed) -> int:
        """Turn what waits into knowledge; return how much of it turned out to be unfit."""
        unfit = 0
        armed: list[Indicator] = []
        kept: list[int] = []
        for batch in self.store.batches(feed.name, held=False):
            items = self.store.items(batch.number)
            try:
                done = self.keeper.keep(feed, batch, items)
            except _OF_CONTENT as error:
                why = f"{type(error).__name__}: {str(error)[:200]}"
                self.store.hold((batch.number,), Message(_UNFIT, {"reason": why}))
                unfit += batch.count
                continue
            for reason, some in _grouped(done.refused).items():
                self.store.hold_items(batch, some, Message.from_json(reason))
            unfit += len(done.refused)
            armed += done.armed
            kept.append(batch.number)
            if len(armed) >= _ARMED_AT_ONCE:
                self._close(armed, kept)
                armed, kept = [], []
        self._close(armed, kept)
        return unfit

    def _close(self, armed: Sequence[Indicator], kept: Sequence[int]) -> None:
        """Arm what batches brought, and only then forget them."""
        if armed:
            self.keeper.arm(armed)
        if kept:
            self.store.drop(kept)

    def _read(self, this: _Pull) -> None:
        """Write what the feed says; note what went wrong."""
        feed, size = this.state.feed, 0
        try:
            for item in KINDS[feed.kind].read(this.door, this.position):
                this.door.refuse_late()
                size += self._take(this, item)
                if len(this.waiting) >= BATCH_ITEMS or size >= BATCH_BYTES:
                    self._write(this)
                    size = 0
                    _refuse_flood(this)
        except FeedError as error:
            this.error = error
        except _OF_CONTENT as error:
            # What a server says is its own choice: no answer may stop the other feeds.
            this.error = FeedError(f"not understood: {type(error).__name__}: {str(error)[:200]}")
        self._write(this)

    def _take(self, this: _Pull, item: Item) -> int:
        """Add an item to those that wait, and return its size in bytes."""
        key = item.key_digest
        if key in this.told:
            this.door.repeated += 1
            return 0
        this.told.add(key)
        this.entries += 1
        try:
            size = len(orjson.dumps([item.key, item.body]))
        except (TypeError, RecursionError) as error:
            this.door.refuse(ascii(item.key), f"cannot be written as JSON: {error}")
            return 0
        this.waiting.append(item)
        return size

    def _write(self, this: _Pull) -> None:
        name = this.state.feed.name
        if this.waiting:
            this.new += self.store.keep(
                name, this.number, this.waiting, this.position, self.sanity.sorted
            )
            this.waiting = []

    def _judge(self, this: _Pull) -> tuple[int, int]:
        """Hold back what this pull brought if it is too much, too little or too doubtful."""
        feed = this.state.feed
        batches = self.store.batches(feed.name)
        mine = [batch for batch in batches if batch.pull == this.number]
        new = sum(batch.count for batch in mine)
        bad = sum(batch.count for batch in mine if batch.held is not None)
        usual = self.store.usual(feed.name)
        why = too_many(new, usual.fresh) or too_doubtful(new, bad)
        if why is None and KINDS[feed.kind].whole and this.error is None and this.entries:
            why = too_few(this.entries, usual.entries)
        if why is not None and new:
            self.store.hold((batch.number for batch in mine if batch.held is None), why)
            bad = new
        this.doubt = why
        for batch in self.store.batches(feed.name, held=True):
            if batch.pull == this.number:
                self.keeper.tell(feed, batch, self.store.items(batch.number))
        return new, bad

    def _end(self, this: _Pull, new: int, held: int) -> Pulled:
        door, error = this.door, this.error
        outcome = "failed" if error else "held" if this.doubt and new else "done"
        told = _told(new, held, error, this.doubt)
        counts = {
            "new": new, "held": held, "entries": this.entries, "refused": door.refused,
            "repeated": door.repeated, "size": door.size, "requests": door.requests,
        }  # fmt: skip
        due = self.store.now() + int(self._pause(this.state, error) * 1_000_000)
        ended = Ended(outcome, told, counts, this.position, this.started, due)
        self.store.end(this.state, this.number, ended)
        return Pulled(
            this.state.feed.name, outcome, told, new, held, this.entries, door.refused,
            tuple(door.problems), door.size, due, door.repeated,
        )  # fmt: skip

    def _pause(self, state: State, error: FeedError | None) -> float:
        if error is None:
            return state.feed.every
        doubled = max(_LEAST_PAUSE, state.feed.every / 4) * 2.0 ** min(state.failures, 20)
        return max(error.wait, min(doubled, LONGEST_PAUSE) * (0.5 + self.jitter() / 2))


def _refuse_flood(this: _Pull) -> None:
    most = this.door.limits.items
    if this.new > most:
        raise FeedError(f"more than {most:,} new items in one pull")


def _grouped(refused: Sequence[tuple[Item, Message]]) -> dict[str, list[Item]]:
    groups: dict[str, list[Item]] = {}
    for item, why in refused:
        groups.setdefault(why.to_json(), []).append(item)
    return groups


def _told(new: int, held: int, error: FeedError | None, doubt: Message | None) -> Message:
    params: dict[str, Any] = {"new": new, "held": held, "reason": str(error)[:500]}
    if error is not None:
        return Message((_PARTLY if held else _BEGUN) if new else _FAILED, params)
    if doubt is not None:
        return Message(_HELD if new else _SHRUNK, {"new": new, **within("why", doubt)})
    return Message((_SOME if held else _DONE) if new else _NOTHING, params)
