"""How a simulated connection looks on the wire: its packets, the same for every sensor.

Zeek, the flow exporter and the packet capture all count with :func:`packets`, so that they can
never disagree about a connection.
"""

from __future__ import annotations

from typing import NamedTuple

from noroshi.drill.event import Flow

SEGMENT = 1400
"""Largest TCP payload, bytes: an Ethernet frame less headers, options and a tunnel's share."""


class Ends(NamedTuple):
    """Addresses of a connection as one sensor sees them."""

    source: str
    target: str


class Counts(NamedTuple):
    """Packets from and to the side that opened the connection."""

    out: int
    back: int


def packets(flow: Flow) -> Counts:
    """Return how many packets a connection had.

    TCP: the opener sends SYN, its first data with the handshake's last ACK, the rest of the data,
    one ACK for every second segment it gets, FIN and a last ACK. The other side sends SYN-ACK, its
    data, one ACK for every second segment it gets, and FIN.
    UDP: one datagram for each begun segment.
    """
    if not flow.allowed:
        return Counts(1, 0)
    sent, received = segments(flow.sent), segments(flow.received)
    if flow.protocol == "udp":
        return Counts(sent, received)
    return Counts(3 + max(1, sent) + received // 2, 2 + received + sent // 2)


def segments(size: int) -> int:
    """Return how many segments carry so many bytes."""
    return -(-size // SEGMENT)


def inside(address: str) -> bool:
    """Whether an address is one of the organisation's own (RFC 1918, 10.0.0.0/8)."""
    return address.startswith("10.")


def seen_inside(flow: Flow) -> Ends | None:
    """Return a connection's addresses behind the firewall, None where it never gets there.

    The firewall has translated the target of what comes in; what it drops at its outer side is not
    seen.
    """
    if flow.source == flow.target or not (flow.allowed or inside(flow.source)):
        return None
    return Ends(flow.source, flow.target if inside(flow.source) else flow.nat or flow.target)


def seen_outside(flow: Flow) -> Ends | None:
    """Return a connection's addresses before the firewall, None where it does not cross it."""
    inner = flow.target if inside(flow.source) else flow.nat or flow.target
    if inside(flow.source) == inside(inner) and flow.allowed:
        return None
    if inside(flow.source):
        return Ends(flow.nat or flow.source, flow.target) if flow.allowed else None
    return Ends(flow.source, flow.target)
