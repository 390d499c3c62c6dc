"""Flow records as the border router exports them: IPFIX messages in a file.

The router stands before the firewall: it sees translated addresses, and what the firewall drops.

Both directions of a connection are records of their own, as routers count them. Sources: RFC 7011
(messages, sets, templates), RFC 5655 (IPFIX files), IANA "IPFIX Information Elements".
"""

from __future__ import annotations

import ipaddress
import struct
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from noroshi.drill.event import Event, Flow
from noroshi.drill.write.frame import TCP, UDP
from noroshi.drill.write.wire import Ends, packets, seen_outside

TEMPLATE = 256
_FIELDS = (
    (8, 4), (12, 4), (7, 2), (11, 2), (4, 1), (6, 1), (1, 8), (2, 8), (152, 8), (153, 8),
)  # fmt: skip
"""Information elements and lengths: addresses, ports, protocol, TCP control bits, octets, packets,
start and end in milliseconds."""
_RECORD = struct.Struct("!IIHHBBQQQQ")
_A_MESSAGE = 1_000
_DOMAIN = 1
_COMPLETE, _REFUSED, _NONE = 0x1B, 0x02, 0x00


class FlowRecord(NamedTuple):
    """One direction of a connection.

    Times in µs since 1970 UTC; ``octets`` counts from the IP header on.
    """

    source: str
    target: str
    sport: int
    dport: int
    protocol: int
    flags: int
    octets: int
    packets: int
    first: int
    last: int


def flow_records(events: Iterable[Event]) -> Iterator[FlowRecord]:
    """Return the flow records of the connections among the events, in their order."""
    for event in events:
        if isinstance(event, Flow):
            ends = seen_outside(event)
            if ends:
                yield from _records(event, ends)


def write_ipfix(events: Iterable[Event]) -> bytes:
    """Return an IPFIX file of the connections; the export time is that of the last in a message."""
    records = flow_records(events)
    parts, sent = [], 0
    while batch := list(islice(records, _A_MESSAGE)):
        parts.append(_message(batch, sent, first=not sent))
        sent += len(batch)
    return b"".join(parts)


def _records(flow: Flow, ends: Ends) -> Sequence[FlowRecord]:
    source, target = ends
    out, back = packets(flow)
    tcp, allowed, begin = flow.protocol == "tcp", flow.allowed, flow.time
    number, flags = (TCP, _COMPLETE if allowed else _REFUSED) if tcp else (UDP, _NONE)
    header = 40 if tcp else 28
    sent = (flow.sent if allowed else 0) + header * out
    end = begin + (flow.duration if allowed else 0)
    forth = FlowRecord(source, target, flow.sport, flow.dport, number, flags, sent, out, begin, end)
    if not allowed:
        return (forth,)
    received = flow.received + header * back
    return forth, FlowRecord(
        target, source, flow.dport, flow.sport, number, flags, received, back, begin, end
    )


def _message(records: list[FlowRecord], sent: int, *, first: bool) -> bytes:
    data = b"".join(
        _RECORD.pack(
            int(ipaddress.IPv4Address(source)), int(ipaddress.IPv4Address(target)), *counts,
            begin // 1000, end // 1000,
        )
        for source, target, *counts, begin, end in records
    )  # fmt: skip
    sets = (_template() if first else b"") + struct.pack("!HH", TEMPLATE, len(data) + 4) + data
    exported = max(record.last for record in records) // 1_000_000 + 1
    return struct.pack("!HHIII", 10, len(sets) + 16, exported, sent, _DOMAIN) + sets


def _template() -> bytes:
    fields = b"".join(struct.pack("!HH", element, length) for element, length in _FIELDS)
    return struct.pack("!HHHH", 2, len(fields) + 8, TEMPLATE, len(_FIELDS)) + fields
