"""The collector of audit logs as text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from noroshi.collect.auditd.group import Grouping
from noroshi.collect.auditd.line import parse
from noroshi.collect.auditd.shapes import record_of
from noroshi.collect.decoding import decode
from noroshi.collect.evidence import Evidence, Head
from noroshi.collect.record import EXCERPT_BYTES, BadRecord, Record
from noroshi.collect.registry import collector

_RECORD = re.compile(r"(?:node=\S{1,256} )?type=[A-Z0-9_\[\]]{1,64} (?:msg=)?audit\(")
_SEPARATOR = "----"


def _sniff(head: Head) -> int:
    lines = [line for line in head.lines[:20] if line != _SEPARATOR and line[:5] != "time-"]
    found = sum(1 for line in lines if _RECORD.match(line))
    return 95 if lines and 2 * found >= len(lines) else 0


@collector("auditd", sniff=_sniff)
def read_auditd(evidence: Evidence) -> Iterator[Record | BadRecord]:
    """Yield one record per audit event, in the order in which events end."""
    grouping = Grouping()
    for item in evidence.lines():
        if isinstance(item, BadRecord):
            yield item
            continue
        offset, line = item
        text = decode(line).strip()
        if not text or text == _SEPARATOR or text.startswith("time->"):
            continue
        try:
            record = parse(text)
        except ValueError as error:
            yield BadRecord(offset, str(error), line[:EXCERPT_BYTES])
            continue
        for fields in grouping.add(record):
            yield record_of(fields)
    for fields in grouping.rest():
        yield record_of(fields)
