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
from typing import Any, TypeAlias

import orjson

from noroshi.drill.clock import local
from noroshi.drill.event import Event, Flow, ProxyRequest, Resolved, WebRequest
from noroshi.drill.write.application import query
from noroshi.drill.write.frame import TCP, UDP
from noroshi.drill.write.sheet import Sheet
from noroshi.drill.write.wire import Ends, packets, seen_inside

Fields: TypeAlias = dict[str, Any]
_Line: TypeAlias = tuple[int, Fields, str]


def write_suricata(events: Iterable[Event]) -> Sheet:
    """Write the records in order of time; a flow is written when it has ended."""
    sheet = Sheet("suricata/eve.json")
    lines = [line for event in events for line in _lines(event)]
    for time, fields, step in sorted(lines, key=lambda line: line[0]):
        stamp = local(time).strftime("%Y-%m-%dT%H:%M:%S.%f%z")
        sheet.add(orjson.dumps({"timestamp": stamp, **fields}).decode(), step)
    return sheet


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


def _ends(flow: Flow, ends: Ends) -> Fields:
    return {
        "src_ip": ends.source, "src_port": flow.sport, "dest_ip": ends.target,
        "dest_port": flow.dport, "proto": flow.protocol.upper(),
    }  # fmt: skip


def _flow(flow: Flow, ends: Ends) -> Iterator[_Line]:
    count = packets(flow)
    header = 40 if flow.protocol == "tcp" else 28
    end = flow.time + (flow.duration if flow.allowed else 0)
    sent = flow.sent if flow.allowed else 0
    app = _APPLICATIONS.get(flow.service, "failed" if flow.allowed else "")
    fields: Fields = {
        "flow_id": flow_id(flow.uid), "in_iface": "eth1", "event_type": "flow", **_ends(flow, ends),
        **({"app_proto": app} if app else {}),
        "flow": {
            "pkts_toserver": count.out, "pkts_toclient": count.back,
            "bytes_toserver": sent + (header + 14) * count.out,
            "bytes_toclient": flow.received + (header + 14) * count.back if flow.allowed else 0,
            "start": local(flow.time).strftime("%Y-%m-%dT%H:%M:%S.%f%z"),
            "end": local(end).strftime("%Y-%m-%dT%H:%M:%S.%f%z"),
            "age": (end - flow.time) // 1_000_000,
            "state": "closed" if flow.allowed else "new", "reason": "timeout", "alerted": False,
        },
        "community_id": community_id(ends.source, flow.sport, ends.target, flow.dport,
                                     TCP if flow.protocol == "tcp" else UDP),
    }  # fmt: skip
    if flow.protocol == "tcp":
        flags = ("1b", "1b") if flow.allowed else ("02", "00")
        fields["tcp"] = {"tcp_flags_ts": flags[0], "tcp_flags_tc": flags[1]}
    yield end + 60_000_000, fields, flow.step
    if flow.allowed and flow.service == "ssl":
        tls = {"version": "TLS 1.3", **({"sni": flow.name} if flow.name else {})}
        yield (
            flow.time + min(flow.duration, 20_000),
            {"flow_id": flow_id(flow.uid), "in_iface": "eth1", "event_type": "tls",
             **_ends(flow, ends), "tls": tls},
            flow.step,
        )  # fmt: skip


def _dns(event: Resolved) -> Iterator[_Line]:
    base = {
        "flow_id": flow_id(event.uid), "in_iface": "eth1", "event_type": "dns",
        "src_ip": event.host.ip, "src_port": event.port, "dest_ip": event.server,
        "dest_port": 53, "proto": "UDP",
    }  # fmt: skip
    asked = {"type": "query", "id": event.number, "rrname": event.name, "rrtype": event.kind,
             "tx_id": 0, "opcode": 0}  # fmt: skip
    yield event.time, {**base, "dns": asked}, event.step
    code = "NOERROR" if len(query(event)[1]) > len(query(event)[0]) else "NXDOMAIN"
    told: Fields = {"version": 2, "type": "answer", "id": event.number, "flags": "8180",
                    "qr": True, "rd": True, "ra": True, "rrname": event.name,
                    "rrtype": event.kind, "rcode": code}  # fmt: skip
    if code == "NOERROR":
        told["answers"] = [
            {"rrname": event.name, "rrtype": event.kind, "ttl": 300, "rdata": event.answer}
        ]
    yield event.time + 500 + event.number % 700, {**base, "dns": told}, event.step


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
    fields = {"flow_id": flow_id(flow.uid), "in_iface": "eth1", "event_type": "http",
              **_ends(flow, ends), "tx_id": 0, "http": http}  # fmt: skip
    yield flow.time + flow.duration, fields, event.step


_HTTPS = 443
_APPLICATIONS = {"http": "http", "ssl": "tls", "krb_tcp": "krb5", "gssapi,smb": "smb",
                 "ntlm,smb": "smb", "smtp": "smtp", "ssh": "ssh", "ntp": "ntp",
                 "dns": "dns"}  # fmt: skip


def flow_id(uid: str) -> int:
    """Return the sensor's number of a connection: 53 bits, so that JavaScript keeps it."""
    return int.from_bytes(hashlib.sha256(uid.encode()).digest()[:7], "big") >> 3


def community_id(source: str, sport: int, target: str, dport: int, protocol: int) -> str:
    """Return the Community ID version 1 of a TCP or UDP connection, seed 0."""
    one = (ipaddress.IPv4Address(source).packed, sport)
    other = (ipaddress.IPv4Address(target).packed, dport)
    (low, low_port), (high, high_port) = sorted((one, other))
    data = b"\0\0" + low + high + struct.pack("!BBHH", protocol, 0, low_port, high_port)
    return "1:" + base64.b64encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()
