"""Sysmon for Linux: the XML of an event as the message of a syslog line.

The other lines of such a file (it is usually the whole ``/var/log/syslog``) are kept as plain
syslog messages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from noroshi.collect.decoding import decode
from noroshi.collect.evidence import Evidence, Head
from noroshi.collect.mapping import EPOCH, iso_time, lower
from noroshi.collect.record import EXCERPT_BYTES, BadRecord, Record, Value
from noroshi.collect.registry import collector
from noroshi.collect.shape import Shape
from noroshi.collect.windows import flat_xml_event, record_of
from noroshi.collect.windows.clock import microseconds
from noroshi.model import LogSource
from noroshi.model.classes.other import GENERIC

_MARK = '<Provider Name="Linux-Sysmon"'
_HEADER = re.compile(
    r"(?:<\d{1,3}>(?:1 )?)?(?P<time>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S{8,24})"
    r" (?P<host>\S{1,255}) (?P<program>[^\s:\[]{1,255})"
)

SYSLOG_LINE = Shape(
    "linux/syslog",
    GENERIC,
    LogSource("linux", ("syslog",)),
    iso_time("timestamp"),
    {
        "device_hostname": lower("hostname"),
        "metadata_log_provider": "program",
        "actor_process_name": "program",
        "message": "message",
    },
)


def _sniff(head: Head) -> int:
    lines = head.lines[:200]
    found = sum(1 for line in lines if _MARK in line and "<Event>" in line)
    return 92 if found and not head.text.lstrip().startswith(("{", "[")) else 0


@collector("sysmon_linux", sniff=_sniff)
def read_sysmon_linux(evidence: Evidence) -> Iterator[Record | BadRecord]:
    """Yield the events in the source's order."""
    now = evidence.modified
    for item in evidence.lines():
        if isinstance(item, BadRecord):
            yield item
            continue
        offset, line = item
        if not line.strip():
            continue
        text = decode(line)
        try:
            record = linux_record(text)
        except ValueError as error:
            yield BadRecord(offset, str(error), line[:EXCERPT_BYTES])
            continue
        if record is not None:
            now = microseconds(record.fields.get("TimeCreated")) or now
        yield record or _plain(text, now)


def linux_record(text: str) -> Record | None:
    """Return the Sysmon event inside a message; None if there is none.

    Syslog cuts long messages. What is left of a cut event is kept, marked ``EventTruncated``.

    Raises:
        ValueError: it looks like one and is broken.
    """
    if _MARK not in text:
        return None
    start = max(text.find("<Event>"), 0)
    end = text.rfind("</Event>")
    if end >= 0:
        return record_of(flat_xml_event(text[start : end + len("</Event>")]), product="linux")
    flat = flat_xml_event(_closed(text[start:]))
    return record_of(flat | {"EventTruncated": True}, product="linux")


def _closed(text: str) -> str:
    """Close an event that ends somewhere in its data."""
    value = text.rfind("<Data Name=")
    if value < 0:
        raise ValueError("a Sysmon event that is cut off before its data")
    if "</Data>" in text[value:] or ">" not in text[value:]:
        text = text[: text.rfind("</Data>")]
    return text + "</Data></EventData></Event>"


def _plain(text: str, now: int) -> Record:
    """Make the record of any other line; ``now`` tells the year that RFC 3164 leaves out."""
    fields: dict[str, Value] = {"message": text}
    found = _HEADER.match(text)
    if not found:
        return Record(SYSLOG_LINE, fields, now)
    fields |= {"timestamp": found["time"], "hostname": found["host"], "program": found["program"]}
    time = microseconds(found["time"]) or _without_year(found["time"], now)
    return Record(SYSLOG_LINE, fields, time)


def _without_year(text: str, now: int) -> int:
    """Read ``Apr  1 01:30:05`` in the year that brings it nearest to ``now``; UTC."""
    year = datetime.fromtimestamp(now / 1e6, UTC).year
    candidates = []
    for candidate in (year - 1, year, year + 1):
        try:
            moment = datetime.strptime(f"{candidate} {text} +0000", "%Y %b %d %H:%M:%S %z")
        except ValueError:
            continue
        gap = moment - EPOCH
        candidates.append((gap.days * 86_400 + gap.seconds) * 1_000_000)
    return min(candidates, key=lambda time: abs(time - now), default=now)
