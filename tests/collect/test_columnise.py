"""Records to batches and back: every native field survives."""

from __future__ import annotations

import ipaddress

from hypothesis import given
from hypothesis import strategies as st

from noroshi.collect import Record, Shape
from noroshi.collect.columnise import (
    MAX_COLUMNS,
    Bucket,
    address_integers,
    batches,
    native_text,
    to_table,
)
from noroshi.collect.mapping import iso_time
from noroshi.collect.record import Value
from noroshi.lake.unfold import event_batches
from noroshi.model import EVENT_CLASSES, EventBatch, LogSource

SHAPE = Shape(
    "t",
    EVENT_CLASSES["network_activity"],
    LogSource("p", ("s",), ("c", "d")),
    iso_time("t"),
    {"src_endpoint_ip": "ip"},
)
SCALAR = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text()
FIELDS = st.dictionaries(
    st.text("abc", min_size=1, max_size=2), SCALAR | st.lists(SCALAR, max_size=3), max_size=4
)


def filled(*records: dict[str, Value]) -> list[EventBatch]:
    bucket = Bucket(SHAPE)
    for number, fields in enumerate(records):
        bucket.add(Record(SHAPE, fields), 0, number)
    return list(batches(bucket, ["s" * 32]))


def texts(fields: dict[str, Value]) -> dict[str, object]:
    """What the native columns must hold for a record."""
    found: dict[str, object] = {}
    for name, value in fields.items():
        if isinstance(value, list):
            found[name + "[]"] = [native_text(item) or "" for item in value]
        elif value is not None:
            found[name] = native_text(value)
    return found


@given(st.lists(FIELDS, min_size=1, max_size=8))
def test_native_fields_survive_columns_map_and_lake_row(records: list[dict[str, Value]]) -> None:
    seen: dict[str, dict[str, object]] = {}
    for batch in filled(*records):
        table = to_table(batch)
        back = [
            again for rows in table.to_batches() for again in event_batches(batch.event_class, rows)
        ]
        for each in (batch, *back):
            for event_id, row in zip(
                each.events["event_id"].to_pylist(), each.native.to_pylist(), strict=True
            ):
                values = {key: value for key, value in row.items() if value is not None}
                assert seen.setdefault(event_id, values) == values
            assert each.log_source == SHAPE.log_source
    assert [seen[key] for key in sorted(seen, key=lambda key: int(key.split(":")[1]))] == [
        texts(fields) for fields in records
    ]


def test_wide_records_are_split_and_none_is_lost() -> None:
    records: list[dict[str, Value]] = [
        {f"{number}-{index}": "x" for index in range(300)} for number in range(20)
    ]
    found = filled(*records)
    assert len(found) > 1
    assert all(batch.native.num_columns <= MAX_COLUMNS for batch in found)
    assert sum(batch.num_rows for batch in found) == 20


@given(st.ip_addresses())
def test_addresses_as_integers(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    number, high, low = address_integers(str(address))
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        assert number is None
        assert high is not None
        assert low is not None
        assert ((high % 2**64) << 64 | low % 2**64) == int(address)
    else:
        mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else address
        assert mapped is not None
        assert (number, high, low) == (int(mapped), None, None)


def test_what_is_no_address_has_no_integers() -> None:
    (batch,) = filled({"ip": "192.0.2.1", "t": "2026-01-01"}, {"ip": "no"}, {})
    assert batch.events["src_endpoint_ip_n"].to_pylist() == [3221225985, None, None]
    assert batch.events["day"].to_pylist() == ["2026-01-01", "1970-01-01", "1970-01-01"]


def test_times_outside_the_calendar_are_undated_but_kept() -> None:
    (batch,) = filled({"t": "1601-01-01T00:00:00Z"}, {"t": "9999-01-01T00:00:00Z"})
    assert batch.events["day"].to_pylist() == ["1970-01-01", "1970-01-01"]
    assert [time < 0 for time in batch.events["time"].to_pylist()] == [True, False]
