"""Windows events as shippers write them in JSON -> the flat native names of EVTX.

What a shipper adds of its own (``host``, ``agent.version``, ``tags``) keeps its name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from noroshi.collect.decoding import load_json
from noroshi.collect.flatten import flatten
from noroshi.collect.record import Value
from noroshi.collect.windows.native import add_data, flat_event
from noroshi.collect.windows.xml_event import event_data, flat_xml_event

_LEVELS = {
    "critical": 1,
    "error": 2,
    "warning": 3,
    "warn": 3,
    "information": 4,
    "info": 4,
    "verbose": 5,
    "audit_success": 0,
    "audit_failure": 0,
}
_AUDIT = {"audit success": "0x8020000000000000", "audit failure": "0x8010000000000000"}
_SHIPPER_EVENT_TYPES = frozenset(
    ("INFO", "WARNING", "ERROR", "CRITICAL", "VERBOSE", "DEBUG", "AUDIT_SUCCESS", "AUDIT_FAILURE")
)

_NXLOG = {
    "Hostname": "Computer",
    "SourceName": "Provider_Name",
    "ProviderGuid": "Provider_Guid",
    "RecordNumber": "EventRecordID",
    "ExecutionProcessID": "Execution_ProcessID",
    "ThreadID": "Execution_ThreadID",
    "UserID": "Security_UserID",
    "ActivityID": "Correlation_ActivityID",
    "RelatedActivityID": "Correlation_RelatedActivityID",
    "Opcode": "OpcodeName",
    "OpcodeValue": "Opcode",
}
"""Fields of NXLog's im_msvistalog. Source: NXLog reference manual."""

_WINLOGBEAT = {
    "channel": "Channel",
    "log_name": "Channel",
    "computer_name": "Computer",
    "provider_name": "Provider_Name",
    "source_name": "Provider_Name",
    "provider_guid": "Provider_Guid",
    "event_id": "EventID",
    "record_id": "EventRecordID",
    "record_number": "EventRecordID",
    "version": "Version",
    "task": "TaskDisplayName",
    "opcode": "OpcodeName",
    "activity_id": "Correlation_ActivityID",
    "related_activity_id": "Correlation_RelatedActivityID",
    "process.pid": "Execution_ProcessID",
    "process.thread.id": "Execution_ThreadID",
    "process_id": "Execution_ProcessID",
    "thread_id": "Execution_ThreadID",
    "user.identifier": "Security_UserID",
    "level": "LevelName",
    "message": "Message",
}
"""Fields below ``winlog`` (version 7 on) or at the top (6). Source: Winlogbeat's field list."""

_AZURE = {
    "EventSourceName": "Provider_Name",
    "Provider": "Provider_Name",
    "Source": "Provider_Name",
    "EventLog": "Channel",
    "EventLevel": "Level",
    "RenderedDescription": "Message",
}
"""Columns of Azure's SecurityEvent, WindowsEvent and Event tables."""


def flat_json_event(record: Mapping[str, Any]) -> dict[str, Value]:
    """Flatten one JSON object of any known shipper.

    Raises:
        ValueError: no Windows event in it.
    """
    for is_mine, flat in _SHIPPERS:
        if is_mine(record):
            return flat(record)
    raise ValueError("JSON, but not a Windows event of a known shipper")


def is_windows_event(record: Mapping[str, Any]) -> bool:
    """Tell whether :func:`flat_json_event` knows the object."""
    return any(is_mine(record) for is_mine, _ in _SHIPPERS)


def _is_dump(record: Mapping[str, Any]) -> bool:
    event = record.get("Event")
    if isinstance(event, str):
        return event.lstrip().startswith("<Event")
    return isinstance(event, dict) and isinstance(event.get("System"), dict)


def _dump(record: Mapping[str, Any]) -> dict[str, Value]:
    event = record["Event"]
    return flat_xml_event(event) if isinstance(event, str) else flat_event(event)


def _is_winlogbeat(record: Mapping[str, Any]) -> bool:
    inner = record.get("winlog", record)
    if not isinstance(inner, dict) or "event_id" not in inner:
        return False
    return "event_data" in inner or "computer_name" in inner


