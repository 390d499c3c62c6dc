"""From a flat Windows event to its shape."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import orjson

from noroshi.collect.flatten import MAX_FIELDS
from noroshi.collect.mapping import choice, coalesce, lower
from noroshi.collect.record import Record, Value
from noroshi.collect.shape import Shape
from noroshi.collect.windows import powershell, security, sysmon
from noroshi.collect.windows.kind import OTHER, Columns, Kind, Kinds
from noroshi.collect.windows.other import BY_PROVIDER
from noroshi.collect.windows.services import SERVICES
from noroshi.collect.windows.values import SEVERITY, event_time
from noroshi.model import LogSource

KINDS: Mapping[str, Kinds] = {
    **BY_PROVIDER,
    "microsoft-windows-sysmon": sysmon.KINDS,
    "linux-sysmon": sysmon.KINDS,
    "microsoft-windows-security-auditing": security.KINDS,
    "microsoft-windows-powershell": powershell.KINDS,
    "powershellcore": powershell.KINDS,
    "powershell": powershell.CLASSIC_KINDS,
}
"""Provider in lower case -> its kinds. An event id means nothing without its provider."""

_BY_CHANNEL: Mapping[str, Kinds] = {
    "microsoft-windows-sysmon/operational": sysmon.KINDS,
    "linux-sysmon/operational": sysmon.KINDS,
    "microsoft-windows-powershell/operational": powershell.KINDS,
    "powershellcore/operational": powershell.KINDS,
    "windows powershell": powershell.CLASSIC_KINDS,
    "security": {**security.KINDS, 1102: BY_PROVIDER["microsoft-windows-eventlog"][1102]},
}
"""For records whose shipper left the provider out."""

_EVERY: Columns = {
    "device_hostname": lower("Computer"),
    "metadata_log_provider": "Provider_Name",
    "metadata_log_name": coalesce("System_Channel", "Channel"),
    "metadata_event_code": "EventID",
    "severity_id": choice("Level", SEVERITY),
    "message": "Message",
}


def shape_of(fields: Mapping[str, Value], product: str = "windows") -> Shape:
    """Return the shape of a flat event; what is not known is a generic event of its channel."""
    channel = _lower(fields.get("System_Channel") or fields.get("Channel"))
    provider = _lower(fields.get("Provider_Name"))
    kinds = KINDS.get(provider) if provider else _BY_CHANNEL.get(channel)
    kind = kinds.get(_event_id(fields.get("EventID")), OTHER) if kinds else OTHER
    if kind.by_field:
        kind = kind.variants.get(_lower(fields.get(kind.by_field)), kind)
    return _shape(kind, product, SERVICES.get(channel, ()))


def record_of(
    fields: dict[str, Value], time: int | None = None, product: str = "windows"
) -> Record:
    """Make the record of a flat event; fields beyond a sane number are kept as one JSON text."""
    if len(fields) > MAX_FIELDS:
        names = list(fields)
        rest = {name: fields.pop(name) for name in names[MAX_FIELDS:]}
        fields["EventData_more"] = orjson.dumps(rest, default=str).decode()
    return Record(shape_of(fields, product), fields, time)


@cache
def _shape(kind: Kind, product: str, services: tuple[str, ...]) -> Shape:
    source = LogSource(product, services, kind.categories)
    return Shape(kind.name, kind.event_class, source, event_time, {**_EVERY, **kind.columns})


def _lower(value: Value) -> str:
    return value.lower() if isinstance(value, str) else ""


def _event_id(value: Value) -> int:
    if isinstance(value, int):
        return value
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 8:
        return int(value)
    return -1
