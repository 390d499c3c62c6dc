"""When things happen on the exercise's day, and what damage each does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate

from noroshi.drill.retell.plan import FIRST, HEAVY_FROM, LAST, Node

_LEAST_APART = 6
_LIGHT, _END = 0.1, 8.0


def moments(nodes: Sequence[Node]) -> Mapping[str, int]:
    """Return the minute of the day of each node.

    The order is the case's; gaps are shortened by their logarithm, so that seconds and weeks fit
    into one day and quick work stays quicker than slow work.
    """
    total = sum(node.weight for node in nodes) or 1.0
    span = LAST - FIRST - _LEAST_APART * len(nodes)
    summed = accumulate(node.weight for node in nodes)
    return {
        node.name: FIRST + _LEAST_APART * number + round(span * part / total)
        for number, (node, part) in enumerate(zip(nodes, summed, strict=True))
    }


def damage(nodes: Sequence[Node], when: Mapping[str, int]) -> Mapping[str, float]:
    """Return the damage of each node; all of it together is 100.

    Most is done late, and by the last step: so that there is something to be saved.
    """
    weights = {
        node.name: max(1.0, node.step.harm)
        * (1.0 if when[node.name] >= HEAVY_FROM else _LIGHT)
        * (_END if node is nodes[-1] else 1.0)
        for node in nodes
    }
    total = sum(weights.values())
    return {name: round(100 * weight / total, 2) for name, weight in weights.items()}
