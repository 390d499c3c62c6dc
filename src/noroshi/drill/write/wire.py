"""How a simulated connection looks on the wire: its packets, the same for every sensor.

Zeek, the flow exporter and the packet capture all count with :func:`packets`, so that they can
never disagree about a connection.
"""

from __future__ import annotations

from typing import TypeAlias

from noroshi.drill.event import Flow

SEGMENT = 1400
"""Largest TCP payload, bytes: an Ethernet frame less headers, options and a tunnel's share."""


Ends: TypeAlias = tuple[str, str]
"""Source and target of a connection as one sensor sees them."""


def packets(flow: Flow) -> tuple[int, int]:
    """Return how many packets a connection had, from and to the side that opened it.

    TCP: the opener sends SYN, its first data with the handshake's last ACK, the rest of the data,
    one ACK for every second segment it gets, FIN and a last ACK. The other side sends SYN-ACK, its
    data, one ACK for every second segment it gets, and FIN.
    UDP: one datagram for each begun segment.
    """
    if not flow.allowed:
        return 1, 0
    sent, received = -(-flow.sent // SEGMENT), -(-flow.received // SEGMENT)
    if flow.protocol == "udp":
        return sent, received
    return 3 + (sent or 1) + received // 2, 2 + received + sent // 2


def inside(address: str) -> bool:
    """Whether an address is one of the organisation's own (RFC 1918, 10.0.0.0/8)."""
    return address[:3] == "10."


def seen_inside(flow: Flow) -> Ends | None:
    """Return a connection's addresses behind the firewall, None where it never gets there.

    The firewall has translated the target of what comes in; what it drops at its outer side is not
    seen.
    """
    source, target = flow.source, flow.target
    if source == target:
        return None
    if inside(source):
        return source, target
    return (source, flow.nat or target) if flow.allowed else None


def seen_outside(flow: Flow) -> Ends | None:
    """Return a connection's addresses before the firewall, None where it does not cross it."""
    outward = inside(flow.source)
    inner = flow.target if outward else flow.nat or flow.target
    if flow.allowed and outward == inside(inner):
        return None
    if outward:
        return (flow.nat or flow.source, flow.target) if flow.allowed else None
    return flow.source, flow.target
