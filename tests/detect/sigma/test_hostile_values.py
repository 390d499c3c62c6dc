"""Values made to hurt: they must neither crash the matcher nor slow it beyond linear."""

from __future__ import annotations

import time
from typing import Any

import pyarrow as pa
import pytest
from tests.detect.sigma.batches import batch_of

from noroshi.detect.sigma import SigmaMatcher, load_documents
from noroshi.model import EventBatch

SELECTIONS: tuple[dict[str, Any], ...] = (
    {"F|contains": "^^"},
    {"F|contains|all": ["aa", "ab", "ba"]},
    {"F": "*a*a*a*a*a*a*b"},
    {"F|re": "(a+)+b$"},
    {"F|re": "a+b*(?=b)x"},
    {"F|re|i": "x.*y.*z"},
    {"F|endswith": "aaaaaaaaab"},
    {"F|lt": 5},
    {"F|cidr": "10.0.0.0/8"},
    {"F|hour": 3},
    {"F|fieldref|contains": "G"},
    {"F|wide|contains": "ab"},
)
RULES = load_documents(
    {
        "title": str(number),
        "id": f"00000000-0000-4000-8000-{number:012d}",
        "logsource": {"product": "windows"},
        "detection": {"one": selection, "condition": "one"},
    }
    for number, selection in enumerate(SELECTIONS)
)
assert not RULES.problems

WAYS: tuple[dict[str, bool], ...] = ({}, {"pure": True}, {"sieved": False})


def seconds(value: str, way: dict[str, bool]) -> float:
    matcher = SigmaMatcher(RULES, **way)
    matcher(batch_of([{"F": "x", "G": "y"}]))
    batch = batch_of([{"F": value, "G": value[: len(value) // 2]}])
    start = time.process_time()
    matcher(batch)
    return time.process_time() - start


@pytest.mark.parametrize("way", WAYS, ids=["hyperscan", "pure", "unsieved"])
@pytest.mark.parametrize("unit", ["a", "^", "ab", "\0", "é", "9", "xy", "日本"])
def test_a_megabyte_is_looked_at_in_linear_time(unit: str, way: dict[str, bool]) -> None:
    whole = unit * (1_000_000 // len(unit))
    assert seconds(whole, way) < 3.0


@pytest.mark.parametrize("way", WAYS, ids=["hyperscan", "pure", "unsieved"])
def test_bytes_that_are_no_text_are_replaced(way: dict[str, bool]) -> None:
    batch = batch_of([{"F": "x"}, {"F": "y"}])
    raw = pa.array([b"a^^\xed\xa0\x80b", b"\xff\xfe^^"], pa.binary())
    broken = pa.StringArray.from_buffers(2, raw.buffers()[1], raw.buffers()[2])
    native = pa.RecordBatch.from_pydict({"F": broken})
    found = SigmaMatcher(RULES, **way)(
        EventBatch(batch.event_class, batch.log_source, batch.events, native)
    )
    assert len(found) == 2
    assert "\ufffd" in dict(found["fields"][0].as_py())["F"]


@pytest.mark.parametrize("way", WAYS, ids=["hyperscan", "pure", "unsieved"])
def test_a_slice_of_a_batch_matches_as_its_rows_do(way: dict[str, bool]) -> None:
    batch = batch_of([{"F": value} for value in ("x", "^^", None, "^^^", "y", "a^^")])
    matcher = SigmaMatcher(RULES, **way)
    part = EventBatch(
        batch.event_class, batch.log_source, batch.events.slice(1, 4), batch.native.slice(1, 4)
    )
    found = [event.split(":")[1] for event in matcher(part)["event_id"].to_pylist()]
    assert found == ["1", "3"]


def test_lists_in_a_slice_keep_their_rows() -> None:
    batch = batch_of([{"F": ["x"]}, {"F": ["y", "^^"]}, {"F": []}, {"F": None}, {"F": ["^^"]}])
    part = EventBatch(
        batch.event_class, batch.log_source, batch.events.slice(1, 4), batch.native.slice(1, 4)
    )
    found = [event.split(":")[1] for event in SigmaMatcher(RULES)(part)["event_id"].to_pylist()]
    assert found == ["1", "4"]


def test_texts_across_the_borders_of_a_search_slice_are_found() -> None:
    rules = load_documents(
        [
            {
                "title": "t",
                "logsource": {"product": "windows"},
                "detection": {"one": {"F|contains": "needle"}, "condition": "one"},
            }
        ]
    )
    for before in range((1 << 18) - 7, (1 << 18) + 2):
        batch = batch_of([{"F": "." * before + "needle"}, {"F": "need"}, {"F": "le"}])
        for way in ({}, {"pure": True}):
            assert len(SigmaMatcher(rules, **way)(batch)) == 1
