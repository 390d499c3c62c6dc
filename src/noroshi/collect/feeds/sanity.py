"""What a poisoned or broken feed would say, and an honest one would not.

An item in doubt is held back alone, with the reason; when a good part of a pull is in doubt, or it
brings far more than the feed ever did, all of it is.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator
from dataclasses import dataclass

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
PART_IN_DOUBT = 0.2
_FEW = 5
_DAY = 86_400_000_000

_OURS = N_("{value} is your own, says your profile")
_FUTURE = N_("dated in the future")
_SUFFIX = N_("{value} is no one's domain but an ending that many share")
_TOO_MANY = N_("{count} new items at once, where {usual} are usual")
_TOO_DOUBTFUL = N_("{bad} of {count} new items are in doubt, so that the others are, too")


@dataclass(frozen=True, slots=True)
class Sanity:
    """Doubts items.

    Attributes:
        benign: warning lists.
        profile: the organisation's own; None where there is none.
        suffixes: tells whether a domain is a public suffix.
        now: clock, µs since 1970 UTC.
    """

    benign: WarningLists
    profile: Profile | None
    is_suffix: Callable[[str], bool]
    now: Callable[[], int]

    def doubt(self, item: Item) -> Message | None:
        """Return why an item is not to be believed; None for a good one."""
        if item.date > self.now() + _DAY:
            return Message(_FUTURE)
        return next((why for one in _values(item) if (why := self._value(*one))), None)

    def _value(self, kind: IndicatorType, value: str) -> Message | None:
        if (why := self.benign.reason(kind, value)) is not None:
            return why
        if self.profile is not None and _is_own(self.profile, kind, value):
            return Message(_OURS, {"value": value})
        if kind is IndicatorType.DOMAIN and self.is_suffix(value):
            return Message(_SUFFIX, {"value": value})
        return None


def too_many(fresh: int, usual: int | None) -> Message | None:
    """Return why a pull brings suspiciously much; None if it does not."""
    if usual is None or fresh <= max(LEAST_SURPRISING, TIMES_USUAL * max(usual, 1)):
        return None
    return Message(_TOO_MANY, {"count": fresh, "usual": usual})


def too_doubtful(fresh: int, bad: int) -> Message | None:
    """Return why what is not in doubt itself is held back with what is."""
    if bad <= _FEW or bad <= PART_IN_DOUBT * fresh:
        return None
    return Message(_TOO_DOUBTFUL, {"bad": bad, "count": fresh})


def _values(item: Item) -> Iterator[tuple[IndicatorType, str]]:
    body = item.body
    if item.form is Form.INDICATOR:
        yield IndicatorType(body["type"]), str(body["value"])
    elif item.form is Form.OBJECT and body.get("type") == "indicator":
        if body.get("pattern_type", "stix") != "stix":
            return
        try:
            for kind, value in values_of(str(body.get("pattern"))):
                if kind is not None:
                    yield kind, normalised(kind, value)
        except IndicatorError:
            return


def _is_own(profile: Profile, kind: IndicatorType, value: str) -> bool:
    if kind in (IndicatorType.ADDRESS, IndicatorType.NETWORK):
        network = ipaddress.ip_network(value)
        own = (ipaddress.ip_network(prefix) for prefix in profile.prefixes)
        return any(one.version == network.version and one.overlaps(network) for one in own)
    if kind in (IndicatorType.DOMAIN, IndicatorType.MAIL):
        host = value.rpartition("@")[2]
        return any(host == own or host.endswith(f".{own}") for own in profile.domains)
    return False
