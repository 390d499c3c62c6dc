"""Collector of the audit log of Windows' DHCP server (``DhcpSrvLog-<day>.log``).

Source: Microsoft "Analyzing DHCP server log files": explanations first, then a line of names that
begins with ``ID,Date,Time``; dates are local, month first, two-digit years.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo

from noroshi.collect.clock import any_time, east_of_utc, from_datetime
from noroshi.collect.decoding import decode
from noroshi.collect.evidence import Evidence, Head
from noroshi.collect.mapping import choice, constant, per_value, without
from noroshi.collect.record import EXCERPT_BYTES, BadRecord, Record, Value
from noroshi.collect.registry import collector
from noroshi.collect.shape import Shape
from noroshi.collect.syslog.shapes import address
from noroshi.collect.url_fields import domain
from noroshi.model import EVENT_CLASSES, LogSource

_HEAD = "ID,Date,Time,Description,IP Address"
_ROW = re.compile(r"\d{1,5},\d\d/\d\d/\d\d,\d\d:\d\d:\d\d,")
_ACTIVITIES = {
    "10": "Assign", "11": "Renew", "12": "Release", "13": "Conflict", "14": "Exhausted",
    "15": "Denied", "16": "Delete", "17": "Expired", "20": "BOOTP", "30": "DNS Update",
}  # fmt: skip

LEASE = Shape(
    "dhcp_audit",
    EVENT_CLASSES["generic"],
    LogSource("windows", ("dhcp", "dhcp-server")),
    any_time("time"),
    {
        "message": "Description",
        "metadata_log_provider": constant("dhcp"),
        "metadata_event_code": "ID",
        "activity_name": choice("ID", _ACTIVITIES),
        "app_name": constant("dhcp"),
        "src_endpoint_ip": address("IP Address"),
        "src_endpoint_hostname": domain("Host Name"),
        "src_endpoint_mac": per_value(
            lambda text: ":".join(re.findall("..", text.lower())) if len(text) == 12 else None,
            without("MAC Address"),
        ),
    },
)


def sniff(head: Head) -> int:
    """The line of names, after the explanations."""
    return 90 if any(line.startswith(_HEAD) for line in head.lines[:80]) else 0


@collector("dhcp_audit", sniff=sniff)
def read_dhcp_audit(evidence: Evidence) -> Iterator[Record | BadRecord]:
    """Yield the rows; times are in the evidence's zone."""
    names: list[str] = []
    for item in evidence.lines():
        if isinstance(item, BadRecord):
            yield item
            continue
        offset, raw = item
        line = decode(raw).strip()
        if line.startswith(_HEAD):
            names = [name.strip(" .") for name in line.split(",")]
        elif names and line:
            found = _row(line, names, evidence.zone)
            yield found or BadRecord(offset, "not a row of the audit log", raw[:EXCERPT_BYTES])
    evidence.zoneless = True


def _row(line: str, names: list[str], zone: tzinfo) -> Record | None:
    if not _ROW.match(line):
        return None
    try:
        cells = next(csv.reader([line]), [])
        time = _time(cells[1], cells[2], zone)
    except (csv.Error, ValueError):
        return None
    fields: dict[str, Value] = {
        name: cell for name, cell in zip(names, cells, strict=False) if cell
    }  # fmt: skip
    return Record(LEASE, fields, time)


def _time(date: str, clock: str, zone: tzinfo) -> int:
    moment = datetime.strptime(f"{date} {clock}", "%m/%d/%y %H:%M:%S").replace(tzinfo=UTC)
    local = from_datetime(moment)
    return local - east_of_utc(local, zone)
