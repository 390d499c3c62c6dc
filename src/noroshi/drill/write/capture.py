"""A packet capture of what a sensor saw: the connections of the events, packet by packet.

Written as libpcap with microseconds (draft-ietf-opsawg-pcap, section 4). Each packet is kept up to
``SNAP`` bytes, as capture appliances do; packets whose words the simulation does not know (SMB,
Kerberos …) are kept to the end of their headers.
"""

from __future__ import annotations

import heapq
import struct
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from noroshi.drill.event import Event, Flow, Resolved
from noroshi.drill.write.application import Stream, Talk, query, talks
from noroshi.drill.write.frame import (
    ACK,
    ETHERNET_BYTES,
    FIN,
    PSH,
    SYN,
    End,
    Segment,
    tcp_frame,
    udp_frame,
)
from noroshi.drill.write.wire import SEGMENT, packets, seen_inside

SNAP = 262
"""Bytes kept of each packet."""

_HEADERS = {"tcp": ETHERNET_BYTES + 20 + 20, "udp": ETHERNET_BYTES + 20 + 8}


class Packet(NamedTuple):
    """A packet on the wire.

    Attributes:
        time: µs since 1970 UTC.
        kept: its first bytes.
        length: how long it was.
        step: step of the story, empty for ordinary life.
    """

    time: int
    kept: bytes
    length: int
    step: str


def packets_of(events: Sequence[Event]) -> Iterator[Packet]:
    """Return the packets of the connections among the events, in order of time.

    Args:
        events: in order of time. Only their own connections are captured, so filter them by host
            or span for the capture of one sensor.
    """
    said = talks(events)
    open_runs: list[tuple[Packet, int, Iterator[Packet]]] = []
    for number, event in enumerate(events):
        run = _run(event, said)
        while open_runs and open_runs[0][0].time <= event.time:
            yield _next(open_runs)
        first = next(run, None)
        if first is not None:
            heapq.heappush(open_runs, (first, number, run))
    while open_runs:
        yield _next(open_runs)


def write_capture(packets: Iterable[Packet], path: Path) -> int:
    """Write packets as a capture file; return how many there were."""
    path.parent.mkdir(parents=True, exist_ok=True)
    count = 0
    with path.open("wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, SNAP, 1))
        for count, packet in enumerate(packets, 1):  # noqa: B007 - the last one is the count
            seconds, rest = divmod(packet.time, 1_000_000)
            file.write(struct.pack("<IIII", seconds, rest, len(packet.kept), packet.length))
            file.write(packet.kept)
    return count


def _next(open_runs: list[tuple[Packet, int, Iterator[Packet]]]) -> Packet:
    """Take the earliest packet of the connections that are open."""
    packet, number, run = open_runs[0]
    following = next(run, None)
    if following is None:
        heapq.heappop(open_runs)
    else:
        heapq.heapreplace(open_runs, (following, number, run))
    return packet


def _run(event: Event, said: dict[str, Talk]) -> Iterator[Packet]:
    """Return the packets of one connection in order of time."""
    if isinstance(event, Resolved) and event.host.ip != event.server:
        return _query_packets(event)
    ends = seen_inside(event) if isinstance(event, Flow) else None
    if isinstance(event, Flow) and ends:
        client, server = End(ends[0], event.sport), End(ends[1], event.dport)
        if event.protocol == "udp":
            return _udp(event, client, server)
        return _tcp(event, client, server, said.get(event.uid))
    return iter(())


def _query_packets(event: Resolved) -> Iterator[Packet]:
    client, server = End(event.host.ip, event.port), End(event.server, 53)
    asked, told = query(event)
    for time, source, target, data in (
        (event.time, client, server, asked),
        (event.time + 500 + event.number % 700, server, client, told),
    ):
        frame = udp_frame(source, target, data, event.number)
        yield Packet(time, frame[:SNAP], len(frame), event.step)


def _udp(flow: Flow, client: End, server: End) -> Iterator[Packet]:
    number = crc32(flow.uid.encode())
    ways = [(client, server, flow.sent)] + [(server, client, flow.received)] * flow.allowed
    for index, (source, target, size) in enumerate(ways):
        for start in range(0, size, SEGMENT):
            frame = udp_frame(source, target, b"." * min(SEGMENT, size - start), number)
            time = flow.time + index * flow.duration // 2
            yield Packet(time, frame[: _HEADERS["udp"]], len(frame), flow.step)


def _tcp(flow: Flow, client: End, server: End, talk: Talk | None) -> Iterator[Packet]:
    first = crc32(flow.uid.encode())
    second = crc32(flow.uid[::-1].encode())
    if not flow.allowed:
        frame = tcp_frame(client, server, Segment(SYN, first, 0), first)
        yield Packet(flow.time, frame, len(frame), flow.step)
        return
    keep = SNAP if talk else _HEADERS["tcp"]
    out, back = talk or (_silence(flow.sent), _silence(flow.received))
    said = _conversation(first, second, out, back)
    for index, (forward, segment) in enumerate(said):
        time = _time(flow, index)
        source, target = (client, server) if forward else (server, client)
        frame = tcp_frame(source, target, segment, first + index)
        kept = max(keep, len(frame) - len(segment.payload))
        yield Packet(time, frame[:kept], len(frame), flow.step)


def _silence(size: int) -> Stream:
    return Stream(b"", size, sealed=False, seed="")


def _conversation(
    first: int, second: int, out: Stream, back: Stream
) -> Iterator[tuple[bool, Segment]]:
    """Return the segments in order, each with whether the opener sends it.

    Counted by :func:`noroshi.drill.write.wire.packets`.
    """
    mine, yours = first + 1, second + 1
    yield True, Segment(SYN, first, 0)
    yield False, Segment(SYN | ACK, second, mine)
    for number, data in enumerate(out.pieces(SEGMENT) if out.size else [b""], 1):
        yield True, Segment(ACK | (PSH if data else 0), mine, yours, data)
        mine += len(data)
        if not number % 2:
            yield False, Segment(ACK, yours, mine)
    for number, data in enumerate(back.pieces(SEGMENT), 1):
        yield False, Segment(ACK | PSH, yours, mine, data)
        yours += len(data)
        if not number % 2:
            yield True, Segment(ACK, mine, yours)
    yield True, Segment(FIN | ACK, mine, yours)
    yield False, Segment(FIN | ACK, yours, mine + 1)
    yield True, Segment(ACK, mine + 1, yours + 1)


def _time(flow: Flow, index: int) -> int:
    """Return when a packet passes: the handshake at once, the rest until the end."""
    trip = min(flow.duration // 8, 400 + crc32(flow.uid.encode()) % 20_000)
    if index < 2:  # SYN and SYN-ACK
        return flow.time + index * trip // 2
    last = sum(packets(flow)) - 1
    return flow.time + trip + (flow.duration - trip) * (index - 2) // (last - 2)
