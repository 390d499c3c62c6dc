"""Writes a small event log for the tests: plain BinXML, no templates, one chunk.

Source: libevtx, "Windows XML Event Log (EVTX) format".
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

FILE_HEADER, CHUNK, CHUNK_HEADER = 4096, 65_536, 512
EPOCH_TICKS = 116_444_736_000_000_000  # 1601 to 1970 in steps of 100 ns


@dataclass
class Element:
    """An XML element."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element] = field(default_factory=list)
    text: str = ""


def event(
    provider: str, channel: str, number: int, computer: str, moment: datetime, data: dict[str, str]
) -> Element:
    """Build an event in the layout that Windows writes."""
    system = Element(
        "System",
        children=[
            Element("Provider", {"Name": provider}),
            Element("EventID", text=str(number)),
            Element("Level", text="4"),
            Element("TimeCreated", {"SystemTime": moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")}),
            Element("EventRecordID", text="1"),
            Element("Execution", {"ProcessID": "4", "ThreadID": "8"}),
            Element("Channel", text=channel),
            Element("Computer", text=computer),
        ],
    )
    body = Element(
        "EventData",
        children=[Element("Data", {"Name": name}, text=value) for name, value in data.items()],
    )
    return Element("Event", children=[system, body])


def event_log(events: Iterable[tuple[Element, datetime]]) -> bytes:
    """Return a log of one chunk."""
    chunk = bytearray(CHUNK)
    at, count = CHUNK_HEADER, 0
    for count, (root, moment) in enumerate(events, 1):
        ticks = int(moment.timestamp() * 10_000_000) + EPOCH_TICKS
        xml = b"\x0f\x01\x01\x00" + _element(root, at + 24 + 4) + b"\x00"
        size = 24 + len(xml) + 4
        head = struct.pack("<4sIQQ", b"**\0\0", size, count, ticks)
        chunk[at : at + size] = head + xml + struct.pack("<I", size)
        at += size
    head = struct.pack("<8sQQQQIII", b"ElfChnk\0", 1, count, 1, count, 128, at - size, at)
    chunk[: len(head)] = head
    struct.pack_into("<I", chunk, 52, zlib.crc32(chunk[CHUNK_HEADER:at]))
    struct.pack_into("<I", chunk, 124, zlib.crc32(chunk[:120] + chunk[128:512]))
    file = bytearray(FILE_HEADER)
    struct.pack_into(
        "<8sQQQIHHHH", file, 0, b"ElfFile\0", 0, 0, count + 1, 128, 1, 3, FILE_HEADER, 1
    )
    struct.pack_into("<I", file, 124, zlib.crc32(file[:120]))
    return bytes(file + chunk)


def _element(element: Element, at: int) -> bytes:
    """Encode an element ``at`` bytes into the chunk; names stand where they are used."""
    has_attributes = bool(element.attributes)
    inner = _name(element.name, at + 9)
    if has_attributes:
        attributes = b""
        start = at + 5 + len(inner) + 4
        last = len(element.attributes)
        for number, (name, value) in enumerate(element.attributes.items(), 1):
            token = b"\x06" if number == last else b"\x46"
            attributes += token + _name(name, start + len(attributes) + 5) + _text(value)
        inner += struct.pack("<I", len(attributes)) + attributes
    inner += b"\x02"
    for child in element.children:
        inner += _element(child, at + 5 + len(inner))
    inner += _text(element.text) if element.text else b""
    inner += b"\x04"
    return struct.pack("<BI", 0x41 if has_attributes else 0x01, len(inner)) + inner


def _name(name: str, at: int) -> bytes:
    """Encode a name reference and the name itself, which lies right behind it at ``at``."""
    text = name.encode("utf-16-le")
    return struct.pack("<IIHH", at, 0, 0, len(name)) + text + b"\0\0"


def _text(text: str) -> bytes:
    return struct.pack("<BBH", 0x05, 0x01, len(text)) + text.encode("utf-16-le")
