"""What holds for every sample of the network, server and cloud collectors alike."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from tests.collect.reading import MODIFIED, evidence_of, read, read_path, rows_of

from noroshi.collect import BadRecord, Record, collectors

NAMES = (
    "binetflow", "cloudtrail", "csv", "entra", "json", "m365", "mail", "squid", "suricata",
    "syslog", "web_access", "zeek",
)  # fmt: skip
SAMPLES = Path(__file__).resolve().parent.parent / "samples"
FILES = [path for name in NAMES for path in sorted((SAMPLES / name).iterdir())]
EARLIEST = 1_700_000_000_000_000


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@pytest.mark.parametrize("path", FILES, ids=named)
def test_each_sample_is_taken_by_its_own_collector_and_read_whole(path: Path) -> None:
    found = read_path(path)
    assert found.collector == path.parent.name
    assert found.records
    assert found.bad == []


@pytest.mark.parametrize("path", FILES, ids=named)
def test_reading_twice_gives_the_same(path: Path) -> None:
    first, second = read_path(path), read_path(path)
    assert first.rows == second.rows
    assert [record.fields for record in first.records] == [
        record.fields for record in second.records
    ]


@pytest.mark.parametrize("path", FILES, ids=named)
def test_every_time_is_that_of_the_evidence(path: Path) -> None:
    assert all(EARLIEST < row["time"] < MODIFIED for row in read_path(path).rows)


def mutations(data: bytes, seed: int) -> list[bytes]:
    chance = random.Random(seed)
    spoilt = bytearray(data)
    for _ in range(max(4, len(data) // 100)):
        spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
    lines = data.split(b"\n")
    chance.shuffle(lines)
    at = chance.randrange(len(data))
    return [
        bytes(spoilt),
        data[:at],
        data[at:],
        b"\n".join(lines),
        data.replace(b"1", b"9" * 40),
        data.replace(b" ", b"\x00"),
        data[:at] + b"\xff\xfe\x1b$B\x80" + data[at:],
        data[:at] + b"[" * 5_000 + data[at:],
        data[:at] + b'{"a":' * 5_000 + data[at:],
        data[:at] + b" " * 100_000 + data[at:],
    ]


@pytest.mark.parametrize("path", FILES, ids=named)
def test_spoilt_evidence_never_stops_a_collector(path: Path) -> None:
    (own,) = (item for item in collectors() if item.name == path.parent.name)
    for seed in range(2):
        for data in mutations(path.read_bytes(), seed):
            items = list(own.read(evidence_of(data, path.name)))
            records = [item for item in items if isinstance(item, Record)]
            assert all(isinstance(item, Record | BadRecord) for item in items)
            assert len(rows_of(records)) == len(records)


LINEWISE = ("squid", "syslog", "zeek", "suricata")


@pytest.mark.parametrize("path", [p for p in FILES if p.parent.name in LINEWISE], ids=named)
def test_a_spoilt_line_costs_only_itself(path: Path) -> None:
    lines = path.read_bytes().split(b"\n")
    if path.name == "counted.bin":
        pytest.skip("counted octets: a spoilt count costs what follows up to the next line")
    at = len(lines) // 2
    before = read_path(path)
    after = read(b"\n".join([*lines[:at], b"\xff}garbage{", *lines[at:]]), path.name)
    assert len(after.records) == len(before.records)
    assert len(after.bad) == 1


@pytest.mark.parametrize("hostile", [
    b"<34>" + b"[" * 400_000,
    b"<34>May 14 09:00:00 h sudo: " + b"a ; PWD=x ; USER=x ; ENV=" * 40_000,
    b"<34>May 14 09:00:00 h CEF:0|a|b|c|d|e|f|" + b"a=" * 200_000,
    b"<34>May 14 09:00:00 h CEF:0|" + b"\\|" * 200_000,
    b"<34>1 2024-05-14T00:00:00Z h a - - [a " + b'b="\\' * 100_000,
    b'1.2.3.4 - - [14/May/2024:09:00:00 +0900] "' + b"\\" * 400_000,
    b'1.2.3.4 - - [14/May/2024:09:00:00 +0900] "GET / HTTP/1.1" 200 1 "-" "-" ' + b'"a=' * 99_999,
    b"1715644800.123    250 192.168.10.21 TCP_MISS/200 5120 GET " + b"x " * 60_000,
    b"#separator \\x09\n#fields\tts\tuid\n" + b"\\x5" * 200_000,
    b"From: a\nTo: b\nSubject: " + b"=?utf-8?B?" * 40_000 + b"\n\n",
    b"From: a\nTo: " + b'"a" <' * 60_000 + b"\n\nx",
    b"From: a\nTo: b\nContent-Type: text/html\n\n" + b"<a href=" * 100_000,
    b"From: a\nTo: b\nContent-Type: text/plain\n\n" + b"http://" * 100_000,
], ids=range(13))  # fmt: skip
def test_hostile_lines_take_linear_time(hostile: bytes) -> None:
    began = time.process_time()
    for item in collectors():
        if item.name in NAMES:
            list(item.read(evidence_of(hostile)))
    assert time.process_time() - began < 10
