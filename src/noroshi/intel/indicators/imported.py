"""What a file of indicators gave, and how the values beside an indicator are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypeVar

from noroshi.intel.indicators.indicator import (
    Indicator,
    IndicatorError,
    IndicatorType,
    guessed,
    normalised,
)
from noroshi.intel.objects.errors import ObjectError
from noroshi.intel.objects.markings import Tlp

PROBLEMS_KEPT = 1000
PART = 1000
"""Entries that are read at once: who reads a long list looks at the clock in between."""

T = TypeVar("T")


@dataclass
class Imported:
    """What a file gave.

    Attributes:
        indicators: the indicators.
        refused: (entry, reason) of what could not become one, the first :data:`PROBLEMS_KEPT`.
        refused_count: how many in all.
        repeated: entries that only said again what one shortly before them says.
    """

    indicators: list[Indicator] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    refused_count: int = 0
    repeated: int = 0

    def refuse(self, entry: str, reason: str) -> None:
        """Note an entry that is left out."""
        self.refused_count += 1
        if len(self.refused) < PROBLEMS_KEPT:
            self.refused.append((entry[:200], reason))

    def add(self, base: Indicator, kind: IndicatorType | None, text: str) -> None:
        """Take one value, of a given kind or of the kind that it looks like."""
        try:
            found, value = (kind, normalised(kind, text)) if kind else guessed(text)
            self.indicators.append(replace(base, type=found, value=value))
        except IndicatorError as error:
            self.refuse(text, str(error))

    def join(self, part: Imported) -> None:
        """Take what another part of the same file gave."""
        self.indicators += part.indicators
        self.refused_count += part.refused_count
        self.repeated += part.repeated
        self.refused += part.refused[: PROBLEMS_KEPT - len(self.refused)]


def once(entries: Iterable[T], found: Imported) -> Iterable[T]:
    """Return the entries of a part, equal ones once, and count the others."""
    counts = Counter(entries)
    found.repeated += counts.total() - len(counts)
    return counts


def in_parts(entries: Iterable[T]) -> Iterator[list[T]]:
    """Yield entries, :data:`PART` at a time."""
    waiting = iter(entries)
    while part := list(islice(waiting, PART)):
        yield part


def listed(value: Any) -> list[Any]:
    """Return a list as it is, and anything else as an empty one."""
    return list(value) if isinstance(value, list) else []


def moment(value: Any) -> int:
    """Return an ISO time in µs since 1970 UTC; 0 if it is none."""
    try:
        found = datetime.fromisoformat(str(value).replace("/", "-"))
    except ValueError:
        return 0
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    return max(int(found.timestamp() * 1_000_000), 0)


def strictest_tag(labels: Sequence[str]) -> str:
    """Return the strictest TLP tag; one that TLP does not know is red; empty without one."""
    levels: list[Tlp] = []
    for label in labels:
        if label.lower().startswith("tlp:"):
            try:
                levels.append(Tlp.of(label))
            except ObjectError:
                levels.append(Tlp.RED)
    return max(levels).word if levels else ""
