"""Collectors: found by walking this folder and by the entry point ``noroshi.collectors``."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from typing import TypeAlias

from noroshi.collect.errors import UnknownFormatError
from noroshi.collect.evidence import Evidence, Head
from noroshi.collect.record import BadRecord, Record

Reader: TypeAlias = Callable[[Evidence], Iterator[Record | BadRecord]]
Sniffer: TypeAlias = Callable[[Head], int]

_ATTRIBUTE = "__noroshi_collector__"

_PACKETS = (b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\x4d\x3c\xb2\xa1", b"\x0a\x0d\x0d\x0a")
"""Beginnings of pcap (both byte orders, µs; little-endian ns) and pcapng files. Source:
draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng."""
_DOCUMENTS = (b"%PDF-", b"{\\rtf", b"<!DOCTYPE html", b"<!doctype html", b"<html")
_PROSE = (".md", ".markdown", ".docx", ".html", ".htm")


@dataclass(frozen=True, slots=True)
class Collector:
    """A source format.

    Attributes:
        name: short name, shown in the intake summary.
        sniff: how sure it is, 0 (no) to 100 (certain), from the first bytes.
        read: yields the records in the source's order, the same every time for the same bytes.
    """

    name: str
    sniff: Sniffer
    read: Reader


def collector(name: str, sniff: Sniffer) -> Callable[[Reader], Reader]:
    """Declare a reader function as the collector of a format."""

    def mark(read: Reader) -> Reader:
        setattr(read, _ATTRIBUTE, Collector(name, sniff, read))
        return read

    return mark


@cache
def collectors() -> Sequence[Collector]:
    """Return every collector there is, in name order."""
    found = {item.name: item for module in _modules() for item in _declared(module)}
    return tuple(found[name] for name in sorted(found))


def choose(head: Head) -> Collector:
    """Return the collector that is surest of the content.

    Raises:
        UnknownFormatError: none knows it.
    """
    best = max(collectors(), key=lambda item: item.sniff(head))
    if best.sniff(head) <= 0:
        raise UnknownFormatError(f"{head.name}: {_why_unknown(head)}")
    return best


def _why_unknown(head: Head) -> str:
    """Say what the content is instead, where that can be told, and what reads it."""
    if head.data.startswith(_PACKETS):
        return "packets; Zeek, Suricata or nfdump make logs of them that can be read"
    if head.data.startswith(_DOCUMENTS) or head.name.lower().endswith(_PROSE):
        return "a document for people, not a log; noroshi intel extract reads it"
    return f"no collector knows this format (starts with {head.data[:40]!r})"


def _modules() -> Iterator[object]:
    package = importlib.import_module("noroshi.collect")
    for info in pkgutil.walk_packages(package.__path__, "noroshi.collect."):
        yield importlib.import_module(info.name)
    for entry in entry_points(group="noroshi.collectors"):
        yield entry.load()


def _declared(module: object) -> Iterator[Collector]:
    for value in vars(module).values():
        declared = getattr(value, _ATTRIBUTE, None)
        if isinstance(declared, Collector):
            yield declared
