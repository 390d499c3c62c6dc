"""Collector of web servers' access logs."""

from __future__ import annotations

from collections.abc import Iterator

from noroshi.collect.decoding import decode
from noroshi.collect.evidence import Evidence, Head
from noroshi.collect.record import EXCERPT_BYTES, BadRecord, Record
from noroshi.collect.registry import collector
from noroshi.collect.url_fields import split_host
from noroshi.collect.web.ncsa import LINE, TimeReader, fields_of, request_of
from noroshi.collect.web.shapes import PROXY, WEB
from noroshi.collect.web.w3c import read_w3c

_SNIFFED_LINES = 20


def sniff(head: Head) -> int:
    """A W3C header, or lines of the NCSA family."""
    lines = head.lines[:_SNIFFED_LINES]
    if any(line.startswith("#Fields:") for line in lines):
        return 85 if any("cs-method" in line or "c-ip" in line for line in lines) else 30
    known = sum(LINE.match(line[:8_192]) is not None for line in lines)
    return 85 if lines and known * 2 > len(lines) else 0


@collector("web_access", sniff=sniff)
def read_web_access(evidence: Evidence) -> Iterator[Record | BadRecord]:
    """Yield the requests. Those with an absolute target went through a proxy."""
    if evidence.head().data.startswith(b"#"):
        yield from read_w3c(evidence)
        return
    times = TimeReader()
    for item in evidence.lines():
        if isinstance(item, BadRecord):
            yield item
            continue
        offset, raw = item
        line = decode(raw)
        found = LINE.match(line)
        if found is not None:
            fields = fields_of(line, found)
            if "c-uri" in fields:
                fields["dst_port"] = _port(found["request"])
                yield Record(PROXY, fields, times.read(found))
            else:
                yield Record(WEB, fields, times.read(found))
        elif line.strip():
            yield BadRecord(offset, "not an access log line", raw[:EXCERPT_BYTES])


def _port(request: str) -> str | None:
    """Return the port of an absolute target or of a CONNECT's authority."""
    target = request_of(request)[1]
    scheme, separator, rest = target.partition("://")
    authority = (rest if separator else target).partition("/")[0].rpartition("@")[2]
    return split_host(authority)[1] or {"http": "80", "https": "443"}.get(scheme)
