"""Correlation rules over stored matches.

Source: Sigma specification 2.1, "Sigma Correlation Rules".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa

from noroshi.detect.sigma.fold import fold
from noroshi.detect.sigma.match_rows import match_id
from noroshi.detect.sigma.rule import Correlation, RuleSet
from noroshi.detect.sigma.signal import Signal, signals
from noroshi.detect.sigma.window import (
    EventCount,
    Measure,
    Metric,
    Together,
    ValueCount,
    episodes,
    is_growing,
)
from noroshi.model import MATCH_SCHEMA


def correlate(matches: pa.Table, ruleset: RuleSet) -> pa.Table:
    """Return the matches of correlation rules: one row per correlation and contributing event.

    Args:
        matches: matches of single-event rules, in any order.
        ruleset: the rules they come from, with its correlations.
    """
    if not ruleset.correlations or not len(matches):
        return MATCH_SCHEMA.empty_table()
    below = frozenset(
        ruleset.headers[reference].id
        for correlation in ruleset.correlations
        for reference in correlation.rules
    )
    known: dict[str, list[Signal]] = {}
    for signal in signals(matches, below):
        known.setdefault(signal.rule_id, []).append(signal)
    pieces: list[pa.Table] = []
    for correlation in ruleset.correlations:
        fired = _Evaluation(correlation, ruleset).run(known)
        known[correlation.header.id] = fired
        if fired:
            pieces.append(_table(matches, correlation, fired))
    return pa.concat_tables(pieces) if pieces else MATCH_SCHEMA.empty_table()


class _Evaluation:
    """One correlation over the signals of the rules it watches."""

    def __init__(self, correlation: Correlation, ruleset: RuleSet) -> None:
        self._rule = correlation
        self._ids = {ref: ruleset.headers[ref].id for ref in correlation.rules}
        self._aliases = {
            alias: {ruleset.headers[ref].id: name for ref, name in mapping.items()}
            for alias, mapping in correlation.aliases.items()
            if all(ref in ruleset.headers for ref in mapping)
        }

    def run(self, known: dict[str, list[Signal]]) -> list[Signal]:
        """Return one signal per episode, in order of time."""
        watched = [
            signal for rule_id in set(self._ids.values()) for signal in known.get(rule_id, ())
        ]
        order = {rule_id: place for place, rule_id in enumerate(self._ids.values())}
        watched.sort(key=lambda signal: (signal.time, order[signal.rule_id], signal.rows))
        growing = is_growing(self._rule)
        fired = [
            self._fired(episode)
            for group in self._groups(watched)
            for episode in episodes(group, self._rule.span, self._measure, growing=growing)
        ]
        return sorted(fired, key=lambda signal: (signal.time, signal.rows))

    def _groups(self, watched: Iterable[Signal]) -> Iterator[list[Signal]]:
        """Signals with equal group-by values; those without one of the fields are left out."""
        groups: dict[tuple[str, ...], list[Signal]] = {}
        for signal in watched:
            values = [self._field(signal, name) for name in self._rule.group_by]
            if all(value is not None for value in values):
                key = tuple(fold(value) for value in values if value is not None)
                groups.setdefault(key, []).append(signal)
        yield from groups.values()

    def _field(self, signal: Signal, name: str) -> str | None:
        mapping = self._aliases.get(name)
        if mapping is None:
            return signal.fields.get(name)
        own = mapping.get(signal.rule_id)
        return signal.fields.get(name if own is None else own)

    def _measure(self) -> Measure:
        rule = self._rule
        if rule.type in ("temporal", "temporal_ordered") or rule.threshold is None:
            return Together(rule, self._ids)
        if rule.type == "event_count":
            return EventCount(rule.threshold)
        if rule.type == "value_count":
            return ValueCount(rule.threshold, self._field)
        return Metric(rule.threshold, self._field, rule.type)

    def _fired(self, episode: tuple[Signal, ...]) -> Signal:
        last = episode[-1]
        group = {name: self._field(last, name) or "" for name in self._rule.group_by}
        rows = dict.fromkeys(row for signal in episode for row in signal.rows)
        return Signal(self._rule.header.id, last.time, dict(last.fields) | group, tuple(rows))


def _table(matches: pa.Table, correlation: Correlation, fired: list[Signal]) -> pa.Table:
    """Matches of a correlation: those it rests on, under its own id."""
    header = correlation.header
    groups: dict[int, dict[str, str]] = {}
    for signal in fired:
        group = {name: signal.fields.get(name, "") for name in correlation.group_by}
        groups |= dict.fromkeys((row for row in signal.rows if row not in groups), group)
    rows: list[dict[str, Any]] = matches.take(pa.array(list(groups), pa.int64())).to_pylist()
    for row, group in zip(rows, groups.values(), strict=True):
        row |= {
            "match_id": match_id(header.id, row["event_id"] or ""),
            "rule_id": header.id,
            "rule_digest": header.digest,
            "fields": list((group | dict(row["fields"] or ())).items()),
        }
    return pa.Table.from_pylist(_distinct(rows), MATCH_SCHEMA)


def _distinct(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Keep one row per event: two watched rules may match the same one."""
    return list({row["match_id"]: row for row in reversed(rows)}.values())[::-1]
