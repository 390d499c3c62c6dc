"""Many texts looked for in a whole column at once.

A column of strings lies in memory as one run of bytes. The run is searched in one go, and the
place of a hit tells the row: no work per value at all. A hit may straddle two values; so a hit
means only that a row is worth a look.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import ahocorasick_rs
import numpy as np
import numpy.typing as npt

try:
    import hyperscan
except ImportError:  # pragma: no cover - a processor without the wheel
    HYPERSCAN = False
else:
    HYPERSCAN = True

Ints = npt.NDArray[np.int64]

SLICE = 1 << 18
"""Bytes searched at a time, so that a hostile value cannot pile up hits in memory."""


class Sieve(Protocol):
    """Finds where texts occur in bytes."""

    def find(self, data: npt.NDArray[np.uint8]) -> Iterator[tuple[Ints, Ints]]:
        """Yield (text numbers, offsets of their last bytes) of all occurrences, slice by slice."""


def build_sieve(texts: Sequence[str], *, pure: bool = False) -> Sieve:
    """Return a sieve for the texts, on Hyperscan where it runs unless ``pure``."""
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    return CorasickSieve(encoded) if pure or not HYPERSCAN else HyperscanSieve(encoded)


class CorasickSieve:
    """Aho-Corasick automaton: runs on every processor."""

    def __init__(self, texts: Sequence[bytes]) -> None:
        self._overlap = max(map(len, texts)) - 1
        self._automaton = ahocorasick_rs.BytesAhoCorasick(
            texts, implementation=ahocorasick_rs.Implementation.DFA
        )

    def find(self, data: npt.NDArray[np.uint8]) -> Iterator[tuple[Ints, Ints]]:
        """See :class:`Sieve`."""
        for start in range(0, len(data), SLICE):
            part = data[start : start + SLICE + self._overlap].data
            found = self._automaton.find_matches_as_indexes(part, overlapping=True)
            if found:
                numbers, _begins, ends = np.array(found, np.int64).T
                yield numbers, ends + (start - 1)


class HyperscanSieve:
    """Hyperscan's literal matcher: several times faster where it runs."""

    def __init__(self, texts: Sequence[bytes]) -> None:
        self._overlap = max(map(len, texts)) - 1
        self._database = hyperscan.Database()
        self._database.compile(
            expressions=list(texts),
            ids=list(range(len(texts))),
            flags=[0] * len(texts),
            literal=True,
        )

    def find(self, data: npt.NDArray[np.uint8]) -> Iterator[tuple[Ints, Ints]]:
        """See :class:`Sieve`."""
        numbers: list[int] = []
        ends: list[int] = []
        add_number, add_end = numbers.append, ends.append

        def report(number: int, _begin: int, end: int, _flags: int, _context: object) -> None:
            add_number(number)
            add_end(end)

        for start in range(0, len(data), SLICE):
            self._database.scan(data[start : start + SLICE + self._overlap].tobytes(), report)
            if numbers:
                yield np.array(numbers, np.int64), np.array(ends, np.int64) + (start - 1)
                numbers.clear()
                ends.clear()
