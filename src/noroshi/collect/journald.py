"""Collector of the systemd journal as ``journalctl -o json`` exports it.

Source: systemd, ``systemd.journal-fields(7)`` and "Journal JSON Format": all values are texts, a
value that is no UTF-8 is a list of byte values. The message is read like a line of syslog.
"""

from __future__ import annotations

from collections.abc import Iterator

from noroshi.collect.evidence import Evidence, Head
from noroshi.collect.json_objects import json_objects
from noroshi.collect.record import BadRecord, Record, Value
from noroshi.collect.registry import collector
from noroshi.collect.syslog.header import SEVERITIES
from noroshi.collect.syslog.programs import read_message
from noroshi.collect.syslog.shapes import FAMILIES, LINUX

_NAMES = {
    "message": ("MESSAGE",),
    "timestamp": ("__REALTIME_TIMESTAMP", "_SOURCE_REALTIME_TIMESTAMP"),
    "hostname": ("_HOSTNAME",),
    "program": ("SYSLOG_IDENTIFIER", "_COMM"),
    "pid": ("_PID", "SYSLOG_PID"),
}
"""Our name of a field and the journal's, best first."""


def sniff(head: Head) -> int:
    """An object with the journal's own time."""
    return 92 if "__REALTIME_TIMESTAMP" in head.json else 0


@collector("journald", sniff=sniff)
def read_journald(evidence: Evidence) -> Iterator[Record | BadRecord]:
    """Yield the entries."""
    for item in json_objects(evidence):
        if isinstance(item, BadRecord):
            yield item
            continue
        fields: dict[str, Value] = {name: _text(value) for name, value in item[1].items()}
        for name, theirs in _NAMES.items():
            fields[name] = next((fields[each] for each in theirs if fields.get(each)), None)
        priority = str(fields.get("PRIORITY") or "")
        fields["severity"] = SEVERITIES[int(priority)] if priority in tuple("01234567") else None
        program = str(fields["program"] or "").lower()
        family = FAMILIES.get(program, "")
        said = read_message(program, family, str(fields["message"] or ""))
        kind, extra = said if said else ("generic", {})
        yield Record(LINUX[kind, family], fields | extra)


def _text(value: object) -> Value:
    """Return a value as text; bytes come as a list of numbers, repeated fields as a list."""
    if isinstance(value, list):
        if value and all(isinstance(each, int) and 0 <= each < 256 for each in value):
            return bytes(value).decode("utf-8", "replace")
        return [str(each) for each in value]
    return None if value is None else str(value)
