"""A PAN-OS-like firewall: traffic logs, comma-separated, inside syslog.

Source: Palo Alto Networks "PAN-OS Administrator's Guide" 9.1, "Traffic Log Fields". Times are
local; bytes count both directions together.
"""

from __future__ import annotations

from collections.abc import Iterable
from zlib import crc32

from noroshi.drill.clock import local
from noroshi.drill.event import Event, Flow
from noroshi.drill.write.border import crossings, mapped_port, session
from noroshi.drill.write.paper import joined
from noroshi.drill.write.sheet import Sheet
from noroshi.drill.write.wire import inside, packets

_SERIAL = "007000000000001"


def write_paloalto(events: Iterable[Event]) -> Sheet:
    """Write each connection when it ended, and what was dropped at once."""
    sheet = Sheet("paloalto/traffic.log")
    flows = sorted(crossings(events), key=_end)
    for number, flow in enumerate(flows, 7_400_000):
        head = f"<14>{local(_end(flow)):%b} {local(_end(flow)).day:2d} {local(_end(flow)):%H:%M:%S}"
        sheet.add(f"{head} PA-FW01 {_line(flow, number)}", flow.step)
    return sheet


def _end(flow: Flow) -> int:
    return flow.time + (flow.duration if flow.allowed else 0)


def _line(flow: Flow, number: int) -> str:
    outward, allowed = inside(flow.source), flow.allowed
    end = f"{local(_end(flow)):%Y/%m/%d %H:%M:%S}"
    out, back = packets(flow)
    sent, received = (flow.sent, flow.received) if allowed else (60, 0)
    source_nat = flow.nat if outward and allowed and flow.nat else "0.0.0.0"  # noqa: S104 - none
    target_nat = flow.nat if not outward and allowed and flow.nat else "0.0.0.0"  # noqa: S104
    source_nat_port = mapped_port(flow) if source_nat != "0.0.0.0" else 0  # noqa: S104
    target_nat_port = flow.dport if target_nat != "0.0.0.0" else 0  # noqa: S104
    rule = f"{_uuid(flow.allowed)}"
    return joined(
        (
            1, end, _SERIAL, "TRAFFIC", "end" if allowed else "drop", 2305, end, flow.source,
            flow.target, source_nat, target_nat, "out-allow" if allowed else "interzone-default",
            "", "", _APPLICATIONS.get(flow.service, "incomplete"), "vsys1",
            "trust" if outward else "untrust", "untrust" if outward else "dmz",
            "ethernet1/2" if outward else "ethernet1/1",
            "ethernet1/1" if outward else "ethernet1/3",
            "to-siem", end, session(flow), 1, flow.sport, flow.dport, source_nat_port,
            target_nat_port, "0x400053" if source_nat_port else "0x53", flow.protocol,
            "allow" if allowed else "deny", sent + received, sent, received, out + back,
            f"{local(flow.time):%Y/%m/%d %H:%M:%S}", flow.duration // 1_000_000 if allowed else 0,
            "any", "", number, "0x0", "10.0.0.0-10.255.255.255" if outward else "Japan",
            "Japan", "", out, back, "tcp-fin" if allowed else "policy-deny",
            0, 0, 0, 0, "", "PA-FW01", "from-policy", "", "", 0, "", 0, "", "N/A", 0, 0, 0, 0,
            rule, 0,
        )
    )  # fmt: skip


def _uuid(allowed: bool) -> str:
    number = crc32(str(allowed).encode())
    return f"{number:08x}-0000-4000-8000-{number:012x}"


_APPLICATIONS = {"ssl": "ssl", "http": "web-browsing", "dns": "dns", "smtp": "smtp", "ssh": "ssh"}
