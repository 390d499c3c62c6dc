"""How an indicator's worth falls with the time since somebody last saw it.

Source of the formula: S. Mokaddem, G. Wagener, A. Dulaunoy, A. Iklody, C. Wagner, "Taxonomy driven
indicator scoring in MISP threat intelligence platforms", arXiv:1902.03914, section 4:
``score = base x (1 - (t / lifetime) ** (1 / speed))``. The lifetimes are ours: an address or a URL
changes hands within weeks, a digest names the same file for ever but stops being used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from noroshi.intel.indicators import IndicatorType

DAY = 86_400_000_000
"""Microseconds."""


@dataclass(frozen=True, slots=True)
class Decay:
    """How one kind of indicator ages.

    Attributes:
        days: age at which nothing is left.
        speed: 1 falls evenly; more falls fast at first; less holds for long and then drops.
    """

    days: int
    speed: float

    def left(self, age: int) -> float:
        """Return the part of the worth that is left, 0 to 1, at an age in µs."""
        spent = min(max(age, 0) / (self.days * DAY), 1.0)
        return float(1.0 - spent ** (1.0 / self.speed))


DECAYS: Mapping[IndicatorType, Decay] = MappingProxyType(
    {
        IndicatorType.ADDRESS: Decay(60, 0.7),
        IndicatorType.NETWORK: Decay(120, 0.7),
        IndicatorType.DOMAIN: Decay(180, 0.5),
        IndicatorType.URL: Decay(45, 0.7),
        IndicatorType.HASH: Decay(1095, 0.3),
        IndicatorType.MAIL: Decay(180, 0.5),
        IndicatorType.FILE_NAME: Decay(180, 0.5),
    }
)
"""The ageing of each kind."""
