"""What the network's sensors write agrees, packet by packet and record by record."""

from __future__ import annotations

import json
import shutil
import struct
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from noroshi.drill.clock import MINUTE, at
from noroshi.drill.event import Event, Flow, Resolved
from noroshi.drill.write.capture import packets_of, write_capture
from noroshi.drill.write.frame import checksum
from noroshi.drill.write.ipfix import FlowRecord, flow_records, write_ipfix
from noroshi.drill.write.suricata import community_id, write_suricata
from noroshi.drill.write.wire import packets, seen_inside, seen_outside
from noroshi.drill.write.zeek import write_zeek

TSHARK = shutil.which("tshark")
needs_tshark = pytest.mark.skipif(TSHARK is None, reason="tshark is not installed (make tshark)")


@pytest.fixture(scope="module")
def hour(events: list[Event]) -> list[Event]:
    """A quarter of an hour with the download of the implant in it."""
    return [event for event in events if at(9, 50) <= event.time < at(9, 50) + 15 * MINUTE]


@pytest.fixture(scope="module")
def capture(hour: list[Event], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("capture") / "fw01.pcap"
    assert write_capture(packets_of(hour), path) > 10_000
    return path


def read(path: Path) -> Iterator[tuple[int, bytes, int]]:
    """Read a capture back: time, kept bytes, length."""
    data = path.read_bytes()
    assert struct.unpack("<IHHiIII", data[:24])[:3] == (0xA1B2C3D4, 2, 4)
    place = 24
    while place < len(data):
        seconds, rest, kept, length = struct.unpack_from("<IIII", data, place)
        place += 16
        yield seconds * 1_000_000 + rest, data[place : place + kept], length
        place += kept


def ends(frame: bytes) -> tuple[str, int, str, int, int]:
    source, target = (".".join(map(str, frame[at : at + 4])) for at in (26, 30))
    sport, dport = struct.unpack_from("!HH", frame, 34)
    return source, sport, target, dport, frame[23]


def test_packets_are_in_order_and_their_checksums_hold(capture: Path) -> None:
    last, whole = 0, 0
    for time, frame, length in read(capture):
        assert time >= last
        last = time
        assert checksum(frame[14:34]) == 0
        assert struct.unpack_from("!H", frame, 16)[0] == length - 14
        if len(frame) == length:
            body = frame[34:]
            pseudo = frame[26:34] + struct.pack("!BBH", 0, frame[23], len(body))
            assert checksum(pseudo + body) == 0
            whole += 1
    assert whole > 5_000


def test_capture_and_zeek_count_the_same_packets(hour: list[Event], capture: Path) -> None:
    counted = Counter(ends(frame) for _, frame, _ in read(capture))
    conn, _ = write_zeek(hour)
    rows = [line.split("\t") for line in conn.lines if not line.startswith("#")]
    expected: Counter[tuple[str, int, str, int, int]] = Counter()
    for row in rows:
        protocol = 6 if row[6] == "tcp" else 17
        expected[(row[2], int(row[3]), row[4], int(row[5]), protocol)] += int(row[16])
        expected[(row[4], int(row[5]), row[2], int(row[3]), protocol)] += int(row[18])
    assert counted == +expected


@needs_tshark
def test_tshark_reads_every_packet(hour: list[Event], capture: Path) -> None:
    assert TSHARK is not None
    command = [TSHARK, "-r", str(capture), "-Y", "_ws.malformed", "-T", "fields", "-e",
               "frame.number"]  # fmt: skip
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stdout == b""
    command = [TSHARK, "-r", str(capture), "-T", "fields", "-e", "dns.qry.name", "-Y",
               "dns.flags.response == 0"]  # fmt: skip
    done = subprocess.run(command, capture_output=True, check=True)
    asked = [event.name for event in hour if isinstance(event, Resolved)]
    assert sorted(done.stdout.decode().split()) == sorted(asked)


@needs_tshark
def test_tshark_reads_the_flow_records(hour: list[Event], tmp_path: Path) -> None:
    assert TSHARK is not None
    path = tmp_path / "router.ipfix"
    path.write_bytes(write_ipfix(hour))
    command = [TSHARK, "-r", str(path), "-T", "json"]
    done = subprocess.run(command, capture_output=True, check=True)
    found = done.stdout.decode().count('"cflow.octets64"') or done.stdout.decode().count(
        '"cflow.octets"'
    )
    assert found == sum(1 for _ in flow_records(hour))


def test_flow_records_hold_what_crossed_the_border(events: list[Event]) -> None:
    crossing = [e for e in events if isinstance(e, Flow) and seen_outside(e)]
    records = list(flow_records(events))
    addresses = {address for record in records for address in (record.source, record.target)}
    assert not [address for address in addresses if address.startswith("10.")]
    assert len(records) == sum(1 + event.allowed for event in crossing)
    octets = sum(record.octets - _header(record) * record.packets for record in records)
    assert octets == sum(event.sent + event.received for event in crossing if event.allowed)


def _header(record: FlowRecord) -> int:
    return 40 if record.protocol == 6 else 28


def test_flow_records_decode_by_their_template(hour: list[Event]) -> None:
    data, place, found = write_ipfix(hour), 0, 0
    widths: list[int] = []
    while place < len(data):
        version, length, _, sequence, _ = struct.unpack_from("!HHIII", data, place)
        assert (version, sequence) == (10, found)
        at_set = place + 16
        while at_set < place + length:
            number, size = struct.unpack_from("!HH", data, at_set)
            if number == 2:
                count = struct.unpack_from("!H", data, at_set + 6)[0]
                widths = [
                    struct.unpack_from("!HH", data, at_set + 8 + 4 * index)[1]
                    for index in range(count)
                ]
            else:
                assert (size - 4) % sum(widths) == 0
                found += (size - 4) // sum(widths)
            at_set += size
        place += length
    assert found == sum(1 for _ in flow_records(hour)) > 300


def test_suricata_and_zeek_saw_the_same_connections(hour: list[Event]) -> None:
    sheet = write_suricata(hour)
    records: list[dict[str, Any]] = [json.loads(line) for line in sheet.lines]
    assert [r["timestamp"] for r in records] == sorted(r["timestamp"] for r in records)
    flows = [event for event in hour if isinstance(event, Flow) and seen_inside(event)]
    kinds = Counter(record["event_type"] for record in records)
    assert kinds["flow"] == len(flows)
    names = Counter(event.name for event in flows if event.service == "ssl" and event.name)
    told = Counter(record["tls"].get("sni", "") for record in records
                   if record["event_type"] == "tls")  # fmt: skip
    assert names and +names == told - Counter({"": told[""]})
    for record in records:
        if record["event_type"] == "flow":
            assert record["flow"]["start"] <= record["flow"]["end"] <= record["timestamp"]


def test_the_community_id_is_the_same_from_both_sides() -> None:
    # The value that other implementations give for this connection.
    known = community_id("128.232.110.120", 34855, "66.35.250.204", 80, 6)
    assert known == "1:LQU9qZlK+B5F3KDmev6m5PMibrg="
    one = community_id("192.0.2.1", 4000, "198.51.100.7", 443, 6)
    assert one == community_id("198.51.100.7", 443, "192.0.2.1", 4000, 6)
    assert one != community_id("192.0.2.1", 4000, "198.51.100.7", 443, 17)


def test_a_large_flow_is_counted_without_being_held(events: list[Event]) -> None:
    largest = max((e for e in events if isinstance(e, Flow)), key=lambda flow: flow.sent)
    found = sum(1 for _ in packets_of([largest]))
    assert found == sum(packets(largest)) > 10_000
