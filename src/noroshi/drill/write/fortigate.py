"""A FortiGate-like gateway: traffic, and who dialled in.

Source: Fortinet "FortiOS Log Message Reference" 7.2: 13 (traffic/forward), 39424, 39426, 39947 and
39948 (event/vpn). ``eventtime`` is nanoseconds; ``sentbyte`` counts from the client.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from noroshi.drill.clock import local
from noroshi.drill.event import Event, Flow
from noroshi.drill.kind.network import Tunnel, TunnelClosed, TunnelOpened, TunnelRefused
from noroshi.drill.write.border import crossings, mapped_port, session
from noroshi.drill.write.sheet import Sheet
from noroshi.drill.write.wire import inside, packets

_Fields: TypeAlias = dict[str, object]
_DEVICE = "FGDRILL000000001"


def write_fortigate(events: Iterable[Event]) -> Sheet:
    """Write the connections over the border, in the order of their begin."""
    sheet = Sheet("fortigate/traffic.log")
    for flow in crossings(events):
        sheet.add(_line(flow.time, "0000000013", "traffic", "forward", "notice", _traffic(flow)),
                  flow.step)  # fmt: skip
    return sheet


def write_vpn(events: Iterable[Event]) -> Sheet:
    """Write tunnels up and down, and who was refused."""
    sheet = Sheet("vpn/fw01-vpn.log")
    for event in events:
        match event:
            case TunnelOpened(tunnel=tunnel):
                said = ("0101039947", "information", _tunnel(tunnel, "tunnel-up", "SSL tunnel up"))
            case TunnelClosed(tunnel=tunnel):
                fields = _tunnel(tunnel, "tunnel-down", "SSL tunnel down") | {
                    "duration": (tunnel.ended - tunnel.started) // 1_000_000,
                    "sentbyte": tunnel.sent, "rcvdbyte": tunnel.received,
                }  # fmt: skip
                said = ("0101039948", "information", fields)
            case TunnelRefused():
                said = ("0101039426", "alert", _refusal(event))
            case _:
                continue
        number, level, rest = said
        sheet.add(_line(event.time, number, "event", "vpn", level, rest), event.step)
    return sheet


def _line(time: int, number: str, kind: str, subtype: str, level: str, fields: _Fields) -> str:
    moment = local(time)
    head: _Fields = {
        "devname": "FW01", "devid": _DEVICE, "eventtime": time * 1_000, "tz": "+0900",
        "logid": number, "type": kind, "subtype": subtype, "level": level, "vd": "root",
    }  # fmt: skip
    pairs = " ".join(f"{key}={_value(key, value)}" for key, value in (head | fields).items())
    return f"date={moment:%Y-%m-%d} time={moment:%H:%M:%S} {pairs}"


def _value(key: str, value: object) -> str:
    return f'"{value}"' if isinstance(value, str) and not key.endswith("ip") else str(value)


def _traffic(flow: Flow) -> _Fields:
    outward = inside(flow.source)
    out, back = packets(flow)
    fields: _Fields = {
        "srcip": flow.source, "srcport": flow.sport, "srcintf": "port2" if outward else "wan1",
        "dstip": flow.target, "dstport": flow.dport, "dstintf": "wan1" if outward else "dmz",
        "sessionid": session(flow), "proto": 6 if flow.protocol == "tcp" else 17,
        "action": "close" if flow.allowed else "deny", "policyid": 12 if flow.allowed else 0,
        "service": _SERVICES.get(flow.dport, f"{flow.protocol}/{flow.dport}"),
    }  # fmt: skip
    if flow.allowed and outward and flow.nat:
        fields |= {"trandisp": "snat", "transip": flow.nat, "transport": mapped_port(flow)}
    elif flow.allowed and flow.nat:
        fields |= {"trandisp": "dnat", "tranip": flow.nat, "tranport": flow.dport}
    sent, received = (flow.sent, flow.received) if flow.allowed else (0, 0)
    return fields | {
        "duration": flow.duration // 1_000_000, "sentbyte": sent, "rcvdbyte": received,
        "sentpkt": out if flow.allowed else 0, "rcvdpkt": back,
    }  # fmt: skip


def _tunnel(tunnel: Tunnel, action: str, text: str) -> _Fields:
    return {
        "logdesc": text.replace("tunnel", "VPN tunnel"), "action": action,
        "tunneltype": "ssl-tunnel", "tunnelid": tunnel.number, "remip": tunnel.remote,
        "tunnelip": tunnel.host.ip, "user": tunnel.login, "group": "staff-vpn", "dst_host": "N/A",
        "reason": "tunnel established" if action == "tunnel-up" else "user request",
        "msg": text,
    }  # fmt: skip


def _refusal(event: TunnelRefused) -> _Fields:
    return {
        "logdesc": "SSL VPN login fail", "action": "ssl-login-fail", "tunneltype": "ssl-web",
        "tunnelid": 0, "remip": event.remote, "user": event.login, "group": "N/A",
        "dst_host": "N/A", "reason": event.reason, "msg": "SSL user failed to logged in",
    }  # fmt: skip


_SERVICES = {443: "HTTPS", 80: "HTTP", 25: "SMTP", 53: "DNS", 22: "SSH", 993: "IMAPS",
             445: "SMB", 3389: "RDP"}  # fmt: skip
