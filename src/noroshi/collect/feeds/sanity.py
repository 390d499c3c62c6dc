"""What a poisoned or broken feed would say, and an honest one would not.

A value in doubt is held back alone, with the reason; when a good part of a pull is in doubt, or it
brings far more or far less than the feed ever did, all that is new in it is.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from noroshi.collect.feeds.item import Form, Item
from noroshi.intel.indicators import IndicatorError, IndicatorType, normalised
from noroshi.intel.indicators.stix_pattern import values_of
from noroshi.intel.relevance import Profile
from noroshi.intel.warning_lists import WarningLists
from noroshi.lang import N_, Message

TIMES_USUAL = 50
"""So many times the usual number of new items hold a pull back …"""
LEAST_SURPRISING = 100
"""… if they are more than this."""
PART_LEFT = 0.1
"""A list that is shorter than this part of its usual length is not believed."""
PART_IN_DOUBT = 0.2
_FEW = 5
_DAY = 86_400_000_000
_WIDEST = {4: 12, 6: 28}
"""No network wider than this may be an indicator of a feed: it would match whole countries."""

_OURS = N_("{value} is your own, says your profile")
_FUTURE = N_("dated in the future")
_SUFFIX = N_("{value} is no one's domain but an ending that many share")
_SPECIAL = N_("not to be matched: {reason}")
_WIDE = N_("{value} is too wide a network to be an indicator")
_TOO_MANY = N_("{count} new items at once, where {usual} are usual")
_TOO_FEW = N_("the feed has shrunk to {count} entries, where {usual} are usual")
_TOO_DOUBTFUL = N_("{bad} of {count} new items are in doubt, so that the others are, too")


@dataclass(frozen=True, slots=True)
class Sanity:
    """Doubts items.

    Attributes:
        benign: warning lists.
        profile: the organisation's own; None where there is none.
        is_suffix: tells whether a domain is a public suffix.
        now: clock, µs since 1970 UTC.
    """

    benign: WarningLists
    profile: Profile | None
    is_suffix: Callable[[str], bool]
    now: Callable[[], int]

    def sorted(self, item: Item) -> Iterator[tuple[Item, Message | None]]:
        """Yield an item with why it is not to be believed, or None.

        An event is parted: its values in doubt, each alone, and the event without them.
        """
        if item.date > self.now() + _DAY:
            yield item, Message(_FUTURE)
        elif item.form is Form.EVENT:
            yield from self._event(item)
        else:
            yield item, self._of_item(item)

    def doubt(self, kind: IndicatorType, value: str) -> Message | None:
        """Return why a normalised value is not to be believed; None for a good one."""
        if self.is_own(kind, value):
            return Message(_OURS, {"value": value})
        if (why := self.benign.reason(kind, value)) is not None:
            return why
        if kind is IndicatorType.DOMAIN and self.is_suffix(value):
            return Message(_SUFFIX, {"value": value})
        if kind is IndicatorType.NETWORK:
            network = ipaddress.ip_network(value)
            if network.prefixlen < _WIDEST[network.version]:
                return Message(_WIDE, {"value": value})
        return None

    def is_own(self, kind: IndicatorType, value: str) -> bool:
        """Tell whether a value lies in the organisation's networks or domains."""
        if self.profile is None:
            return False
        if kind in (IndicatorType.ADDRESS, IndicatorType.NETWORK):
            network = ipaddress.ip_network(value)
            own = (ipaddress.ip_network(prefix) for prefix in self.profile.prefixes)
            return any(one.version == network.version and one.overlaps(network) for one in own)
        host = value.rpartition("@")[2]
        if kind is IndicatorType.URL:
            host = value.partition("://")[2].partition("/")[0].rpartition("@")[2].partition(":")[0]
        elif kind not in (IndicatorType.DOMAIN, IndicatorType.MAIL):
            return False
        return any(host == one or host.endswith(f".{one}") for one in self.profile.domains)

    def _event(self, item: Item) -> Iterator[tuple[Item, Message | None]]:
        good: list[Mapping[str, Any]] = []
        for one in item.body["indicators"]:
            why = self.doubt(IndicatorType(one["type"]), str(one["value"]))
            if why is None:
                good.append(one)
            else:
                key = f"{item.key} {one['type']} {one['value']}"
                yield Item(key, Form.INDICATOR, {**one, "tlp": one["tlp"] or item.body["tlp"]}), why
        yield replace(item, body={**item.body, "indicators": good}), None

    def _of_item(self, item: Item) -> Message | None:
        body = item.body
        if item.form is Form.INDICATOR:
            return self.doubt(IndicatorType(body["type"]), str(body["value"]))
        if item.form is not Form.OBJECT or body.get("type") != "indicator":
            return None
        try:
            for kind, text in _values(body):
                if (why := self.doubt(kind, normalised(kind, text))) is not None:
                    return why
        except IndicatorError as error:
            return Message(_SPECIAL, {"reason": str(error)[:200]})
        return None


def too_many(fresh: int, usual: int | None) -> Message | None:
    """Return why a pull brings suspiciously much; None if it does not."""
    if usual is None or fresh <= max(LEAST_SURPRISING, TIMES_USUAL * max(usual, 1)):
        return None
    return Message(_TOO_MANY, {"count": fresh, "usual": usual})


def too_few(entries: int, usual: int | None) -> Message | None:
    """Return why a list is suspiciously short; None if it is not."""
    if usual is None or usual < LEAST_SURPRISING or entries >= usual * PART_LEFT:
        return None
    return Message(_TOO_FEW, {"count": entries, "usual": usual})


def too_doubtful(fresh: int, bad: int) -> Message | None:
    """Return why what is not in doubt itself is held back with what is."""
    if bad <= _FEW or bad <= PART_IN_DOUBT * fresh:
        return None
    return Message(_TOO_DOUBTFUL, {"bad": bad, "count": fresh})


def _values(body: Mapping[str, Any]) -> Iterator[tuple[IndicatorType, str]]:
    """Yield what a STIX pattern compares with; nothing where it is not understood."""
    if body.get("pattern_type", "stix") != "stix":
        return
    try:
        found = values_of(str(body.get("pattern")))
    except IndicatorError:
        return
    yield from ((kind, value) for kind, value in found if kind is not None)
