"""The border firewall: CEF inside syslog.

Sources: RFC 5424 (syslog), ArcSight Common Event Format rev. 25 (CEF). ``in`` and ``out`` are bytes
towards and from the source, ``start`` is milliseconds since 1970 UTC.
"""

from __future__ import annotations

from collections.abc import Iterable

from noroshi.drill.clock import local
from noroshi.drill.event import Event, Flow
from noroshi.drill.write.sheet import Sheet
from noroshi.drill.write.wire import inside


def write_firewall(events: Iterable[Event]) -> Sheet:
    """Write what crossed the border and what was stopped, when it began."""
    sheet = Sheet("firewall/fw01.log")
    for event in events:
        if isinstance(event, Flow) and (not event.allowed or _crosses(event)):
            sheet.add(_line(event), event.step)
    return sheet


def _crosses(flow: Flow) -> bool:
    """Whether a connection passes the border; inbound ones are aimed at a public address."""
    inner = flow.target if inside(flow.source) else flow.nat or flow.target
    return inside(flow.source) != inside(inner)


def _line(flow: Flow) -> str:
    word, number, severity = ("accept", 100, 3) if flow.allowed else ("deny", 101, 5)
    time = local(flow.time).isoformat(timespec="milliseconds")
    outward = inside(flow.source)
    parts = [
        f"start={flow.time // 1000}", f"act={word}", f"src={flow.source}", f"spt={flow.sport}",
        f"dst={flow.target}", f"dpt={flow.dport}", f"proto={flow.protocol.upper()}",
        f"deviceDirection={int(outward)}", "dvchost=fw01",
    ]  # fmt: skip
    if flow.allowed:
        parts += [f"out={flow.sent}", f"in={flow.received}"]
        if flow.nat and outward:
            parts.append(f"sourceTranslatedAddress={flow.nat}")
        elif flow.nat:
            parts.append(f"destinationTranslatedAddress={flow.nat}")
    priority = 16 * 8 + (6 if flow.allowed else 4)
    cef = (
        f"CEF:0|Mamori Example|BorderGate|7.2|{number}|traffic {word}|{severity}|{' '.join(parts)}"
    )
    return f"<{priority}>1 {time} fw01 bordergate - {number} - {cef}"
