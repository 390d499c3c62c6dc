"""Expressions over native fields."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from noroshi.collect.mapping import (
    Expression,
    Fields,
    account_domain,
    account_name,
    base_name,
    boolean,
    choice,
    coalesce,
    constant,
    digest,
    epoch_microseconds,
    epoch_time,
    guid,
    integer,
    iso_time,
    lower,
    several,
    without,
)


def run(expression: Expression, *values: str | None) -> list[Any]:
    native = pa.RecordBatch.from_pydict({"x": pa.array(values, pa.string())})
    return list(expression(Fields(native)).to_pylist())


@pytest.mark.parametrize(
    ("expression", "value", "expected"),
    [
        (integer("x"), "0x1f4", 500),
        (integer("x"), "-7", -7),
        (integer("x"), "9" * 5000, None),
        (integer("x"), "18446744073709551615", None),
        (boolean("x"), "True", True),
        (boolean("x"), "F", False),
        (boolean("x"), "perhaps", None),
        (lower("x"), "ÄB", "äb"),
        (base_name("x"), r"C:\a\b.exe", "b.exe"),
        (base_name("x"), "/usr/bin/id", "id"),
        (account_name("x"), r"CORP\alice", "alice"),
        (account_domain("x"), r"CORP\alice", "CORP"),
        (account_name("x"), "alice@corp.example", "alice"),
        (account_domain("x"), "alice", None),
        (guid("x"), "{ABC-1}", "abc-1"),
        (digest("SHA256", "x"), "MD5=AA,SHA256=BB", "bb"),
        (digest("SHA1", "x"), "MD5=AA", None),
        (without("x"), "-", None),
        (choice("x", {"3": "network"}), "3", "network"),
        (choice("x", {"3": "network"}), "4", None),
        (constant(7), "x", 7),
        (several("x"), "one", ["one"]),
        (coalesce("absent", "x"), "here", "here"),
    ],
)
def test_expression(expression: Expression, value: str, expected: Any) -> None:
    assert run(expression, value, None)[0] == expected


@given(st.datetimes(datetime(1700, 1, 1), datetime(9000, 1, 1)))  # noqa: DTZ001 - zone added below
def test_iso_times_on_both_paths(moment: datetime) -> None:
    expected = (moment.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // (
        datetime.resolution
    )
    texts = [moment.isoformat() + end for end in ("Z", "", "+00:00")]
    assert run(iso_time("x"), *texts[:2]) == [expected] * 2
    assert run(iso_time("x"), *texts, "not a time", None) == [expected] * 3 + [None, None]


def test_iso_times_of_windows_and_with_an_offset() -> None:
    assert run(iso_time("x"), "2026-03-01T00:00:00.1234567Z") == [1772323200123456]
    assert run(iso_time("x"), "2026-03-01 09:00:00.5 +09:00", "2026-03-01T09:00:00+09:00") == [
        None,
        1772323200000000,
    ]


@given(st.integers(-(10**12), 10**12), st.integers(0, 999_999))
def test_epoch_seconds_do_not_round(seconds: int, micro: int) -> None:
    text = f"{seconds}.{micro:06d}"
    sign = -1 if seconds < 0 else 1
    assert epoch_microseconds(text) == seconds * 1_000_000 + sign * micro


def test_epoch_units_and_nonsense() -> None:
    assert run(epoch_time("x", 1_000), "1772323200123") == [1772323200123000]
    assert run(epoch_time("x"), "1e9", "1.5e9x", "inf", "9" * 30) == [None] * 4
