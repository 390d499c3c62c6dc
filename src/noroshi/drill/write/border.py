"""What crosses the border, as each firewall sees it: once, with both its addresses.

A town has one firewall; which product it is decides which of the writers is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from zlib import crc32

from noroshi.drill.event import Event, Flow
from noroshi.drill.write.wire import inside


def crossings(events: Iterable[Event]) -> Iterator[Flow]:
    """Yield the connections that pass the border or are stopped there."""
    for event in events:
        if not isinstance(event, Flow):
            continue
        outward = inside(event.source)
        inner = event.target if outward else event.nat or event.target
        if not event.allowed or outward != inside(inner):
            yield event


def session(flow: Flow) -> int:
    """Return the number that a firewall gives to a connection."""
    return crc32(flow.uid.encode()) % 90_000_000 + 1_000_000


def mapped_port(flow: Flow) -> int:
    """Return the port that source translation gives to a connection."""
    return 1_024 + crc32(flow.uid.encode()) % 60_000
