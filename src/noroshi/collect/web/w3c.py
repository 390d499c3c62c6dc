"""IIS and other servers in the W3C extended format.

Source: W3C working draft "Extended Log File Format" (``#Fields`` names the columns, ``-`` is
nothing, times are UTC); Microsoft "W3C Logging" for IIS's fields.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from noroshi.collect.clock import iso
from noroshi.collect.decoding import decode
from noroshi.collect.evidence import Evidence
from noroshi.collect.record import EXCERPT_BYTES, BadRecord, Record, Value
from noroshi.collect.url_fields import webserver_query
from noroshi.collect.web.shapes import IIS

_MAX_FIELDS = 256
_ALIASES = {
    "cs(user-agent)": ("cs-user-agent", "c-useragent"),
    "cs(referer)": ("cs-referer", "cs-referrer"),
    "cs(cookie)": ("cs-cookie",),
    "cs(host)": ("cs-host",),
    "cs(content-type)": ("cs-content-type",),
    "c-ip": ("src_ip",),
    "s-ip": ("dst_ip",),
}
"""Names of the Sigma taxonomy under which a field is repeated."""


def read_w3c(evidence: Evidence) -> Iterator[Record | BadRecord]:
    """Yield the requests; ``#Fields`` may change on the way."""
    names: tuple[str, ...] = ()
    day = ""
    for item in evidence.lines():
        if isinstance(item, BadRecord):
            yield item
            continue
        offset, raw = item
        line = decode(raw)
        if line.startswith("#"):
            if line.startswith("#Fields:"):
                names = tuple(line[8:].split()[:_MAX_FIELDS])
            elif line.startswith("#Date:"):
                day = line[6:].split()[0] if line[6:].split() else ""
            continue
        if not line.strip():
            continue
        values = _split(line, len(names))
        if not names or len(values) != len(names):
            reason = f"{len(values)} fields, {len(names)} named"
            yield BadRecord(offset, reason, raw[:EXCERPT_BYTES])
        else:
            yield _record(line, names, values, day)


def _split(line: str, count: int) -> list[str]:
    values = line.split("\t") if "\t" in line else line.split(" ")
    if len(values) != count and '"' in line and len(line) < 65_536:
        try:
            return shlex.split(line, posix=True)
        except ValueError:
            return values
    return values


def _record(line: str, names: tuple[str, ...], values: list[str], day: str) -> Record:
    given = dict(zip(names, values, strict=True))
    fields: dict[str, Value] = {
        name: None if value == "-" else value for name, value in given.items()
    }
    for name in names:
        for alias in _ALIASES.get(name.lower(), ()):
            fields.setdefault(alias, fields[name])
    stem, query = fields.get("cs-uri-stem"), fields.get("cs-uri-query")
    if "cs-uri-stem" in fields:
        path, asked = str(stem or ""), str(query or "")
        fields["query"] = query
        fields["cs-uri-query"] = webserver_query(path, asked)
        fields.setdefault("cs-uri", f"{path}?{asked}" if asked else path)
    fields["message"] = line
    date, clock = given.get("date", day), given.get("time", "")
    return Record(IIS, fields, iso(f"{date} {clock}") if clock else None)
