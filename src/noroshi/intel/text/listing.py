"""Whether a value of a report stands on a warning list, and what that says."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from noroshi.intel.indicators.indicator import IndicatorType
from noroshi.intel.text.extraction import FILE_HASHES, ValueType
from noroshi.intel.warning_lists import WarningLists

_SHARED_GROUND = re.compile(
    r"dynamic|shorten|cloud|\baws\b|amazon|azure|gcp|hosting|vpn|tor\b|cdn|proxy|simulator|phone"
    r"|disposable",
    re.IGNORECASE,
)
"""Names of lists that hold ground on which good and bad live side by side."""
_TYPES = {
    ValueType.IPV4: IndicatorType.ADDRESS,
    ValueType.IPV6: IndicatorType.ADDRESS,
    ValueType.CIDR: IndicatorType.NETWORK,
    ValueType.DOMAIN: IndicatorType.DOMAIN,
    ValueType.EMAIL: IndicatorType.MAIL,
    ValueType.FILE_NAME: IndicatorType.FILE_NAME,
    **dict.fromkeys(FILE_HASHES, IndicatorType.HASH),
}


@dataclass(frozen=True, slots=True)
class Listing:
    """The list that a value stands on.

    Attributes:
        name: the list's name.
        shared_ground: whether good and bad live there side by side, so that it clears nothing.
    """

    name: str
    shared_ground: bool


@dataclass(slots=True)
class Listings:
    """Asks the lists about each value of a document once."""

    lists: WarningLists
    _known: dict[ValueType, dict[str, Listing | None]] = field(init=False)

    def __post_init__(self) -> None:
        self._known = {kind: {} for kind in _TYPES} if self.lists else {}

    def of(self, kind: ValueType, value: str) -> Listing | None:
        """Return the list that says most about a value: one that clears it, if there is one."""
        known = self._known.get(kind)
        if known is None:
            return None
        if value not in known:
            known[value] = self._look_up(kind, value)
        return known[value]

    def _look_up(self, kind: ValueType, value: str) -> Listing | None:
        names = self.lists.names(_TYPES[kind], value)
        found = [Listing(name, bool(_SHARED_GROUND.search(name))) for name in names]
        return min(found, key=lambda listing: listing.shared_ground, default=None)
