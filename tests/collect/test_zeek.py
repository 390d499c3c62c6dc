"""Zeek: both forms give the same fields; escapes come back; streams are told by their fields."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from tests.collect.reading import read, read_path

from noroshi.collect.zeek.objects import stream_of
from noroshi.collect.zeek.tabular import unescape


def test_unset_empty_and_sets(samples: Path) -> None:
    found = read_path(samples / "zeek" / "conn.log")
    first, second, third = (record.fields for record in found.records)
    assert first["tunnel_parents"] == []
    assert second["tunnel_parents"] is None
    assert third["tunnel_parents"] == ["CTUN1", "CTUN2"]
    assert second["duration"] is None
    assert (first["local_orig"], first["local_resp"]) == ("true", "false")


def test_a_connection_goes_from_its_originator(samples: Path) -> None:
    row = read_path(samples / "zeek" / "conn.log").rows[0]
    assert (row["src_endpoint_ip"], row["dst_endpoint_ip"]) == ("192.168.10.21", "192.0.2.10")
    assert (row["traffic_bytes_out"], row["traffic_bytes_in"]) == (900, 4200)
    assert row["time"] == 1_715_644_800_123_456
    assert row["duration"] == 1_250_000
    assert row["connection_info_direction"] == "outbound"


def test_a_file_is_sent_by_whom_the_flag_says(samples: Path) -> None:
    rows = read_path(samples / "zeek" / "combined.json").rows
    (row,) = (row for row in rows if row["class"] == "file_transfer" and "file_size" in row
              and row["file_size"] == 512)  # fmt: skip
    assert (row["src_endpoint_ip"], row["dst_endpoint_ip"]) == ("192.168.10.21", "198.51.100.8")


def test_names_with_underscores_become_zeeks_own(samples: Path) -> None:
    found = read_path(samples / "zeek" / "combined.json")
    assert found.records[0].fields["id.orig_h"] == "192.168.10.21"
    assert found.records[3].fields["certificate.serial"] == "0A0B"
    assert found.rows[0]["device_hostname"] == "sensor1.town.example"


def test_requests_are_given_under_proxy_and_webserver_names(samples: Path) -> None:
    fields = read_path(samples / "zeek" / "combined.json").records[1].fields
    assert fields["c-uri"] == "http://Files.Example/a/b.exe?id=7"
    assert fields["c-uri-extension"] == "exe"
    assert fields["cs-host"] == "files.example"
    assert fields["cs-uri-query"] == ["id=7", "/a/b.exe?id=7"]


def test_a_stream_that_does_not_name_itself_is_told_by_its_fields() -> None:
    assert stream_of({"ts": 1, "conn_state": "SF", "proto": "tcp"}) == "conn"
    assert stream_of({"ts": 1}, "logs/PC1_smb_files.log") == "smb_files"
    assert stream_of({"ts": 1}, "anything.log") == ""


def test_a_line_with_too_few_fields_is_quarantined() -> None:
    found = read("#separator \\x09\n#path\tdns\n#fields\tts\tuid\n1715644800.0\tC1\n1715644801.0\n")
    assert len(found.records) == 1
    assert found.bad[0].reason == "1 fields, 2 named"


@given(st.binary(max_size=60))
def test_escapes_come_back(data: bytes) -> None:
    written = b"".join(
        b"\\\\" if byte == 0x5C else bytes([byte]) if 0x20 < byte < 0x7F else b"\\x%02x" % byte
        for byte in data
    )
    assert unescape(written) == data
