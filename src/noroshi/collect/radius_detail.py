"""Collector of RADIUS accounting in FreeRADIUS' detail format.

Sources: FreeRADIUS ``rlm_detail`` (a line with the time, indented ``Attribute = value`` lines, an
empty line), RFC 2866 and RFC 2869 (accounting attributes).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from noroshi.collect.clock import any_time
from noroshi.collect.decoding import decode
from noroshi.collect.evidence import Evidence, Head
from noroshi.collect.mapping import account_domain, account_name, choice, constant
from noroshi.collect.record import EXCERPT_BYTES, BadRecord, Record, Value
from noroshi.collect.registry import collector
from noroshi.collect.shape import Shape
from noroshi.collect.syslog.shapes import address
from noroshi.model import EVENT_CLASSES, LogSource

MAX_ATTRIBUTES = 256
_TIME = re.compile(r"[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$")
_PAIR = re.compile(r"\s+([A-Za-z][\w-]{0,63})\s*:?=\s*(.*)$")

SESSION = Shape(
    "radius/accounting",
    EVENT_CLASSES["authentication"],
    LogSource("radius", ("accounting",)),
    any_time("Timestamp"),
    {
        "user_name": account_name("User-Name"),
        "user_domain": account_domain("User-Name"),
        "activity_name": choice(
            "Acct-Status-Type", {"Start": "Logon", "Stop": "Logoff", "Interim-Update": "Update"}
        ),
        "status_id": choice("Acct-Status-Type", {"Start": 1}),
        "status_detail": "Acct-Terminate-Cause",
        "session_uid": "Acct-Session-Id",
        "auth_protocol": constant("RADIUS"),
        "src_endpoint_ip": address("Calling-Station-Id"),
        "dst_endpoint_ip": address("NAS-IP-Address"),
        "service_name": "Service-Type",
    },
)


def sniff(head: Head) -> int:
    """A time alone on its line, then an indented attribute."""
    lines = head.lines[:2]
    return 85 if len(lines) == 2 and _TIME.match(lines[0]) and _PAIR.match(lines[1]) else 0


@collector("radius_detail", sniff=sniff)
def read_radius_detail(evidence: Evidence) -> Iterator[Record | BadRecord]:
    """Yield a record a block; one without ``Timestamp`` is bad, for its zone is unknown."""
    fields: dict[str, Value] = {}
    start = 0
    for item in evidence.lines():
        if isinstance(item, BadRecord):
            yield item
            continue
        offset, raw = item
        line = decode(raw).rstrip()
        pair = _PAIR.match(line)
        if pair and len(fields) < MAX_ATTRIBUTES:
            fields[pair[1]] = pair[2].strip('"')
        elif not pair:
            if fields:
                yield _block(start, fields)
            if line and not _TIME.match(line):
                yield BadRecord(offset, "neither a time nor an attribute", raw[:EXCERPT_BYTES])
            fields, start = {}, offset
    if fields:
        yield _block(start, fields)


def _block(offset: int, fields: dict[str, Value]) -> Record | BadRecord:
    if not str(fields.get("Timestamp", "")).isdecimal():
        return BadRecord(offset, "a block without Timestamp", str(fields).encode()[:EXCERPT_BYTES])
    return Record(SESSION, fields)
