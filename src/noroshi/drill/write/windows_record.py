"""One Windows event as a line, and the logs that it may stand in.

What lies around an event's own fields follows Winlogbeat's field list, version 8.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import orjson

from noroshi.drill.clock import UTC_SECOND
from noroshi.drill.world import Host

Fields: TypeAlias = dict[str, Any]


class Log(NamedTuple):
    """Where an event stands, and who writes it."""

    channel: str
    provider: str
    guid: str


SYSMON = Log(
    "Microsoft-Windows-Sysmon/Operational",
    "Microsoft-Windows-Sysmon",
    "{5770385F-C22A-43E0-BF4C-06F5698FFBD9}",
)
SECURITY = Log(
    "Security", "Microsoft-Windows-Security-Auditing", "{54849625-5478-4994-A5BA-3E3B0328C30D}"
)
SYSTEM = Log("System", "Service Control Manager", "{555908d1-a6d7-4695-8e1e-26931d2012f4}")
EVENTLOG = Log("Security", "Microsoft-Windows-Eventlog", "{fc65ddd8-d6ef-4962-83d5-6e5cfe9ce148}")
POWERSHELL = Log(
    "Microsoft-Windows-PowerShell/Operational",
    "Microsoft-Windows-PowerShell",
    "{a0c1853b-5c40-4b15-8766-3cf1c58f985a}",
)


class Record(NamedTuple):
    """One Windows event."""

    host: Host
    log: Log
    number: int
    fields: Fields | str
    """As an object, or as its JSON text."""
    failure: bool = False


_Frame: TypeAlias = tuple[str, str, str]
_FRAMES: dict[tuple[str, str, int, bool], _Frame] = {}


def _frame(record: Record) -> _Frame:
    """Return what stands around a record's time, number and fields: the same for all its kind."""
    key = (record.host.fqdn, record.log.provider, record.number, record.failure)
    frame = _FRAMES.get(key)
    if frame is None:
        frame = _FRAMES[key] = _made_frame(record)
    return frame


def _made_frame(record: Record) -> _Frame:
    log, fqdn = record.log, record.host.fqdn
    winlog: Fields = {
        "api": "wineventlog",
        "channel": log.channel,
        "computer_name": fqdn,
        "event_id": str(record.number),
        "opcode": "Info",
        "provider_guid": log.guid,
        "provider_name": log.provider,
        "record_id": _HERE,
        ("user_data" if log is EVENTLOG else "event_data"): _HERE,
    }
    if log.channel == "Security":
        winlog["keywords"] = ["Audit Failure" if record.failure else "Audit Success"]
    line = {
        "@timestamp": _HERE,
        "event": {"code": str(record.number), "kind": "event", "provider": log.provider},
        "host": {"name": fqdn},
        "log": {"level": "information"},
        "winlog": winlog,
        "agent": {"type": "winlogbeat", "version": "8.13.4", "name": record.host.name},
    }
    _, after_time, after_number, after_fields = orjson.dumps(line).decode().split(f'"{_HERE}"')
    return after_time, after_number, after_fields


_HERE = "here"


def line_of(time: int, record: Record, number: int) -> str:
    """Return a record, of a time and a record number, as a line."""
    head, middle, tail = _frame(record)
    fields = record.fields
    if not isinstance(fields, str):
        fields = orjson.dumps(fields).decode()
    return f'{{"@timestamp":"{iso(time)}"{head}{number}{middle}{fields}{tail}'


def iso(time: int) -> str:
    """Return a time as the log writes it: UTC, to the millisecond."""
    return UTC_SECOND[time // 1_000_000] + ".%03dZ" % (time // 1000 % 1000)  # noqa: UP031 - fast
