"""Indicators both ways: the same matches from a batch as it passes and from the lake later."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.detect.events import DAY, START, day_of

from noroshi.detect.indicators import (
    IndicatorMatcher,
    indicator_findings,
    suppressed,
)
from noroshi.intel.indicators import Indicator, IndicatorStore, IndicatorType
from noroshi.intel.warning_lists import WarningLists
from noroshi.lake import Lake
from noroshi.lang import render
from noroshi.model import EVENT_CLASSES, EventBatch, LogSource, Severity

T = IndicatorType
KNOWN = [
    Indicator(T.DOMAIN, "evil.example", "feed", confidence=80, description="Stage two"),
    Indicator(T.DOMAIN, "past.example", "feed", valid_until=START),
    Indicator(T.DOMAIN, "cdn.example", "feed"),
    Indicator(T.NETWORK, "203.0.113.0/24", "feed"),
]
BENIGN = {"name": "Big sites", "type": "hostname", "list": ["cdn.example"]}


def batch(events: list[dict[str, Any]]) -> EventBatch:
    event_class = EVENT_CLASSES["dns_activity"]
    schema = event_class.schema.remove(event_class.schema.get_field_index("native"))
    rows = [
        dict.fromkeys(schema.names)
        | {"event_id": f"s:{n}", "source_id": "s", "device_hostname": "pc1", "time": START}
        | event
        for n, event in enumerate(events)
    ]
    for row in rows:
        row["day"] = day_of(row["time"])
    found = pa.RecordBatch.from_pylist(rows, schema)
    native = pa.RecordBatch.from_pydict({"_": pa.nulls(len(rows), pa.string())})
    return EventBatch(event_class, LogSource("zeek"), found, native)


EVENTS = batch(
    [
        {"query_hostname": "www.evil.example"},
        {"query_hostname": "evil.example", "answers": ["203.0.113.4", "a.example"]},
        {"query_hostname": "past.example"},
        {"query_hostname": "past.example", "time": START - 1},
        {"query_hostname": "x.cdn.example"},
        {"query_hostname": "good.example", "time": START + DAY},
    ]
)


@pytest.fixture
def matcher(tmp_path: Path) -> IndicatorMatcher:
    store = IndicatorStore(tmp_path / "indicators")
    store.add(KNOWN)
    benign = WarningLists()
    benign.add(BENIGN)
    return IndicatorMatcher(store, benign)


def test_batch_and_lake_agree(matcher: IndicatorMatcher, tmp_path: Path) -> None:
    live = matcher(EVENTS)
    lake = Lake(tmp_path / "lake")
    schema = EVENTS.event_class.schema
    native = pa.nulls(EVENTS.num_rows, schema.field("native").type)
    rows = pa.Table.from_arrays([*EVENTS.events.columns, native], schema=schema)
    lake.append("dns_activity", rows)
    later = pa.concat_tables(list(matcher.retro(lake, None, None)))
    order = [("match_id", "ascending")]
    assert live.num_rows == 5
    assert later.sort_by(order).to_pylist() == live.sort_by(order).to_pylist()


def test_findings(matcher: IndicatorMatcher) -> None:
    found = {item.explanation.params["value"]: item for item in indicator_findings(matcher(EVENTS))}
    # An expired indicator matches only what happened while it held.
    assert set(found) == {"evil.example", "past.example", "203.0.113.0/24"}
    evil = found["evil.example"]
    assert (evil.count, evil.severity, evil.score) == (2, Severity.HIGH, 0.8)
    assert "Stage two" in render(evil.explanation, "ja")
    assert (found["past.example"].count, found["past.example"].first) == (1, START - 1)
    assert [item.event_id for item in evil.evidence] == ["s:0", "s:1"]


def test_benign_ones_are_silenced_aloud(matcher: IndicatorMatcher) -> None:
    (silenced,) = suppressed(matcher(EVENTS))
    assert (silenced.value, silenced.warning_list, silenced.count) == (
        "cdn.example",
        "Big sites",
        1,
    )


def test_again_gives_the_same(matcher: IndicatorMatcher) -> None:
    first, second = matcher(EVENTS), matcher(EVENTS)
    assert first.equals(second)
    assert list(indicator_findings(first)) == list(indicator_findings(second))
