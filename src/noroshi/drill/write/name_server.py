"""The resolver's query log: BIND 9's and unbound's, both by syslog.

Sources: BIND 9 Administrator Reference Manual, "Query logging"; ``unbound.conf(5)``,
``log-queries`` and ``log-replies``.
"""

from __future__ import annotations

from collections.abc import Iterable
from zlib import crc32

from noroshi.drill.event import Event, Resolved
from noroshi.drill.write.paper import bsd
from noroshi.drill.write.sheet import Sheet


def write_bind(events: Iterable[Event]) -> Sheet:
    """Write who asked for what, as BIND's category ``queries``."""
    sheet = Sheet("dns/named.log")
    for event in events:
        if isinstance(event, Resolved):
            pointer = f"@0x7f{crc32(event.uid.encode()):08x}68"
            text = (
                f"client {pointer} {event.host.ip}#{event.port} ({event.name}): query: "
                f"{event.name} IN {event.kind} +E(0)K ({event.server})"
            )
            sheet.add(f"{bsd(event.time, 'ns01', 'named', 701)} {text}", event.step)
    return sheet


def write_unbound(events: Iterable[Event]) -> Sheet:
    """Write queries, and answers with code, time and size, as unbound does."""
    sheet = Sheet("dns/unbound.log")
    for event in events:
        if isinstance(event, Resolved):
            head = bsd(event.time, "ns02", "unbound")
            asked = f"[655:0] info: {event.host.ip} {event.name}. {event.kind} IN"
            sheet.add(f"{head} {asked}", event.step)
            code = "NOERROR" if event.answer else "NXDOMAIN"
            sheet.add(
                f"{head} {asked} {code} 0.{event.number % 90_000:06d} 0 {len(event.name) + 44}",
                event.step,
            )
    return sheet
