"""Syslog: headers, years, zones, escapes, and who did what to whom."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.collect.reading import evidence_of, read

from noroshi.collect import Record
from noroshi.collect.clock import SECOND, from_datetime
from noroshi.collect.syslog.events import event_fields
from noroshi.collect.syslog.header import HeaderReader, structured_data
from noroshi.collect.syslog.reader import read_syslog


def micros(*parts: int) -> int:
    return from_datetime(datetime(*parts, tzinfo=UTC))  # type: ignore[arg-type,misc]


def time_of(line: str, modified: datetime) -> int | None:
    found = HeaderReader(from_datetime(modified)).read(line)
    assert found is not None
    return found.time


@pytest.mark.parametrize(
    ("line", "modified", "expected"),
    [
        ("Dec 31 23:59:59 h a: x", datetime(2024, 1, 2, tzinfo=UTC), (2023, 12, 31, 23, 59, 59)),
        ("Jan  1 00:00:01 h a: x", datetime(2024, 1, 2, tzinfo=UTC), (2024, 1, 1, 0, 0, 1)),
        ("Feb 29 12:00:00 h a: x", datetime(2026, 3, 1, tzinfo=UTC), (2024, 2, 29, 12, 0, 0)),
        ("May 14 2019 12:00:00 h a: x", datetime(2026, 3, 1, tzinfo=UTC), (2019, 5, 14, 12, 0, 0)),
    ],
)
def test_the_year_left_out_is_the_last_that_is_not_the_future(
    line: str, modified: datetime, expected: tuple[int, ...]
) -> None:
    assert time_of(line, modified) == micros(*expected)


def test_times_without_a_zone_are_of_the_zone_asked_for() -> None:
    lines = "May 14 09:00:00 h app: x\n2024-05-14T09:00:00+01:00 h app: y\n"
    evidence = evidence_of(lines)
    evidence.zone = ZoneInfo("Asia/Tokyo")
    items = list(read_syslog(evidence))
    times = [item.time for item in items if isinstance(item, Record)]
    assert times == [micros(2024, 5, 14, 0, 0, 0), micros(2024, 5, 14, 8, 0, 0)]


@pytest.mark.parametrize(
    ("message", "user", "address", "status"),
    [
        ("Failed password for invalid user a b from 192.0.2.1 from 203.0.113.7 port 4 ssh2",
         "a b from 192.0.2.1", "203.0.113.7", 2),
        ("Invalid user x from 192.0.2.9 port 1 from 203.0.113.8 port 5",
         "x from 192.0.2.9 port 1", "203.0.113.8", 2),
        ("Accepted password for taro from 2001:db8::5 port 6 ssh2", "taro", "2001:db8::5", 1),
    ],
)  # fmt: skip
def test_a_chosen_user_name_cannot_pass_for_the_address(
    message: str, user: str, address: str, status: int
) -> None:
    (row,) = read(f"<38>May 14 09:00:00 web1 sshd[1]: {message}").rows
    assert (row["class"], row["user_name"], row["src_endpoint_ip"], row["status_id"]) == (
        "authentication", user, address, status,
    )  # fmt: skip
    assert row["device_hostname"] == "web1"


def test_sudo_says_who_became_whom_and_ran_what() -> None:
    line = "<85>May 14 09:00:08 web1 sudo:  taro : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/id"
    found = read(line)
    (row,) = found.rows
    assert row["class"] == "process_activity"
    assert (row["actor_user_name"], row["process_user_name"]) == ("taro", "root")
    assert row["process_cmd_line"] == "/bin/id"
    assert found.records[0].fields["USER"] == "root"
    assert "sudo" in row["log_services"]


def test_an_outbound_connection_begins_inside() -> None:
    line = (
        "<166>May 14 09:02:00 fw1 %ASA-6-302013: Built outbound TCP connection 77 for "
        "outside:198.51.100.7/443 (198.51.100.7/443) to inside:192.168.10.21/50123 (192.0.2.1/1)"
    )
    (row,) = read(line).rows
    assert (row["src_endpoint_ip"], row["src_endpoint_port"]) == ("192.168.10.21", 50123)
    assert (row["dst_endpoint_ip"], row["dst_endpoint_port"]) == ("198.51.100.7", 443)
    assert row["log_product"] == "cisco"


def test_counted_octets_may_hold_line_breaks() -> None:
    messages = [
        "<30>1 2024-05-14T00:00:00Z h a - - - one\ntwo",
        "<30>1 2024-05-14T00:00:01Z h a - - - x",
    ]
    found = read("".join(f"{len(text)} {text}" for text in messages))
    assert [record.fields["message"] for record in found.records] == messages


PLAIN = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=30)
KEYS = st.text("abcdefXYZ09", min_size=1, max_size=8)


@given(st.dictionaries(KEYS, PLAIN.map(str.strip), max_size=6), PLAIN)
def test_cef_comes_back_as_it_was_written(extension: dict[str, str], name: str) -> None:
    def escape(text: str) -> str:
        return text.replace("\\", "\\\\").replace("=", "\\=")

    head = name.replace("\\", "\\\\").replace("|", "\\|")
    tail = " ".join(f"{key}={escape(value)}" for key, value in extension.items())
    fields = event_fields(f"CEF:0|Vendor|Product|1|id|{head}|5|{tail}")
    assert fields is not None
    assert fields["name"] == name
    assert {key: fields[key] for key in extension} == extension


@given(st.dictionaries(KEYS, PLAIN.filter(lambda text: "^" not in text), max_size=6))
def test_leef_comes_back_as_it_was_written(pairs: dict[str, str]) -> None:
    tail = "^".join(f"{key}={value}" for key, value in pairs.items())
    for delimiter in ("^", "x5E", "0x5e"):
        fields = event_fields(f"LEEF:2.0|Vendor|Product|1|id|{delimiter}|{tail}")
        assert fields is not None
        assert {key: fields[key] for key in pairs} == pairs


@given(st.dictionaries(KEYS, PLAIN, max_size=5))
def test_structured_data_comes_back_as_it_was_written(pairs: dict[str, str]) -> None:
    def escape(text: str) -> str:
        return text.replace("\\", "\\\\").replace('"', '\\"').replace("]", "\\]")

    inner = "".join(f' {key}="{escape(value)}"' for key, value in pairs.items())
    text = f"[id@1{inner}] rest"
    found, end = structured_data(text, 0)
    assert found == {f"id@1.{key}": value for key, value in pairs.items()}
    assert text[end:] == " rest"


def test_seconds_keep_their_fraction() -> None:
    found = HeaderReader(0).read("<30>1 2024-05-14T09:00:00.25+09:00 h a - - - x")
    assert found is not None
    assert found.time == micros(2024, 5, 14) + SECOND // 4
