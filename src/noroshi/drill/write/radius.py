"""RADIUS accounting in FreeRADIUS' detail format.

Sources: RFC 2866 (accounting attributes), RFC 2869 (gigawords), FreeRADIUS ``rlm_detail``: a line
with the local time, one indented line an attribute, an empty line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from noroshi.drill.clock import local
from noroshi.drill.event import Event
from noroshi.drill.kind.network import TunnelClosed, TunnelOpened
from noroshi.drill.kind.sector import Accounted
from noroshi.drill.write.sheet import Sheet

_WORD = 1 << 32


def write_radius(events: Iterable[Event]) -> Sheet:
    """Write the accounting of the organisation's own VPN gateway."""
    sheet = Sheet("radius/detail")
    for event in events:
        if isinstance(event, TunnelOpened | TunnelClosed):
            tunnel, stop = event.tunnel, isinstance(event, TunnelClosed)
            fields: dict[str, str | int] = {
                "User-Name": f'"{tunnel.login}"', "NAS-IP-Address": tunnel.gateway.ip,
                "NAS-Port-Type": "Virtual", "Calling-Station-Id": f'"{tunnel.remote}"',
                "Framed-IP-Address": tunnel.host.ip,
                "Acct-Session-Id": f'"{tunnel.number:08X}"',
                "Acct-Status-Type": "Stop" if stop else "Start",
            }  # fmt: skip
            if stop:
                fields |= _totals(tunnel.received, tunnel.sent, tunnel.ended - tunnel.started)
                fields["Acct-Terminate-Cause"] = "User-Request"
            sheet.add(_record(event.time, fields), event.step)
    return sheet


def write_subscribers(events: Iterable[Event]) -> Sheet:
    """Write the accounting of a provider's access server."""
    sheet = Sheet("radius/access-detail")
    for event in events:
        if isinstance(event, Accounted):
            line = event.line
            fields: dict[str, str | int] = {
                "User-Name": f'"{line.subscriber}"', "NAS-IP-Address": "10.0.0.1",
                "NAS-Port": line.port, "NAS-Port-Type": "Ethernet", "Service-Type": "Framed-User",
                "Framed-Protocol": "PPP", "Framed-IP-Address": line.address,
                "Acct-Session-Id": f'"{line.number}"', "Acct-Status-Type": event.status,
            }  # fmt: skip
            if event.status != "Start":
                elapsed = event.time - line.started
                fields |= _totals(event.octets_in, event.octets_out, elapsed)
            if event.status == "Stop":
                fields["Acct-Terminate-Cause"] = event.cause
            sheet.add(_record(event.time, fields), event.step)
    return sheet


def _totals(octets_in: int, octets_out: int, elapsed: int) -> dict[str, str | int]:
    return {
        "Acct-Session-Time": elapsed // 1_000_000,
        "Acct-Input-Octets": octets_in % _WORD, "Acct-Input-Gigawords": octets_in // _WORD,
        "Acct-Output-Octets": octets_out % _WORD, "Acct-Output-Gigawords": octets_out // _WORD,
    }  # fmt: skip


def _record(time: int, fields: Mapping[str, str | int]) -> str:
    moment = local(time)
    head = f"{moment:%a %b} {moment.day:2d} {moment:%H:%M:%S %Y}"
    lines = [f"\t{name} = {value}" for name, value in fields.items()]
    return "\n".join((head, *lines, f"\tTimestamp = {time // 1_000_000}", ""))
