"""Azure's Syslog table in JSON: Sysmon for Linux and audit events inside, plain messages beside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from noroshi.collect.auditd.group import merged
from noroshi.collect.auditd.line import parse
from noroshi.collect.auditd.shapes import record_of as audit_record
from noroshi.collect.evidence import Evidence, Head
from noroshi.collect.flatten import flatten
from noroshi.collect.json_objects import json_objects
from noroshi.collect.mapping import coalesce, integer, iso_time, lower
from noroshi.collect.record import BadRecord, Record
from noroshi.collect.registry import collector
from noroshi.collect.shape import Shape
from noroshi.collect.sysmon_linux import linux_record
from noroshi.model import LogSource
from noroshi.model.classes.other import GENERIC

_MESSAGE = Shape(
    "linux/syslog",
    GENERIC,
    LogSource("linux", ("syslog",)),
    coalesce(iso_time("EventTime"), iso_time("TimeGenerated")),
    {
        "device_hostname": lower(coalesce("HostName", "Computer")),
        "metadata_log_provider": "ProcessName",
        "metadata_log_name": "Facility",
        "actor_process_name": "ProcessName",
        "actor_process_pid": integer("ProcessID"),
        "message": "SyslogMessage",
    },
)


def _sniff(head: Head) -> int:
    return 92 if "SyslogMessage" in head.json else 0


@collector("azure_syslog", sniff=_sniff)
def read_azure_syslog(evidence: Evidence) -> Iterator[Record | BadRecord]:
    """Yield the rows in the source's order."""
    for found in json_objects(evidence):
        if isinstance(found, BadRecord):
            yield found
            continue
        offset, row = found
        try:
            yield _record(row)
        except ValueError as error:
            yield BadRecord(offset, str(error))


def _record(row: dict[str, Any]) -> Record:
    message = row.get("SyslogMessage")
    if isinstance(message, str):
        if (event := linux_record(message)) is not None:
            return event
        if message.startswith("type=") and " audit(" in message[:100]:
            fields = merged([parse(message)])
            fields.setdefault("node", row.get("HostName") or row.get("Computer"))
            return audit_record(fields)
    return Record(_MESSAGE, flatten(row))
