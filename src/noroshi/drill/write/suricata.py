"""Suricata's ``eve.json``: flows, names asked for, requests and TLS names as its sensor sees them.

The sensor stands beside Zeek's, so both see the same connections. Source: Suricata 7 user guide,
"EVE JSON Format". The flow id is made from the connection, the community id as its specification
(version 1) says.
"""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import struct
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, TypeAlias

import orjson

from noroshi.drill.clock import local_second
from noroshi.drill.event import Event, Flow, ProxyRequest, Resolved, WebRequest
from noroshi.drill.write.frame import TCP, UDP
from noroshi.drill.write.sheet import Sheet
from noroshi.drill.write.wire import Ends, packets, seen_inside

Fields: TypeAlias = dict[str, Any]
_Line: TypeAlias = tuple[int, str, str]
"""Time, members of the JSON object, step."""


def write_suricata(events: Iterable[Event]) -> Sheet:
    """Write the records in order of time; a flow is written when it has ended."""
    sheet = Sheet("suricata/eve.json")
    lines = [line for event in events for line in _lines(event)]
    for time, fields, step in sorted(lines, key=lambda line: line[0]):
        sheet.line(f'{{"timestamp":"{_stamp(time)}",{fields}', step)
    return sheet


def _stamp(time: int) -> str:
    return f"{local_second(time // 1_000_000)}.{time % 1_000_000:06d}+0900"


def _lines(event: Event) -> Iterator[_Line]:
    if isinstance(event, Flow):
        ends = seen_inside(event)
        if ends:
            yield from _flow(event, ends)
    elif isinstance(event, Resolved):
        if event.host.ip != event.server:
            yield from _dns(event)
    elif isinstance(event, ProxyRequest | WebRequest):
        yield from _http(event)


def _ends(flow: Flow, ends: Ends) -> str:
    """Return the connection's ends as the members of a JSON object."""
    return (
        f'"src_ip":"{ends.source}","src_port":{flow.sport},"dest_ip":"{ends.target}",'
        f'"dest_port":{flow.dport},"proto":"{flow.protocol.upper()}"'
    )


def _head(number: int, kind: str, ends: str) -> str:
    return f'"flow_id":{number},"in_iface":"eth1","event_type":"{kind}",{ends}'


def _flow(flow: Flow, ends: Ends) -> Iterator[_Line]:
    out, back = packets(flow)
    tcp = flow.protocol == "tcp"
    framed = 54 if tcp else 42
    end = flow.time + (flow.duration if flow.allowed else 0)
    sent, received = (flow.sent, flow.received) if flow.allowed else (0, -framed * back)
    app = _APPLICATIONS.get(flow.service, "failed" if flow.allowed else "")
    number, names = flow_id(flow.uid), _ends(flow, ends)
    community = community_id(ends.source, flow.sport, ends.target, flow.dport, TCP if tcp else UDP)
    flags = ""
    if tcp:
        one, other = ("1b", "1b") if flow.allowed else ("02", "00")
        flags = f',"tcp":{{"tcp_flags_ts":"{one}","tcp_flags_tc":"{other}"}}'
    named = f',"app_proto":"{app}"' if app else ""
    state = "closed" if flow.allowed else "new"
    yield (
        end + 60_000_000,
        f'{_head(number, "flow", names)}{named},"flow":{{"pkts_toserver":{out},'
        f'"pkts_toclient":{back},"bytes_toserver":{sent + framed * out},'
        f'"bytes_toclient":{received + framed * back},"start":"{_stamp(flow.time)}",'
        f'"end":"{_stamp(end)}","age":{(end - flow.time) // 1_000_000},"state":"{state}",'
        f'"reason":"timeout","alerted":false}},"community_id":"{community}"{flags}}}',
        flow.step,
    )
    if flow.allowed and flow.service == "ssl":
        name = f',"sni":"{flow.name}"' if flow.name else ""
        yield (
            flow.time + min(flow.duration, 20_000),
            f'{_head(number, "tls", names)},"tls":{{"version":"TLS 1.3"{name}}}}}',
            flow.step,
        )


def _dns(event: Resolved) -> Iterator[_Line]:
    ends = (
        f'"src_ip":"{event.host.ip}","src_port":{event.port},"dest_ip":"{event.server}",'
        '"dest_port":53,"proto":"UDP"'
    )
    head = _head(flow_id(event.uid), "dns", ends)
    name = f'"rrname":"{event.name}","rrtype":"{event.kind}"'
    yield (
        event.time,
        f'{head},"dns":{{"type":"query","id":{event.number},{name},"tx_id":0,"opcode":0}}}}',
        event.step,
    )
    found = event.kind == "A" and event.answer
    code = "NOERROR" if found else "NXDOMAIN"
    answers = f',"answers":[{{{name},"ttl":300,"rdata":"{event.answer}"}}]' if found else ""
    yield (
        event.time + 500 + event.number % 700,
        f'{head},"dns":{{"version":2,"type":"answer","id":{event.number},"flags":"8180",'
        f'"qr":true,"rd":true,"ra":true,{name},"rcode":"{code}"{answers}}}}}',
        event.step,
    )


def _http(event: ProxyRequest | WebRequest) -> Iterator[_Line]:
    if isinstance(event, ProxyRequest):
        flow, url, agent = event.inner, event.url, ""
        host = event.url.rpartition(":")[0] if event.method == "CONNECT" else event.outer.name
    else:
        flow, url, agent = event.flow, event.path, event.agent
        host = event.flow.name or event.flow.target
        if flow.dport == _HTTPS:
            return
    ends = seen_inside(flow)
    if not ends:
        return
    http: Fields = {"hostname": host, "url": url, "http_method": event.method,
                    "protocol": "HTTP/1.1", "status": event.status,
                    "length": max(0, flow.received - 90)}  # fmt: skip
    if agent and agent != "-":
        http["http_user_agent"] = agent
    head = _head(flow_id(flow.uid), "http", _ends(flow, ends))
    yield (
        flow.time + flow.duration,
        f'{head},"tx_id":0,"http":{orjson.dumps(http).decode()}}}',
        event.step,
    )


_HTTPS = 443
_APPLICATIONS = {"http": "http", "ssl": "tls", "krb_tcp": "krb5", "gssapi,smb": "smb",
                 "ntlm,smb": "smb", "smtp": "smtp", "ssh": "ssh", "ntp": "ntp",
                 "dns": "dns"}  # fmt: skip


@lru_cache(maxsize=65_536)
def flow_id(uid: str) -> int:
    """Return the sensor's number of a connection: 53 bits, so that JavaScript keeps it."""
    return int.from_bytes(hashlib.sha256(uid.encode()).digest()[:7], "big") >> 3


def community_id(source: str, sport: int, target: str, dport: int, protocol: int) -> str:
    """Return the Community ID version 1 of a TCP or UDP connection, seed 0."""
    low, low_port, high, high_port = _packed(source), sport, _packed(target), dport
    if (low, low_port) > (high, high_port):
        low, low_port, high, high_port = high, high_port, low, low_port
    data = _COMMUNITY.pack(0, low, high, protocol, 0, low_port, high_port)
    return "1:" + base64.b64encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()


_COMMUNITY = struct.Struct("!H4s4sBBHH")


@lru_cache(maxsize=65_536)
def _packed(address: str) -> bytes:
    return ipaddress.IPv4Address(address).packed
