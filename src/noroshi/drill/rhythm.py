"""How work lies in a day: in bursts, thinner over lunch, and hardly at all in a meeting."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeAlias

from noroshi.drill.clock import HOUR, MIDNIGHT, MINUTE

Span: TypeAlias = tuple[int, int]
"""Begin and end, µs since 1970 UTC; the end is not in it."""
_BRANCHING = 0.45
"""Share of acts that draw another one after them; assumed."""
_IN_A_MEETING, _AT_LUNCH = 0.06, 0.35
"""How often somebody works at the machine all the same, against an hour at the desk; assumed."""


def bursts(
    rng: random.Random, begin: int, end: int, count: int, *, gap: int = 2 * MINUTE,
    quiet: Sequence[Span] = (),
) -> list[int]:  # fmt: skip
    """Return times between two, in order: each act may draw the next, ``gap`` µs later on average.

    A self-exciting process in its form of clusters: first acts of their own accord, each followed
    by a chain of further ones. Source: Hawkes and Oakes, "A cluster process representation of a
    self-exciting process", Journal of Applied Probability 11 (1974).
    """
    times: list[int] = []
    while len(times) < count:
        time = rng.randrange(begin, end)
        away = _IN_A_MEETING if within(time, quiet) else _AT_LUNCH if _lunch(time) else 1.0
        if away < 1.0 and rng.random() >= away:
            continue
        times.append(time)
        while len(times) < count and rng.random() < _BRANCHING:
            time += round(rng.expovariate(1 / gap))
            if time >= end or within(time, quiet):
                break
            times.append(time)
    return sorted(times)


def within(time: int, spans: Sequence[Span]) -> bool:
    """Tell whether a time lies in one of some spans."""
    return any(begin <= time < end for begin, end in spans)


def _lunch(time: int) -> bool:
    return 12 * HOUR <= (time - MIDNIGHT) % (24 * HOUR) < 13 * HOUR
