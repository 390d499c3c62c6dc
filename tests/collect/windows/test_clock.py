from __future__ import annotations

import pytest

from noroshi.collect.record import Value
from noroshi.collect.windows.clock import event_microseconds, microseconds, mislabelled_zone

HOUR = 3_600_000_000
AT = microseconds("2026-04-01T01:15:02Z") or 0


def test_a_zone_in_the_text_counts() -> None:
    assert microseconds("2026-04-01T10:15:02+09:00") == AT


@pytest.mark.parametrize("text", [None, "", 5, "yesterday", "x" * 1000, "2026-04-01T99:00:00Z"])
def test_no_time_is_none(text: Value) -> None:
    assert microseconds(text) is None


def test_local_time_gets_its_zone_from_the_shipper() -> None:
    fields: dict[str, Value] = {
        "EventTime": "2026-04-01 10:15:02",
        "EventReceivedTime": "2026-04-01 10:15:05",
        "@timestamp": "2026-04-01T01:15:05.310Z",
    }

    assert event_microseconds(fields) == AT


def test_local_time_of_no_zone_is_read_as_utc() -> None:
    assert event_microseconds({"EventTime": "2026-04-01 01:15:02"}) == AT


def test_the_time_of_receipt_comes_last() -> None:
    fields: dict[str, Value] = {
        "@timestamp": "2026-04-01T05:00:00Z",
        "TimeCreated": "2026-04-01T01:15:02Z",
    }

    assert event_microseconds(fields) == AT
    del fields["TimeCreated"]
    assert event_microseconds(fields) == microseconds("2026-04-01T05:00:00Z")


def test_sysmon_tells_that_an_export_wrote_local_time_as_utc() -> None:
    events: list[dict[str, Value]] = [
        {"TimeCreated": "2026-04-01T10:15:02.900Z", "UtcTime": "2026-04-01 01:15:02.880"},
        {"TimeCreated": "2026-04-01T10:15:03.900Z", "UtcTime": "2026-04-01 01:15:02.880"},
        {"TimeCreated": "2026-04-01T10:15:04.000Z"},
    ]

    offset = mislabelled_zone(events)

    assert offset == -9 * HOUR
    assert event_microseconds({"TimeCreated": "2026-04-01T10:15:02Z"}, offset) == AT


def test_a_right_clock_is_left_alone() -> None:
    assert (
        mislabelled_zone(
            [{"TimeCreated": "2026-04-01T01:15:02Z", "UtcTime": "2026-04-01 01:15:01"}]
        )
        == 0
    )
    assert mislabelled_zone([]) == 0


def test_an_absurd_gap_is_no_zone() -> None:
    assert (
        mislabelled_zone(
            [{"TimeCreated": "2026-04-01T01:15:02Z", "UtcTime": "2020-04-01 01:15:01"}]
        )
        == 0
    )
