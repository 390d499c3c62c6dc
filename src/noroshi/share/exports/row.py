"""One indicator as it goes out."""

from __future__ import annotations

from dataclasses import dataclass

from noroshi.intel.indicators import IndicatorType
from noroshi.intel.objects import Tlp


@dataclass(frozen=True, slots=True)
class Row:
    """An indicator that may go to the reader.

    Attributes:
        kind: kind of value.
        value: normalised value.
        score: what it is worth, above 0 to 100.
        first: earliest time that a source gives, µs since 1970 UTC; 0 if none does.
        last: when it was last seen or named, µs since 1970 UTC; 0 if nobody says.
        until: when nothing will be left of it, µs since 1970 UTC; 0 for never.
        sources: who names it, of those whose word the reader may see.
        labels: what they call it.
        description: the first source's words that has some.
        tlp: the strictest marking of what the row was made of.
    """

    kind: IndicatorType
    value: str
    score: float
    first: int
    last: int
    until: int
    sources: tuple[str, ...]
    labels: tuple[str, ...]
    description: str
    tlp: Tlp
