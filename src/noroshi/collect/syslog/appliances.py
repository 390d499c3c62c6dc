"""Lines of network appliances that are neither CEF nor LEEF: Cisco ASA and IOS, FortiGate.

Sources: Cisco "Secure Firewall ASA Series Syslog Messages"; Fortinet "FortiOS Log Message
Reference" (``key=value`` pairs, text in double quotes).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from noroshi.collect.clock import SECOND, iso, microseconds
from noroshi.collect.shape import Shape
from noroshi.collect.syslog.event_shapes import EVENT_COLUMNS
from noroshi.collect.syslog.shapes import TIME, vendor_shape
from noroshi.model import EVENT_CLASSES, LogSource


class Found(NamedTuple):
    """What a line turned out to be; the time is None where the header's counts."""

    shape: Shape
    fields: dict[str, str]
    time: int | None = None


_CISCO = re.compile(r"(?:\S{1,64}: ){0,3}%(?P<event_code>(?P<facility_name>[A-Z][A-Z0-9_-]{1,40}?)-"
                    r"(?P<level>[0-7])-(?P<mnemonic>[A-Z0-9_]{1,64})): ?")  # fmt: skip
_ADDRESS = r"[0-9A-Fa-f.:]{2,45}"
_SIDE = r"(?:[^\s:/]{{1,64}}:)?(?P<{0}_ip>[0-9A-Fa-f.:]{{2,45}})[/(](?P<{0}_port>\d{{1,5}})"
_SOURCE, _TARGET = _SIDE.format("src"), _SIDE.format("dst")
_MAPPED = r"(?: ?\([^)]{1,80}\)){0,2}"
_PLAIN = (
    rf"(?P<src_ip>{_ADDRESS})\((?P<src_port>\d+)\).{{0,80}}? -> "
    rf"(?:[^\s/]{{1,64}}/)?(?P<dst_ip>{_ADDRESS})\((?P<dst_port>\d+)\)"
)
_TRAFFIC = tuple(
    (start, re.compile(re.escape(start) + pattern))
    for start, pattern in (
        ("Built ", r"(?P<direction>inbound|outbound) (?P<protocol>\S{1,16}) connection "
         rf"(?P<connection>\d+) for {_SOURCE}{_MAPPED} to {_TARGET}"),
        ("Built ", r"(?P<direction>inbound|outbound) (?P<protocol>ICMP) connection for faddr "
         rf"(?P<src_ip>{_ADDRESS})/\d+ gaddr \S{{1,64}} laddr (?P<dst_ip>{_ADDRESS})"),
        ("Teardown ", r"(?P<protocol>\S{1,16}) connection (?P<connection>\d+) for "
         rf"{_SOURCE}{_MAPPED} to {_TARGET}{_MAPPED} duration (?P<hours>\d+):(?P<minutes>\d+):"
         r"(?P<seconds>\d+) bytes (?P<bytes>\d+)(?: (?P<reason>.{1,80}))?"),
        ("Deny ", rf"(?P<protocol>\S{{1,16}}) src {_SOURCE}{_MAPPED} dst {_TARGET}"),
        ("Deny ", rf"(?P<protocol>icmp) src [^\s:]{{1,64}}:(?P<src_ip>{_ADDRESS}) "
         rf"dst [^\s:]{{1,64}}:(?P<dst_ip>{_ADDRESS})"),
        ("", rf"(?:Inbound )?(?P<protocol>TCP|UDP) (?:connection )?(?P<action>denied) from "
         rf"(?P<src_ip>{_ADDRESS})/(?P<src_port>\d+) to (?P<dst_ip>{_ADDRESS})/(?P<dst_port>\d+)"),
        ("access-list ", r"\S{1,80} (?P<action>permitted|denied) (?P<protocol>\S{1,16}) "
         r"(?:[^\s/]{1,64}/)?" + _PLAIN),
        ("list ", r"\S{1,80} (?P<action>permitted|denied) (?P<protocol>\S{1,16}) " + _PLAIN),
    )
)  # fmt: skip
_LOGIN = re.compile(
    r"(?:Login (?P<permitted>permitted|denied) from (?P<src_ip>\S+?)/\d+ to \S+ for user "
    r"\"?(?P<user>[^\"\s]{1,128})|Group (?:<\S{1,80}>|= \S{1,80}),? (?:User|Username) "
    r"[<=] ?(?P<vpn_user>[^>,\s]{1,128})>?,? IP (?:= )?<?(?P<vpn_ip>[0-9A-Fa-f.:]{2,45})>?)"
)

_CISCO_SHAPES = {
    kind: vendor_shape("cisco", "asa" if kind == "flow" else "aaa", kind)
    for kind in ("flow", "authentication", "generic")
}


