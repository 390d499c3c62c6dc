"""Sliding windows over the signals of one group, in event time.

Every signal enters a window once and leaves it once, so the work is linear in their number (a
percentile keeps a sorted list and pays a logarithm).
"""

from __future__ import annotations

import math
import operator
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from noroshi.detect.sigma.rule import Correlation, Expression, Threshold
from noroshi.detect.sigma.signal import Signal
from noroshi.detect.sigma.value_test import number

Fields = Callable[[Signal, str], str | None]

_HOLDS: dict[str, Callable[[float, float], bool]] = {
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
    "eq": operator.eq,
    "neq": operator.ne,
}
_GROWING = frozenset({"gt", "gte"})


class Measure:
    """What a window is judged by; signals come in and go out in order."""

    def enter(self, signal: Signal) -> None:
        """Take a signal in."""
        raise NotImplementedError

    def leave(self, signal: Signal) -> None:
        """Let the oldest signal go."""
        raise NotImplementedError

    def holds(self) -> bool:
        """Tell whether the condition holds for what is inside."""
        raise NotImplementedError


class EventCount(Measure):
    """Number of signals."""

    def __init__(self, threshold: Threshold) -> None:
        self._limit = threshold
        self._count = 0

    def enter(self, signal: Signal) -> None:  # noqa: D102
        self._count += 1

    def leave(self, signal: Signal) -> None:  # noqa: D102
        self._count -= 1

    def holds(self) -> bool:  # noqa: D102
        return _HOLDS[self._limit.operator](self._count, self._limit.number)


class ValueCount(Measure):
    """Number of different values of one field, or combinations of several."""

    def __init__(self, threshold: Threshold, fields: Fields) -> None:
        self._limit = threshold
        self._fields = fields
        self._counts: Counter[tuple[str, ...]] = Counter()

    def enter(self, signal: Signal) -> None:  # noqa: D102
        if (key := self._key(signal)) is not None:
            self._counts[key] += 1

    def leave(self, signal: Signal) -> None:  # noqa: D102
        if (key := self._key(signal)) is not None:
            self._counts[key] -= 1
            if not self._counts[key]:
                del self._counts[key]

    def holds(self) -> bool:  # noqa: D102
        return _HOLDS[self._limit.operator](len(self._counts), self._limit.number)

    def _key(self, signal: Signal) -> tuple[str, ...] | None:
        found = tuple(self._fields(signal, name) for name in self._limit.fields)
        texts = tuple(value for value in found if value is not None)
        return texts if len(texts) == len(found) else None


class Metric(Measure):
    """Sum, mean or percentile of a numeric field; values that are no numbers do not count."""

    def __init__(self, threshold: Threshold, fields: Fields, kind: str) -> None:
        self._limit = threshold
        self._fields = fields
        self._kind = kind
        self._sorted: list[float] = []
        self._sum = 0.0

    def enter(self, signal: Signal) -> None:  # noqa: D102
        if (value := self._value(signal)) is not None:
            insort(self._sorted, value)
            self._sum += value

    def leave(self, signal: Signal) -> None:  # noqa: D102
        if (value := self._value(signal)) is not None:
            del self._sorted[bisect_left(self._sorted, value)]
            self._sum = self._sum - value if self._sorted else 0.0

    def holds(self) -> bool:  # noqa: D102
        return bool(self._sorted) and _HOLDS[self._limit.operator](
            self._result(), self._limit.number
        )

    def _result(self) -> float:
        if self._kind == "value_sum":
            return self._sum
        if self._kind == "value_avg":
            return self._sum / len(self._sorted)
        share = 50 if self._kind == "value_median" else self._limit.percentile
        return _percentile(self._sorted, share)

    def _value(self, signal: Signal) -> float | None:
        text = self._fields(signal, self._limit.fields[0])
        found = None if text is None else number(text)
        return None if found is None else float(found)


def _percentile(values: Sequence[float], share: float) -> float:
    """Linear interpolation between closest ranks, as NIST and most databases have it."""
    place = (len(values) - 1) * min(max(share, 0), 100) / 100
    low = math.floor(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)


