"""Sysmon for Linux: the XML of an event as the message of a syslog line.

The other lines of such a file (it is usually the whole ``/var/log/syslog``) are kept as plain
syslog messages.
"""

from __future__ import annotations

from collections.abc import Iterator

from noroshi.collect.evidence import Evidence, Head, decode
from noroshi.collect.mapping import iso_time
from noroshi.collect.record import EXCERPT_BYTES, BadRecord, Record
from noroshi.collect.registry import collector
from noroshi.collect.shape import Shape
from noroshi.collect.windows import flat_xml_event, record_of
from noroshi.model import LogSource
from noroshi.model.classes.other import GENERIC

_MARK = '<Provider Name="Linux-Sysmon"'

SYSLOG_LINE = Shape(
    "linux/syslog",
    GENERIC,
    LogSource("linux", ("syslog",)),
    iso_time("timestamp"),
    {"message": "message"},
)


def _sniff(head: Head) -> int:
    lines = head.lines[:200]
    found = sum(1 for line in lines if _MARK in line and "<Event>" in line)
    return 92 if found and not head.text.lstrip().startswith(("{", "[")) else 0


@collector("sysmon_linux", sniff=_sniff)
def read_sysmon_linux(evidence: Evidence) -> Iterator[Record | BadRecord]:
    """Yield the events in the source's order."""
    for item in evidence.lines():
        if isinstance(item, BadRecord):
            yield item
            continue
        offset, line = item
        if not line.strip():
            continue
        text = decode(line)
        try:
            yield linux_record(text) or Record(SYSLOG_LINE, {"message": text})
        except ValueError as error:
            yield BadRecord(offset, str(error), line[:EXCERPT_BYTES])


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
