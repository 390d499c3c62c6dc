"""A Cisco ASA-like firewall: connections built and torn down, and what was denied.

Source: Cisco "Secure Firewall ASA Series Syslog Messages": 302013 to 302016, 106023. The ASA names
the foreign side first, and its teardown counts the bytes of both directions.
"""

from __future__ import annotations

from collections.abc import Iterable

from noroshi.drill.clock import local
from noroshi.drill.event import Event, Flow
from noroshi.drill.write.border import crossings, mapped_port, session
from noroshi.drill.write.sheet import Sheet
from noroshi.drill.write.wire import inside


def write_asa(events: Iterable[Event]) -> Sheet:
    """Write the lines in the order in which the firewall said them."""
    lines = [line for flow in crossings(events) for line in _lines(flow)]
    sheet = Sheet("asa/asa01.log")
    for time, text, step in sorted(lines, key=lambda line: line[0]):
        moment = local(time)
        sheet.add(f"<166>{moment:%b %d %Y %H:%M:%S} asa01 : {text}", step)
    return sheet


def _lines(flow: Flow) -> list[tuple[int, str, str]]:
    outward, protocol = inside(flow.source), flow.protocol.upper()
    if not flow.allowed:
        sides = ("inside", "outside") if outward else ("outside", "inside")
        text = (
            f"%ASA-4-106023: Deny {flow.protocol} src {sides[0]}:{flow.source}/{flow.sport} "
            f'dst {sides[1]}:{flow.target}/{flow.dport} by access-group "{sides[0]}_in" '
            "[0x0, 0x0]"
        )
        return [(flow.time, text, flow.step)]
    built, torn = (302013, 302014) if flow.protocol == "tcp" else (302015, 302016)
    number = session(flow)
    if outward:
        foreign, ours = f"{flow.target}/{flow.dport}", f"{flow.source}/{flow.sport}"
        seen_foreign, seen_ours = foreign, f"{flow.nat or flow.source}/{mapped_port(flow)}"
    else:
        foreign, ours = f"{flow.source}/{flow.sport}", f"{flow.nat or flow.target}/{flow.dport}"
        seen_foreign, seen_ours = foreign, f"{flow.target}/{flow.dport}"
    seconds = flow.duration // 1_000_000
    lasted = f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    begin = (
        f"%ASA-6-{built}: Built {'outbound' if outward else 'inbound'} {protocol} connection "
        f"{number} for outside:{foreign} ({seen_foreign}) to inside:{ours} ({seen_ours})"
    )
    end = (
        f"%ASA-6-{torn}: Teardown {protocol} connection {number} for outside:{foreign} to "
        f"inside:{ours} duration {lasted} bytes {flow.sent + flow.received}"
        + (" TCP FINs" if flow.protocol == "tcp" else "")
    )
    return [(flow.time, begin, flow.step), (flow.time + flow.duration, end, flow.step)]