class Together(Measure):
    """Different rules within one window; for an ordered correlation, in their order.

    For the order it keeps, per number of rules and last rule, the latest possible start of a chain
    of so many rules in their order; so a signal costs the same however many the window holds.
    """

    def __init__(self, correlation: Correlation, ids: Mapping[str, str]) -> None:
        self._correlation = correlation
        self._ids = ids
        self._places = {ids[reference]: n for n, reference in enumerate(correlation.rules)}
        self._counts: Counter[str] = Counter()
        self._ordered = correlation.type == "temporal_ordered"
        size = len(correlation.rules)
        self._starts = [[-math.inf] * size for _ in range(size + 1)]
        self._now = 0

    def enter(self, signal: Signal) -> None:  # noqa: D102
        self._counts[signal.rule_id] += 1
        self._now = signal.time
        if not self._ordered:
            return
        place = self._places[signal.rule_id]
        self._starts[1][place] = signal.time
        for length in range(2, place + 2):
            best = max(self._starts[length - 1][:place])
            self._starts[length][place] = max(self._starts[length][place], best)

    def leave(self, signal: Signal) -> None:  # noqa: D102
        self._counts[signal.rule_id] -= 1

    def holds(self) -> bool:  # noqa: D102
        kinds = sum(self._counts[rule_id] > 0 for rule_id in self._places)
        needed = kinds
        if self._correlation.expression is not None:
            found = self._satisfied(self._correlation.expression)
        else:
            limit = self._correlation.threshold
            found = limit is None or _HOLDS[limit.operator](kinds, limit.number)
            if limit is not None and limit.operator in _GROWING:
                needed = min(kinds, math.ceil(limit.number) + (limit.operator == "gt"))
        if not found or not self._ordered or not needed:
            return found
        return max(self._starts[needed]) >= self._now - self._correlation.span

    def _satisfied(self, expression: Expression) -> bool:
        if isinstance(expression, str):
            return self._counts[self._ids[expression]] > 0
        kind, *operands = expression
        results = [self._satisfied(item) for item in operands]
        if kind == "not":
            return not results[0]
        return all(results) if kind == "and" else any(results)


def episodes(
    group: Sequence[Signal], span: int, measure: Callable[[], Measure], *, growing: bool
) -> Iterator[tuple[Signal, ...]]:
    """Yield the signals of each stretch of time in which the condition holds.

    ``growing`` says that more signals can only bring the condition about. Then the window slides,
    and an episode lasts while the condition holds: one burst gives one episode, however long.
    Otherwise (fewer than, exactly, not) a window starts at a signal and is judged when it is over.

    Args:
        group: signals in order of time.
        span: length of the window in microseconds.
        measure: makes an empty measure.
        growing: see above.
    """
    if growing:
        yield from _sliding(group, span, measure())
        return
    start = 0
    while start < len(group):
        end = start
        judged = measure()
        while end < len(group) and group[end].time - group[start].time <= span:
            judged.enter(group[end])
            end += 1
        if judged.holds():
            yield tuple(group[start:end])
        start = end


def _sliding(group: Sequence[Signal], span: int, measure: Measure) -> Iterator[tuple[Signal, ...]]:
    oldest = 0
    began: int | None = None
    last = 0
    for place, signal in enumerate(group):
        while group[oldest].time < signal.time - span:
            measure.leave(group[oldest])
            oldest += 1
        measure.enter(signal)
        if measure.holds():
            if began is not None and oldest > last:
                yield tuple(group[began : last + 1])
                began = None
            began = oldest if began is None else began
            last = place
        elif began is not None:
            yield tuple(group[began : last + 1])
            began = None
    if began is not None:
        yield tuple(group[began : last + 1])


def is_growing(correlation: Correlation) -> bool:
    """Tell whether more signals can only bring a correlation's condition about."""
    if correlation.expression is not None:
        return not _negates(correlation.expression)
    if correlation.threshold is None or correlation.type.startswith(("value_s", "value_a")):
        return True
    if correlation.type in ("value_percentile", "value_median"):
        return True
    return correlation.threshold.operator in _GROWING


def _negates(expression: Expression) -> bool:
    if isinstance(expression, str):
        return False
    return expression[0] == "not" or any(_negates(item) for item in expression[1:])
