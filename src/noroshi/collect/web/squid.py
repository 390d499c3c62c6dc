"""Collector of Squid's access logs: the native format; combined ones are ``web_access``.

Source: Squid configuration directive ``logformat``, format ``squid``: time in seconds with
milliseconds, elapsed ms, client, result/status, bytes, method, URL, user, hierarchy/peer, type.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from noroshi.collect.decoding import decode
from noroshi.collect.evidence import Evidence, Head
from noroshi.collect.mapping import epoch_microseconds
from noroshi.collect.record import EXCERPT_BYTES, BadRecord, Record, Value
from noroshi.collect.registry import collector
from noroshi.collect.syslog.shapes import as_address
from noroshi.collect.url_fields import proxy_fields, split_url
from noroshi.collect.web.shapes import PROXY

LINE = re.compile(
    r"(?P<time>\d{9,11}\.\d{1,6})\s+(?P<elapsed>-?\d{1,12})\s(?P<client>[0-9A-Za-z_.:%-]{2,253})\s"
    r"(?P<result>[A-Z_]{1,48})/(?P<status>\d{1,3})\s(?P<size>\d{1,18})\s(?P<method>[A-Za-z_:-]{1,32})"
    r"\s(?P<url>.*?)\s(?P<user>\S{1,256})\s(?P<hierarchy>[A-Z_]{1,48})/(?P<peer>\S{1,253})"
    r"\s(?P<type>\S{1,256})(?:\s(?P<rest>.*))?$"
)
_SNIFFED_LINES = 20
_MAX_LINE = 131_072
_PORTS = {"http": "80", "https": "443", "ftp": "21"}


def sniff(head: Head) -> int:
    """Most of the first lines are of the native format."""
    lines = head.lines[:_SNIFFED_LINES]
    known = sum(LINE.match(line[:8_192]) is not None for line in lines)
    return 90 if lines and known * 2 > len(lines) else 0


@collector("squid", sniff=sniff)
def read_squid(evidence: Evidence) -> Iterator[Record | BadRecord]:
    """Yield the requests."""
    for item in evidence.lines():
        if isinstance(item, BadRecord):
            yield item
            continue
        offset, raw = item
        line = decode(raw)
        found = LINE.match(line) if len(line) < _MAX_LINE else None
        if found is not None:
            yield Record(PROXY, fields_of(line, found), epoch_microseconds(found["time"]))
        elif line.strip():
            yield BadRecord(offset, "not a line of Squid's native format", raw[:EXCERPT_BYTES])


def fields_of(line: str, found: re.Match[str]) -> dict[str, Value]:
    """Return the fields under the names of the Sigma taxonomy."""
    url, status = found["url"], found["status"]
    scheme, separator, _ = url.partition("://")
    port = split_url(url).port or (_PORTS.get(scheme) if separator else None)
    fields: dict[str, Value] = {
        "message": line,
        **proxy_fields(url),
        "c-ip": found["client"],
        "src_ip": found["client"],
        "cs-method": found["method"].upper(),
        "cs-username": None if found["user"] == "-" else found["user"],
        "sc-status": None if status in ("0", "000") else status,
        "sc-bytes": found["size"],
        "s-action": found["result"],
        "s-hierarchy": found["hierarchy"],
        "dst_ip": as_address(found["peer"]),
        "dst_port": port,
        "content-type": None if found["type"] == "-" else found["type"],
        "time-taken": found["elapsed"],
    }
    if found["rest"]:
        fields["extra"] = found["rest"]
    return fields
