"""Suricata's ``eve.json``: flows, names asked for, requests and TLS names as its sensor sees them.

The sensor stands beside Zeek's, so both see the same connections. Source: Suricata 7 user guide,
"EVE JSON Format". The flow id is made from the connection, the community id as its specification
(version 1) says.
"""

from __future__ import annotations

import hashlib
import ipaddress
import struct
from binascii import b2a_base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, TypeAlias

import orjson

from noroshi.drill.clock import LOCAL_SECOND
from noroshi.drill.event import Event, Flow, ProxyRequest, Resolved, WebRequest
from noroshi.drill.write.frame import TCP, UDP
from noroshi.drill.write.sheet import Sheet
from noroshi.drill.write.wire import Ends, packets, seen_inside

_Line: TypeAlias = tuple[int, str, str]
"""Time, text, step."""


def write_suricata(events: Iterable[Event]) -> Sheet:
    """Write the records in order of time; a flow is written when it has ended."""
    lines: list[_Line] = []
    for event in events:
        write = _WRITERS.get(type(event))
        if write:
            lines += write(event)
    lines.sort(key=itemgetter(0))
    sheet = Sheet("suricata/eve.json")
    sheet.lines_of((text for _, text, _ in lines), (step for *_, step in lines))
    return sheet


def _stamp(time: int) -> str:
    return LOCAL_SECOND[time // 1_000_000] + ".%06d+0900" % (time % 1_000_000)  # noqa: UP031 - fast


def _head(time: int, number: int, kind: str) -> str:
    return (
        f'{{"timestamp":"{_stamp(time)}","flow_id":{number},"in_iface":"eth1",'
        f'"event_type":"{kind}",'
    )


def _flow(flow: Flow) -> Sequence[_Line]:
    ends = seen_inside(flow)
    if not ends:
        return ()
    out, back = packets(flow)
    tcp, allowed, begin = flow.protocol == "tcp", flow.allowed, flow.time
    framed = 54 if tcp else 42
    end = begin + (flow.duration if allowed else 0)
    sent, received = (flow.sent, flow.received) if allowed else (0, -framed * back)
    app = _APPLICATIONS.get(flow.service, "failed" if allowed else "")
    number, names = flow_id(flow.uid), _ends(flow, ends)
    community = community_id(ends[0], flow.sport, ends[1], flow.dport, TCP if tcp else UDP)
    flags = ""
    if tcp:
        one, other = ("1b", "1b") if allowed else ("02", "00")
        flags = f',"tcp":{{"tcp_flags_ts":"{one}","tcp_flags_tc":"{other}"}}'
    named = f',"app_proto":"{app}"' if app else ""
    state = "closed" if allowed else "new"
    written = end + 60_000_000
    ended = (
        written,
        f'{_head(written, number, "flow")}{names}{named},"flow":{{"pkts_toserver":{out},'
        f'"pkts_toclient":{back},"bytes_toserver":{sent + framed * out},'
        f'"bytes_toclient":{received + framed * back},"start":"{_stamp(begin)}",'
        f'"end":"{_stamp(end)}","age":{(end - begin) // 1_000_000},"state":"{state}",'
        f'"reason":"timeout","alerted":false}},"community_id":"{community}"{flags}}}',
        flow.step,
    )
    if not allowed or flow.service != "ssl":
        return (ended,)
    name = f',"sni":"{flow.name}"' if flow.name else ""
    time = begin + min(flow.duration, 20_000)
    text = f'{_head(time, number, "tls")}{names},"tls":{{"version":"TLS 1.3"{name}}}}}'
    return ended, (time, text, flow.step)


def _ends(flow: Flow, ends: Ends) -> str:
    """Return the connection's ends as the members of a JSON object."""
    source, target = ends
    return (
        f'"src_ip":"{source}","src_port":{flow.sport},"dest_ip":"{target}",'
        f'"dest_port":{flow.dport},"proto":"{flow.protocol.upper()}"'
    )


def _dns(event: Resolved) -> Sequence[_Line]:
    if event.host.ip == event.server:
        return ()
    ends = (
        f'"src_ip":"{event.host.ip}","src_port":{event.port},"dest_ip":"{event.server}",'
        '"dest_port":53,"proto":"UDP"'
    )
    number = flow_id(event.uid)
    name = f'"rrname":"{event.name}","rrtype":"{event.kind}"'
    found = event.kind == "A" and event.answer
    code = "NOERROR" if found else "NXDOMAIN"
    answers = f',"answers":[{{{name},"ttl":300,"rdata":"{event.answer}"}}]' if found else ""
    asked, told = event.time, event.time + 500 + event.number % 700
    query = (
        f'{_head(asked, number, "dns")}{ends},"dns":{{"type":"query","id":{event.number},{name},'
        '"tx_id":0,"opcode":0}}'
    )
    answer = (
        f'{_head(told, number, "dns")}{ends},"dns":{{"version":2,"type":"answer",'
        f'"id":{event.number},"flags":"8180","qr":true,"rd":true,"ra":true,{name},'
        f'"rcode":"{code}"{answers}}}}}'
    )
    return (asked, query, event.step), (told, answer, event.step)


def _http(event: ProxyRequest | WebRequest) -> Sequence[_Line]:
    if isinstance(event, ProxyRequest):
        flow, url, agent = event.inner, event.url, ""
        host = event.url.rpartition(":")[0] if event.method == "CONNECT" else event.outer.name
    else:
        flow, url, agent = event.flow, event.path, event.agent
        host = event.flow.name or event.flow.target
        if flow.dport == _HTTPS:
            return ()
    ends = seen_inside(flow)
    if not ends:
        return ()
    time = flow.time + flow.duration
    said = f',"http_user_agent":{_json(agent)}' if agent and agent != "-" else ""
    text = (
        f'{_head(time, flow_id(flow.uid), "http")}{_ends(flow, ends)},"tx_id":0,"http":{{'
        f'"hostname":{_json(host)},"url":{_json(url)},"http_method":"{event.method}",'
        f'"protocol":"HTTP/1.1","status":{event.status},"length":{max(0, flow.received - 90)}'
        f"{said}}}}}"
    )
    return ((time, text, event.step),)


_WRITERS: Mapping[type[Event], Callable[[Any], Sequence[_Line]]] = {
    Flow: _flow,
    Resolved: _dns,
    ProxyRequest: _http,
    WebRequest: _http,
}


@lru_cache(maxsize=8_192)
def _json(text: str) -> str:
    return orjson.dumps(text).decode()


_HTTPS = 443
_APPLICATIONS = {"http": "http", "ssl": "tls", "krb_tcp": "krb5", "gssapi,smb": "smb",
                 "ntlm,smb": "smb", "smtp": "smtp", "ssh": "ssh", "ntp": "ntp",
                 "dns": "dns"}  # fmt: skip


def flow_id(uid: str) -> int:
    """Return the sensor's number of a connection: 53 bits, so that JavaScript keeps it."""
    first: int = _FIRST.unpack_from(hashlib.sha256(uid.encode()).digest())[0]
    return first >> 11


_FIRST = struct.Struct("!Q")


def community_id(source: str, sport: int, target: str, dport: int, protocol: int) -> str:
    """Return the Community ID version 1 of a TCP or UDP connection, seed 0."""
    low, low_port, high, high_port = _packed(source), sport, _packed(target), dport
    if (low, low_port) > (high, high_port):
        low, low_port, high, high_port = high, high_port, low, low_port
    data = _COMMUNITY.pack(0, low, high, protocol, 0, low_port, high_port)
    digest = hashlib.sha1(data, usedforsecurity=False).digest()
    return "1:" + b2a_base64(digest, newline=False).decode()


_COMMUNITY = struct.Struct("!H4s4sBBHH")


@lru_cache(maxsize=65_536)
def _packed(address: str) -> bytes:
    return ipaddress.IPv4Address(address).packed
