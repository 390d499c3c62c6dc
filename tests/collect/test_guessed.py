"""Records nobody knows: time, host and peers are guessed, everything is kept."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from tests.collect.reading import read_path

from noroshi.collect.clock import microseconds
from noroshi.collect.mapping import iso_microseconds

MOMENT = 1_715_644_800_123_456


@pytest.mark.parametrize(
    "text",
    ["1715644800.123456", "1715644800123456", "1715644800123456789", "2024-05-14T00:00:00.123456Z",
     "2024-05-14 09:00:00,123456+09:00", "2024/05/14 00:00:00.123456"],
)  # fmt: skip
def test_the_unit_of_a_time_follows_from_its_size(text: str) -> None:
    assert microseconds(text) == MOMENT


@pytest.mark.parametrize("text", ["", "soon", "2024-13-01", "9" * 60, "1e99", "-"])
def test_what_is_no_time_gives_none(text: str) -> None:
    assert microseconds(text) is None


def test_json(samples: Path) -> None:
    found = read_path(samples / "json" / "app.jsonl")
    first, second, third = found.rows
    assert (first["time"], first["device_hostname"]) == (1_715_644_800_123_000, "app1")
    assert (second["actor_user_name"], second["dst_endpoint_port"]) == ("hanako", 5432)
    assert (third["time"], third["device_hostname"]) == (1_715_644_802_000_001, "app2")
    assert found.records[1].fields["nested.list.a"] == ["b"]


def test_a_table_with_quotes_and_line_breaks(samples: Path) -> None:
    found = read_path(samples / "csv" / "door.csv")
    assert found.records[0].fields["Note"] == 'with, comma and "quote"'
    assert found.records[1].fields["Note"] == "two\nlines"
    assert "User" not in found.records[2].fields
    assert [row["time"] // 1_000_000 for row in found.rows] == [1715644800, 1715644805, 1715644809]


def test_flows_begin_with_the_initiator(samples: Path) -> None:
    rows = read_path(samples / "binetflow" / "capture.binetflow").rows
    assert (rows[0]["traffic_bytes_out"], rows[0]["traffic_bytes_in"]) == (1200, 7800)
    assert (rows[2]["src_endpoint_ip"], rows[2]["dst_endpoint_ip"]) == (
        "192.168.10.5",
        "203.0.113.77",
    )


def test_an_offset_behind_microseconds_counts() -> None:
    values = pa.array(["2024-05-14T09:00:00.123456+09:00", "2024-05-14T00:00:00.123456Z"])
    assert iso_microseconds(values).to_pylist() == [MOMENT, MOMENT]
