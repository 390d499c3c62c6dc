"""Collector of syslog."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from noroshi.collect.clock import microseconds
from noroshi.collect.decoding import decode
from noroshi.collect.evidence import Evidence, Head
from noroshi.collect.record import EXCERPT_BYTES, BadRecord, Record, Value
from noroshi.collect.registry import collector
from noroshi.collect.syslog.appliances import cisco, fortigate, is_fortigate
from noroshi.collect.syslog.event_shapes import event_shape
from noroshi.collect.syslog.events import event_fields
from noroshi.collect.syslog.framing import is_counted, messages
from noroshi.collect.syslog.header import FACILITIES, SEVERITIES, HeaderReader, Line
from noroshi.collect.syslog.paloalto import is_paloalto, paloalto
from noroshi.collect.syslog.programs import read_message
from noroshi.collect.syslog.shapes import FAMILIES, LINUX

_SNIFFED_LINES = 20


def sniff(head: Head) -> int:
    """Most of the first lines have a syslog header, or are CEF or LEEF."""
    if is_counted(head.data):
        return 75
    lines = head.lines[:_SNIFFED_LINES]
    reader = HeaderReader(0)
    known = sum(_is_line(reader, line[:1_024]) for line in lines)
    return 75 if lines and known * 2 > len(lines) else 0


def _is_line(reader: HeaderReader, line: str) -> bool:
    found = reader.read(line)
    if found is None:
        return is_fortigate(line)
    if found.priority >= 0 or not found.timestamp:
        return True
    return bool(found.host) or found.text.startswith(("%", "CEF:", "LEEF:"))


@collector("syslog", sniff=sniff)
def read_syslog(evidence: Evidence) -> Iterator[Record | BadRecord]:
    """Yield the messages; times that name no zone, as in RFC 3164, are in the evidence's."""
    headers = HeaderReader(evidence.modified, evidence.zone)
    for item in messages(evidence):
        if isinstance(item, BadRecord):
            yield item
            continue
        offset, raw = item
        line = decode(raw)
        if not line.strip():
            continue
        header = headers.read(line)
        if header is None and is_fortigate(line):
            header = Line(None, "", "", "", "", "", -1, {}, line)
        if header is None:
            yield BadRecord(offset, "no syslog header", raw[:EXCERPT_BYTES])
        else:
            yield _record(line, header)
    evidence.zoneless = headers.zoneless


def _record(line: str, header: Line) -> Record:
    fields: dict[str, Value] = {
        "message": line,
        "timestamp": header.timestamp or None,
        "hostname": header.host or None,
        "program": header.program or None,
        "pid": header.pid or None,
        "msgid": header.msgid or None,
        "facility": FACILITIES[header.priority >> 3] if header.priority >= 0 else None,
        "severity": SEVERITIES[header.priority & 7] if header.priority >= 0 else None,
    }
    if header.data:
        _merge(fields, header.data)
    text = header.text
    if "EF:" in text[:256] and (event := event_fields(text)) is not None:
        _merge(fields, event | _taxonomy(event))
        return Record(event_shape(event), fields, _event_time(event, header.time))
    if text.startswith("%") or ": %" in text[:128]:
        if found := cisco(text):
            _merge(fields, found.fields)
            return Record(found.shape, fields, header.time)
    elif text.startswith("date=") and (found := fortigate(text)):
        _merge(fields, found.fields)
        return Record(found.shape, fields, found.time or header.time)
    elif is_paloalto(text) and (row := paloalto(text)):
        _merge(fields, row.fields)
        return Record(row.shape, fields, header.time)
    program = header.program.lower()
    family = FAMILIES.get(program, "")
    said = read_message(program, family, text)
    kind, extra = said if said else ("generic", {})
    fields |= extra
    return Record(LINUX[kind, family], fields, header.time)


def _merge(fields: dict[str, Value], more: Mapping[str, str]) -> None:
    """Add fields; one whose name is taken comes under ``event.`` and its name."""
    if fields.keys().isdisjoint(more):
        fields |= more
        return
    for name, value in more.items():
        fields[f"event.{name}" if fields.get(name) is not None else name] = value


def _taxonomy(event: dict[str, str]) -> dict[str, str]:
    """Repeat fields under the names that Sigma's firewall and proxy rules use."""
    return {
        name: event[theirs]
        for name, choices in _TAXONOMY.items()
        for theirs in choices
        if theirs in event
    }


_TAXONOMY = {
    "src_ip": ("src",),
    "src_port": ("spt", "srcPort"),
    "dst_ip": ("dst",),
    "dst_port": ("dpt", "dstPort"),
    "action": ("act",),
    "c-uri": ("request", "url"),
    "c-useragent": ("requestClientApplication",),
    "cs-method": ("requestMethod",),
    "cs-host": ("dhost",),
}


def _event_time(event: dict[str, str], header_time: int | None) -> int | None:
    for name in ("rt", "devTime", "end", "start"):
        if name in event:
            time = microseconds(event[name][:64])
            if time is not None:
                return time
    return header_time
