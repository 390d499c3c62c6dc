"""The border firewall: CEF inside syslog.

Sources: RFC 5424 (syslog), ArcSight Common Event Format rev. 25 (CEF). ``in`` and ``out`` are bytes
towards and from the source, ``start`` is milliseconds since 1970 UTC.
"""

from __future__ import annotations

from collections.abc import Iterable

from noroshi.drill.clock import LOCAL_SECOND
from noroshi.drill.event import Event, Flow
from noroshi.drill.write.border import crossings
from noroshi.drill.write.sheet import Sheet
from noroshi.drill.write.wire import inside


def write_firewall(events: Iterable[Event]) -> Sheet:
    """Write what crossed the border and what was stopped, when it began."""
    sheet = Sheet("firewall/fw01.log")
    flows = list(crossings(events))
    sheet.lines_of(map(_line, flows), (flow.step for flow in flows))
    return sheet


def _line(flow: Flow) -> str:
    outward = inside(flow.source)
    ends = (
        f"src={flow.source} spt={flow.sport} dst={flow.target} dpt={flow.dport} "
        f"proto={flow.protocol.upper()} deviceDirection={int(outward)} dvchost=fw01"
    )
    time = flow.time
    stamp = LOCAL_SECOND[time // 1_000_000] + ".%03d+09:00" % (time // 1000 % 1000)  # noqa: UP031
    if not flow.allowed:
        return (
            f"<132>1 {stamp} fw01 bordergate - 101 - {_DENIED}start={time // 1000} act=deny {ends}"
        )
    translated = ""
    if flow.nat:
        side = "source" if outward else "destination"
        translated = f" {side}TranslatedAddress={flow.nat}"
    return (
        f"<134>1 {stamp} fw01 bordergate - 100 - {_ACCEPTED}start={time // 1000} act=accept {ends} "
        f"out={flow.sent} in={flow.received}{translated}"
    )


_ACCEPTED = "CEF:0|Mamori Example|BorderGate|7.2|100|traffic accept|3|"
_DENIED = "CEF:0|Mamori Example|BorderGate|7.2|101|traffic deny|5|"