def cisco(text: str) -> Found | None:
    """Read a message that begins with ``%FACILITY-SEVERITY-MNEMONIC:``."""
    head = _CISCO.match(text)
    if head is None:
        return None
    fields = {"event_code": head["event_code"], "facility_name": head["facility_name"]}
    body = text[head.end() : head.end() + 2_048]
    for start, pattern in _TRAFFIC:
        if body.startswith(start) and (found := pattern.match(body)):
            fields |= {key: value for key, value in found.groupdict().items() if value}
            fields.setdefault("action", start.strip())
            return Found(_CISCO_SHAPES["flow"], _asa_totals(_asa_direction(fields)))
    if found := _LOGIN.search(body):
        outcome = "failure" if found["permitted"] == "denied" else "success"
        user, source = found["user"] or found["vpn_user"], found["src_ip"] or found["vpn_ip"]
        fields |= {"user": user, "src_ip": source, "outcome": outcome}
        return Found(_CISCO_SHAPES["authentication"], fields)
    return Found(_CISCO_SHAPES["generic"], fields)


def _asa_direction(fields: dict[str, str]) -> dict[str, str]:
    """Put the initiator first: the ASA names the foreign side first, whoever began.

    A teardown does not say who began; the side with a well-known port did not. Neither did the
    lower port of an outbound connection (some exporters turn those around already).
    """
    source, target = fields.get("src_port", ""), fields.get("dst_port", "")
    from_low = int(source or 0) < int(target or 0)
    outbound = fields.get("direction") == "outbound" and (from_low or not source)
    if outbound or (fields["action"] == "Teardown" and from_low and int(source or 0) < 1024):
        for name in ("ip", "port"):
            first, second = fields.pop(f"src_{name}", None), fields.pop(f"dst_{name}", None)
            if first is not None and second is not None:
                fields |= {f"src_{name}": second, f"dst_{name}": first}
    return fields


def _asa_totals(fields: dict[str, str]) -> dict[str, str]:
    """Give a teardown its duration in µs; its byte count is that of both directions together."""
    if "hours" in fields:
        seconds = (
            int(fields.pop("hours")[:6]) * 3600
            + int(fields.pop("minutes")[:2]) * 60
            + int(fields.pop("seconds")[:2])
        )
        fields["duration_us"] = str(seconds * SECOND)
    fields["activity"] = fields["action"]
    return fields


_PAIR = re.compile(r'([A-Za-z0-9_.-]{1,64})=("(?:[^"\\]|\\.)*+"|[^\s"]*+)')
_FORTI = re.compile(r"(?:date=\d{4}-\d\d-\d\d time=\d\d:\d\d:\d\d )")
MAX_PAIRS = 512


def fortigate(text: str) -> Found | None:
    """Read a FortiGate line of ``key=value`` pairs."""
    if not _FORTI.match(text):
        return None
    fields: dict[str, str] = {}
    for found in _PAIR.finditer(text):
        fields[found[1]] = found[2].strip('"')
        if len(fields) >= MAX_PAIRS:
            break
    if "type" not in fields:
        return None
    fields |= {
        name: fields[theirs] for name, theirs in _FORTI_NAMES.items() if theirs in fields
    }  # fmt: skip
    return Found(_FORTI_SHAPES[_forti_kind(fields)], fields, _forti_time(fields))


_FORTI_NAMES = {
    "src_ip": "srcip", "src_port": "srcport", "dst_ip": "dstip", "dst_port": "dstport",
    "c-uri": "url", "cs-host": "hostname", "c-useragent": "agent",
}  # fmt: skip


def is_fortigate(text: str) -> bool:
    """Tell whether a line without any header is FortiGate's."""
    return _FORTI.match(text) is not None


def _forti_kind(fields: dict[str, str]) -> str:
    if fields["type"] == "traffic":
        return "flow"
    if fields["type"] == "utm":
        return "web" if fields.get("subtype") == "webfilter" else "alert"
    is_login = fields.get("action", "").lower() in ("login", "tunnel-up", "ssl-login-fail")
    return "authentication" if is_login else "event"


def _forti_time(fields: dict[str, str]) -> int | None:
    if time := fields.get("eventtime", ""):
        return microseconds(time[:32])
    zone = fields.get("tz", "")
    return iso(f"{fields.get('date', '')} {fields.get('time', '')}{zone}")


_FORTI_SHAPES = {
    kind: Shape(
        f"fortigate/{kind}",
        EVENT_CLASSES[class_name],
        LogSource("fortigate", (service, "syslog"), categories),
        TIME,
        EVENT_COLUMNS[class_name],
    )
    for kind, class_name, service, categories in (
        ("flow", "network_activity", "traffic", ("firewall",)),
        ("web", "http_activity", "utm", ("proxy", "firewall")),
        ("alert", "detection_finding", "utm", ()),
        ("authentication", "authentication", "event", ()),
        ("event", "generic", "event", ()),
    )
}