def _winlogbeat(record: Mapping[str, Any]) -> dict[str, Value]:
    inner = record.get("winlog")
    outer = {key: value for key, value in record.items() if key != "winlog"}
    if not isinstance(inner, dict):
        inner, outer = outer, {}
    bodies = [inner.get("event_data"), inner.get("user_data")]
    rest = {key: value for key, value in inner.items() if key not in ("event_data", "user_data")}
    flat = {_WINLOGBEAT.get(key, key): value for key, value in flatten(rest).items()}
    for key, value in flatten(outer).items():
        flat.setdefault("Message" if key == "message" else key, value)
    flat["TimeCreated"] = flat.get("@timestamp")
    _set_level(flat, flat.get("LevelName") or flat.get("log.level"))
    keywords = flat.get("keywords")
    for word in keywords if isinstance(keywords, list) else [keywords]:
        if (bits := _AUDIT.get(str(word).lower())) is not None:
            flat["Keywords"] = bits
    for body in bodies:
        add_data(flat, body)
    return flat


def _is_azure(record: Mapping[str, Any]) -> bool:
    return (
        "EventID" in record
        and "Computer" in record
        and ("TimeGenerated" in record or "EventSourceName" in record)
    )


def _azure(record: Mapping[str, Any]) -> dict[str, Value]:
    flat: dict[str, Value] = {}
    body: dict[str, Value] = {}
    for key, value in record.items():
        if value is None or value == "":
            continue
        if key in ("EventData", "EventData_dynamic", "ParameterXml", "UserData"):
            body = _azure_body(value)
        elif isinstance(value, dict | list):
            flat.update(flatten({key: value}))
        else:
            flat.setdefault(_AZURE.get(key, key), value)
    if not isinstance(level := flat.get("Level"), int):
        _set_level(flat, level)
    add_data(flat, body)
    return flat


def _azure_body(value: Any) -> dict[str, Value]:
    """Read ``EventData``: JSON text, XML text, a list of texts, or already an object."""
    if isinstance(value, str):
        text = value.strip()
        try:
            if text.startswith("<EventData"):
                return event_data(text)
            if text.startswith("<"):
                return event_data(f"<UserData>{text}</UserData>")
            value = load_json(text.encode("utf-8", "replace"))
        except ValueError:
            return {"EventData": text}
    flat: dict[str, Value] = {}
    if isinstance(value, dict):
        add_data(flat, value)
    elif isinstance(value, list):
        flat["Data"] = [item if isinstance(item, str) else str(item) for item in value]
    else:
        flat["EventData"] = value
    return flat


def _is_nxlog(record: Mapping[str, Any]) -> bool:
    return (
        "EventID" in record
        and "Channel" in record
        and ("Hostname" in record or "SourceName" in record)
    )


def _nxlog(record: Mapping[str, Any]) -> dict[str, Value]:
    flat: dict[str, Value] = {}
    for key, value in record.items():
        kind = type(value)
        if kind is dict or kind is list:
            flat.update(flatten({key: value}))
        elif value is not None:
            name = _NXLOG.get(key, key)
            flat[name.replace(" ", "") if " " in name else name] = value
    keywords = flat.get("Keywords")
    if isinstance(keywords, int):
        flat["Keywords"] = hex(keywords % 2**64)
    if flat.get("EventType") in _SHIPPER_EVENT_TYPES:
        flat["EventTypeOriginal"] = flat.pop("EventType")
    if "Level" not in flat:
        _set_level(flat, flat.get("EventTypeOriginal") or flat.get("Severity"))
    return flat


def _set_level(flat: dict[str, Value], word: Value) -> None:
    if isinstance(word, str) and word.lower() in _LEVELS:
        flat["Level"] = _LEVELS[word.lower()]


_Test: TypeAlias = Callable[[Mapping[str, Any]], bool]
_Flatten: TypeAlias = Callable[[Mapping[str, Any]], dict[str, Value]]
_SHIPPERS: tuple[tuple[_Test, _Flatten], ...] = (
    (_is_dump, _dump),
    (_is_winlogbeat, _winlogbeat),
    (_is_azure, _azure),
    (_is_nxlog, _nxlog),
)
