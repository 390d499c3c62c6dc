"""Ethernet frames of IPv4 TCP and UDP, with right lengths and checksums.

Sources: RFC 894 (IP over Ethernet), RFC 791 (IPv4), RFC 9293 (TCP), RFC 768 (UDP), RFC 1071
(checksum).
"""

from __future__ import annotations

import hashlib
import ipaddress
import struct
from dataclasses import dataclass
from functools import lru_cache

FIN, SYN, RST, PSH, ACK = 0x01, 0x02, 0x04, 0x08, 0x10
TCP, UDP = 6, 17
ETHERNET_BYTES = 14
_OPTIONS = bytes.fromhex("0204057804020101" + "01030308")
"""What a SYN offers: segment size 1400, selective ACK, window scale 8 (RFC 9293, 2018, 7323)."""


@dataclass(frozen=True, slots=True)
class End:
    """One side of a connection."""

    address: str
    port: int


@dataclass(frozen=True, slots=True)
class Segment:
    """What one TCP segment says.

    Attributes:
        flags: control bits.
        sequence: number of its first byte, modulo 2**32.
        acknowledged: next byte expected from the other side.
        payload: its data.
    """

    flags: int
    sequence: int
    acknowledged: int
    payload: bytes = b""


def tcp_frame(source: End, target: End, segment: Segment, number: int) -> bytes:
    """Return a frame that carries a TCP segment; ``number`` is the IP identification."""
    options = _OPTIONS if segment.flags & SYN else b""
    header = struct.pack(
        "!HHIIBBHHH",
        source.port,
        target.port,
        segment.sequence & 0xFFFFFFFF,
        segment.acknowledged & 0xFFFFFFFF,
        (20 + len(options)) // 4 << 4,
        segment.flags,
        64_240 if segment.flags & SYN else 1_026,
        0,
        0,
    )
    return _frame(source, target, TCP, header + options + segment.payload, 16, number)


def udp_frame(source: End, target: End, payload: bytes, number: int) -> bytes:
    """Return a frame that carries a UDP datagram."""
    header = struct.pack("!HHHH", source.port, target.port, 8 + len(payload), 0)
    return _frame(source, target, UDP, header + payload, 6, number)


def _frame(
    source: End, target: End, protocol: int, body: bytes, checksum_at: int, number: int
) -> bytes:
    """Put a transport segment into IP and Ethernet and fill in both checksums."""
    addresses = _packed(source.address) + _packed(target.address)
    pseudo = addresses + struct.pack("!BBH", 0, protocol, len(body))
    check = checksum(pseudo + body) or 0xFFFF
    body = body[:checksum_at] + struct.pack("!H", check) + body[checksum_at + 2 :]
    head = struct.pack(
        "!BBHHHBBH", 0x45, 0, 20 + len(body), number & 0xFFFF, 0x4000, _hops(source), protocol, 0
    )
    check = checksum(head + addresses)
    packet = head[:10] + struct.pack("!H", check) + addresses + body
    return _station(target.address) + _station(source.address) + b"\x08\x00" + packet


def checksum(data: bytes) -> int:
    """Return the Internet checksum of some bytes (RFC 1071)."""
    if len(data) % 2:
        data += b"\0"
    number = int.from_bytes(data, "big")
    total = number % 0xFFFF  # adding 16-bit words with end-around carry, since 2**16 leaves 1
    return ~(total or (0xFFFF if number else 0)) & 0xFFFF


@lru_cache(maxsize=65_536)
def _packed(address: str) -> bytes:
    return ipaddress.IPv4Address(address).packed


def _hops(source: End) -> int:
    """Return the time to live: inside Windows starts at 128; from outside some hops are gone."""
    if ipaddress.IPv4Address(source.address).packed[0] == 10:
        return 128
    return 64 - 7 - _packed(source.address)[3] % 9


@lru_cache(maxsize=65_536)
def _station(address: str) -> bytes:
    """Return a hardware address: each host inside has one, all of the outside is one router.

    Locally administered (IEEE 802, second bit of the first byte), so it belongs to no maker.
    """
    name = address if address.startswith("10.") else "router"
    return b"\x02" + hashlib.sha256(name.encode()).digest()[:5]
