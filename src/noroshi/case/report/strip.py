"""When which tactic was seen: marks along a line of time, one line a tactic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from noroshi.case.report.words import Words
from noroshi.case.tactics import TACTICS, in_order
from noroshi.model import Finding

_LEAST_WIDTH = 0.8
_STEPS = 200
"""Marks are placed on this many steps, so that a thousand findings stay a few hundred marks."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: where it begins and how wide it is, in percent, and the finding's severity."""

    start: float
    width: float
    rank: int


@dataclass(frozen=True, slots=True)
class Strip:
    """Lines of (tactic's name, marks), and the times at both ends."""

    lines: tuple[tuple[str, tuple[Mark, ...]], ...]
    first: str
    last: str


def strip(findings: Sequence[Finding], words: Words) -> Strip | None:
    """Return the strip of a case's findings; None where there is nothing to compare."""
    tactics = [name for name in in_order(t for f in findings for t in f.tactics) if name in TACTICS]
    first = min((item.first for item in findings), default=0)
    last = max((item.last for item in findings), default=0)
    if len(tactics) < 2 or last <= first:
        return None
    lines = []
    for tactic in tactics:
        found: dict[tuple[int, int], int] = {}
        for item in findings:
            if tactic in in_order(item.tactics):
                place = (
                    (item.first - first) * _STEPS // (last - first),
                    (item.last - first) * _STEPS // (last - first),
                )
                found[place] = max(found.get(place, 0), int(item.severity))
        marks = tuple(_mark(*place, rank) for place, rank in sorted(found.items()))
        lines.append((words.word(TACTICS[tactic]), marks[: 2 * _STEPS]))
    return Strip(tuple(lines), words.clock(first), words.clock(last))


def _mark(start: int, end: int, rank: int) -> Mark:
    left = start * 100 / _STEPS
    width = max(_LEAST_WIDTH, (end - start) * 100 / _STEPS)
    return Mark(round(min(left, 100 - width), 2), round(width, 2), rank)
