"""Signals: what correlation rules work on. One per match, or per fired correlation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa

from noroshi.detect.sigma.match_rows import ANALYTIC


@dataclass(frozen=True, slots=True)
class Signal:
    """Something that a rule reported.

    Attributes:
        rule_id: the rule.
        time: when, µs since 1970 UTC; of a correlation, when its condition was met.
        fields: fields of the event, or the group of a correlation.
        rows: rows of the matches table that it rests on.
    """

    rule_id: str
    time: int
    fields: Mapping[str, str]
    rows: tuple[int, ...]


def signals(matches: pa.Table, wanted: frozenset[str]) -> Iterator[Signal]:
    """Yield the matches of the wanted rules as signals, in order of time.

    Args:
        matches: rows of ``model.MATCH_SCHEMA`` in any order.
        wanted: rule ids.
    """
    analytics = matches.column("analytic").to_pylist()
    rule_ids = matches.column("rule_id").to_pylist()
    rows = [
        row
        for row, (analytic, rule_id) in enumerate(zip(analytics, rule_ids, strict=True))
        if analytic == ANALYTIC and rule_id in wanted
    ]
    chosen = matches.select(["time", "rule_id", "fields", "event_id"]).take(
        pa.array(rows, pa.int64())
    )
    times, ids = chosen.column("time").to_pylist(), chosen.column("rule_id").to_pylist()
    fields, events = chosen.column("fields").to_pylist(), chosen.column("event_id").to_pylist()
    order = sorted(range(len(rows)), key=lambda place: (times[place] or 0, events[place] or ""))
    for place in order:
        pairs = dict(fields[place] or ())
        yield Signal(ids[place], times[place] or 0, pairs, (rows[place],))
