"""Flow records as NetFlow 5 and 9 packets on their way to the collector, in a capture.

Sources: Cisco "NetFlow Export Datagram Format" (version 5), RFC 3954 (version 9). One datagram is
one packet to UDP port 2055. Sampling is by connection, and said in each header.
"""

from __future__ import annotations

import ipaddress
import struct
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice

from noroshi.drill.event import Event, Flow
from noroshi.drill.write.frame import End, udp_frame
from noroshi.drill.write.ipfix import FlowRecord, flow_records
from noroshi.drill.write.paper import Blob

_V5_RECORDS = 30
_V9_RECORDS = 20
_TEMPLATE = 260
_FIELDS = ((8, 4), (12, 4), (7, 2), (11, 2), (4, 1), (6, 1), (1, 4), (2, 4), (22, 4), (21, 4))
"""Types and lengths: addresses, ports, protocol, flags, octets, packets, first and last uptime."""
_ROUTER, _COLLECTOR = End("10.20.250.2", 51_234), End("10.20.1.70", 2_055)
_UPTIME = 30 * 86_400 * 1_000


def write_netflow5(events: Iterable[Event], sampled: int = 1) -> Blob:
    """Write NetFlow 5; ``sampled`` is N where one connection of N is kept."""
    blob = Blob("flow/netflow5.pcap", data=_capture_head())
    sent = 0
    for batch in _batches(flow_records(events), _V5_RECORDS):
        boot, exported = _clock(batch)
        head = struct.pack(
            "!HHIIIIBBH", 5, len(batch), exported // 1_000 - boot, exported // 1_000_000,
            exported % 1_000_000 * 1_000, sent, 0, 1, (1 << 14 | sampled) if sampled > 1 else 0,
        )  # fmt: skip
        body = b"".join([_v5(record, boot) for record in batch])
        _put(blob, exported, head + body, sent)
        sent += len(batch)
    return blob


def write_netflow9(events: Iterable[Event]) -> Blob:
    """Write NetFlow 9; the template goes out with each datagram, as it may."""
    blob = Blob("flow/netflow9.pcap", data=_capture_head())
    template = b"".join(struct.pack("!HH", *each) for each in _FIELDS)
    template = struct.pack("!HHHH", 0, len(template) + 8, _TEMPLATE, len(_FIELDS)) + template
    for number, batch in enumerate(_batches(flow_records(events), _V9_RECORDS)):
        boot, exported = _clock(batch)
        data = b"".join(_v9(record, boot) for record in batch)
        data += b"\0" * (-len(data) % 4)
        body = template + struct.pack("!HH", _TEMPLATE, len(data) + 4) + data
        head = struct.pack(
            "!HHIIII", 9, len(batch) + 1, exported // 1_000 - boot, exported // 1_000_000, number, 7
        )
        _put(blob, exported, head + body, number)
    return blob


def one_of(events: Iterable[Event], sampled: int) -> Iterator[Event]:
    """Yield one connection of N, by its id, and everything that is no connection."""
    for event in events:
        if not isinstance(event, Flow) or _chance(event.uid) % sampled == 0:
            yield event


def _chance(uid: str) -> int:
    total = 0
    for letter in uid:
        total = (total * 131 + ord(letter)) % 1_000_003
    return total


_V5 = struct.Struct("!IIIHHIIIIHHBBBBHHBBH")


def _batches(records: Iterator[FlowRecord], size: int) -> Iterator[list[FlowRecord]]:
    while batch := list(islice(records, size)):
        yield batch


def _clock(batch: Sequence[FlowRecord]) -> tuple[int, int]:
    """Return when the router was switched on (ms since 1970) and when it exports (µs)."""
    return (
        min([record.first for record in batch]) // 1_000 - _UPTIME,
        max([record.last for record in batch]) + 1_000_000,
    )


def _v5(record: FlowRecord, boot: int) -> bytes:
    source, target, sport, dport, protocol, flags, octets, count, first, last = record
    return _V5.pack(
        _number(source), _number(target), 0, 1, 2, count, min(octets, 0xFFFFFFFF),
        first // 1_000 - boot, last // 1_000 - boot, sport, dport, 0, flags, protocol,
        0, 0, 0, 24, 24, 0,
    )  # fmt: skip


def _v9(record: FlowRecord, boot: int) -> bytes:
    source, target, sport, dport, protocol, flags, octets, count, first, last = record
    return struct.pack(
        "!IIHHBBIIII", _number(source), _number(target), sport, dport, protocol, flags,
        min(octets, 0xFFFFFFFF), count, first // 1_000 - boot, last // 1_000 - boot,
    )  # fmt: skip


@lru_cache(maxsize=65_536)
def _number(address: str) -> int:
    return int(ipaddress.IPv4Address(address))


def _capture_head() -> bytearray:
    return bytearray(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 1))


def _put(blob: Blob, time: int, payload: bytes, number: int) -> None:
    frame = udp_frame(_ROUTER, _COLLECTOR, payload, number & 0xFFFF)
    head = struct.pack("<IIII", time // 1_000_000, time % 1_000_000, len(frame), len(frame))
    blob.put(head + frame)
