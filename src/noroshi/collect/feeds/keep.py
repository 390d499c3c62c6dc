"""Items to knowledge: STIX objects with provenance, indicators armed, watchlists asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import pyarrow as pa

from noroshi.collect.feeds.concern import Concerns
from noroshi.collect.feeds.feed import Feed
from noroshi.collect.feeds.item import Form, Item
from noroshi.collect.feeds.known import Known
from noroshi.collect.feeds.made import UNSAID, Made, as_indicator
from noroshi.collect.feeds.sanity import Sanity
from noroshi.collect.feeds.store import Batch
from noroshi.intel.indicators import Indicator, IndicatorStore, Probe, indicators_of
from noroshi.intel.objects import Clearance, ObjectStore, Provenance
from noroshi.intel.objects.gate import Gate
from noroshi.intel.objects.markings import marking_levels
from noroshi.intel.text import Claims, Document, Extraction, Knowledge, extract
from noroshi.intel.text.armed import armed
from noroshi.intel.watch import WatchStore
from noroshi.intel.watch.named import named_in, named_in_text
from noroshi.lang import N_, Message

_REFUSED = N_("it cannot be kept: {reason}")
_OWNED = ("created", "modified")


class Kept(NamedTuple):
    """What came of keeping a batch.

    Attributes:
        armed: indicators to be matched from now on.
        refused: items that the store would not take, each with why.
    """

    armed: list[Indicator]
    refused: list[tuple[Item, Message]]


@dataclass
class Keeper:
    """Turns batches into knowledge; the second time the same batch changes nothing.

    Attributes:
        objects: object store; its watchers see what is new.
        indicators: indicators that events are matched against.
        watch: watchlist, for what reports say beyond the objects made of them.
        sanity: what is doubted in reports, too.
        knowledge: what reading reports needs.
        claims: finds techniques and relations in a report.
        concerns: tells what is the organisation's business; None where it has no profile.
    """

    objects: ObjectStore
    indicators: IndicatorStore
    watch: WatchStore
    sanity: Sanity
    knowledge: Callable[[], Knowledge]
    claims: Callable[[Extraction], Claims]
    concerns: Concerns | None = None
    _known: dict[tuple[str, str], str] = field(default_factory=dict)
    _arming: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, feed: Feed, batch: Batch, items: Sequence[Item]) -> Kept:
        """Keep the objects of a batch."""
        said = Provenance(feed.name, batch.retrieved, f"feed {feed.kind}", feed.reputation)
        made, texts = self._made(feed, batch, items)
        added = self.objects.add(self._changed(made), said)
        for report, name, found in texts:
            self.watch.notify(named_in_text(self.watch.finder, report, name, found, said))
        if self.concerns is not None:
            self.watch.notify(self.concerns.of_reports(texts, said))
            self.watch.notify(self.concerns.of_flaws(items, said))
        indicators = [*made.armed, *self._of_objects(feed, made.given.values())]
        refused = {(one.id, one.version): one.reason for one in added.refused}
        unfit = [
            (item, Message(_REFUSED, {"reason": refused[at]}))
            for item in made.given.values()
            if (at := (str(item.body.get("id")), str(item.body.get("modified") or ""))) in refused
        ]
        return Kept(indicators, unfit)

    def tell(self, feed: Feed, batch: Batch, items: Sequence[Item]) -> int:
        """Ask the watchlist about what is held back: nothing of it is kept.

        Returns:
            How many notifications are new. Somebody whose address a feed lists wants to know at
            once, whether or not the feed is right.
        """
        said = Provenance(feed.name, batch.retrieved, f"feed {feed.kind}, held back")
        made, _ = self._made(feed, batch, [one for one in items if one.form is not Form.REPORT])
        return self.watch.notify(named_in(self.watch.finder, list(made.objects.values()), said))

    def arm(self, wanted: Sequence[Indicator]) -> int:
        """Match indicators from now on; those that are armed just so are left. Return how many."""
        last = {(one.type, one.value, one.source): one for one in wanted}
        texts = pa.array([key[1] for key in last], pa.string())
        with self._arming:
            same = {
                at
                for _, known in Probe(self.indicators).among(texts)
                if (at := (known.type, known.value, known.source)) in last
                and _alike(known, last[at])
            }
            fresh = [one for at, one in last.items() if at not in same]
            return self.indicators.add(fresh, told=True)

    def _made(
        self, feed: Feed, batch: Batch, items: Sequence[Item]
    ) -> tuple[Made, list[tuple[str, str, Extraction]]]:
        known = Known(self.objects, self._known)
        flaws = (item.body.get("cve") for item in items if item.form is Form.FLAW)
        known.ask("vulnerability", filter(None, map(str, flaws)))
        made = Made(feed, batch.retrieved, known)
        texts = []
        for item in items:
            if item.form is Form.OBJECT:
                made.object(item)
            elif item.form is Form.INDICATOR:
                made.indicator(as_indicator(item.body))
            elif item.form is Form.EVENT:
                made.event(item)
            elif item.form is Form.FLAW:
                made.flaw(item)
            else:
                texts.append(self._report(feed, made, item))
        return made, texts

    def _report(self, feed: Feed, made: Made, item: Item) -> tuple[str, str, Extraction]:
        body = item.body
        sites = frozenset(map(str, body.get("sites") or ()))
        name = str(body["name"])
        found = extract(Document(name, str(body["text"]), sites=sites), self.knowledge())
        good = [
            one for one in armed(found, feed.name) if not self.sanity.doubt(one.type, one.value)
        ]
        return made.report(item, found, self.claims(found), good), name, found

    def _of_objects(self, feed: Feed, items: Iterable[Item]) -> Iterator[Indicator]:
        """Yield the indicators among STIX objects, under their markings."""
        bodies = [item.body for item in items if item.body.get("type") == "indicator"]
        if not bodies:
            return
        marks = {str(one) for body in bodies for one in body.get("object_marking_refs") or ()}
        objects = [*self._lasts(marks).values(), *bodies]
        for one in indicators_of(objects, feed.name, marking_levels(objects)).indicators:
            said = feed.reputation if one.confidence == UNSAID else one.confidence
            yield replace(one, confidence=said, tlp=one.tlp or feed.tlp)

    def _changed(self, made: Made) -> Iterator[dict[str, Any]]:
        """Yield what the store does not know yet; a new version keeps its day of birth."""
        known = self._lasts(
            item["id"] for key, item in made.objects.items() if key not in made.given
        )
        for key, item in made.objects.items():
            old = None if key in made.given else known.get(item["id"])
            if old is None:
                yield item
            elif item["id"] not in made.steady and not _same(old, item):
                since = (
                    {"valid_from": old["valid_from"]} if _undated(item) and _undated(old) else {}
                )
                yield {**item, "created": old["created"], **since}

    def _lasts(self, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        with self.objects.knowledge.read() as connection:
            return Gate(connection, Clearance.everything()).lasts(ids)


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    def content(item: dict[str, Any]) -> dict[str, Any]:
        left = (*_OWNED, "valid_from") if _undated(item) else _OWNED
        return {name: value for name, value in item.items() if name not in left}

    return content(one) == content(other)


def _undated(item: dict[str, Any]) -> bool:
    """Whether nobody dated an indicator, so that it is valid from when it was first read."""
    return bool(item["created"] == item.get("valid_from"))


def _alike(one: Indicator, other: Indicator) -> bool:
    """Whether two say the same; when an undated one was first read is no difference."""
    return (one.valid_until, one.confidence, one.labels, one.description, one.tlp) == (
        other.valid_until, other.confidence, other.labels, other.description, other.tlp
    )  # fmt: skip
