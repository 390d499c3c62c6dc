r"""Windows event JSON to flat native names.

System fields become ``EventID``, ``Provider_Name``, ``Provider_Guid``, ``Channel``, ``Computer``,
``TimeCreated``, ``Execution_ProcessID``, ``Security_UserID`` …; what the event itself says
(``EventData``, ``UserData`` without its inner element) keeps its names beside them. Three rules:

* ``Channel`` in an event's own data (the log that was cleared, event 104) wins, because that is
  what rules ask about; the log in which it stands is then ``System_Channel``. Any other name that
  System has already is written ``EventData_<name>``.
* Blanks in names (``Threat Name``) are dropped, as Sigma rules write them.
* A binary GUID is shown as Windows shows it, in braces.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from noroshi.collect.flatten import flatten
from noroshi.collect.record import Value

_ATTRIBUTES = "#attributes"
_NO_NAMES: dict[str, str] = {}
_NAMES: dict[str, dict[str, str]] = {
    "Provider": {"Name": "Provider_Name", "Guid": "Provider_Guid"},
    "TimeCreated": {"SystemTime": "TimeCreated"},
    "EventID": {"Qualifiers": "Qualifiers"},
    "Execution": {"ProcessID": "Execution_ProcessID", "ThreadID": "Execution_ThreadID"},
    "Security": {"UserID": "Security_UserID", "UserId": "Security_UserID"},
    "Correlation": {"ActivityID": "Correlation_ActivityID"},
}
"""Element -> attribute -> native name; any other attribute is ``Element_Attribute``."""


def flat_event(event: Mapping[str, Any]) -> dict[str, Value]:
    """Flatten the ``Event`` object that ``evtx_dump`` and the ``evtx`` library write.

    Raises:
        ValueError: there is no System element.
    """
    system = event.get("System")
    if not isinstance(system, dict):
        raise ValueError("a Windows event without its System element")  # noqa: TRY004
    flat = flat_system(system)
    for name, body in event.items():
        if name == "System" or name == _ATTRIBUTES or body is None:
            continue
        if name == "EventData" or name == "ProcessingErrorData":
            add_data(flat, body)
        elif name == "UserData" and isinstance(body, dict):
            for inner in body.values():
                add_data(flat, inner)
        else:
            add_data(flat, {name: body})
    return flat


def flat_system(system: Mapping[str, Any]) -> dict[str, Value]:
    """Flatten a System element."""
    flat: dict[str, Value] = {}
    for name, value in system.items():
        kind = type(value)
        if kind is dict:
            _add_attributes(flat, name, value)
        elif kind is list:
            flat.update(flatten({name: value}))
        elif value is not None:
            flat[name] = value
    return flat


def _add_attributes(flat: dict[str, Value], name: str, value: dict[str, Any]) -> None:
    names = _NAMES.get(name, _NO_NAMES)
    attributes = value.get(_ATTRIBUTES)
    if not isinstance(attributes, dict):
        attributes = value
    elif value.get("#text") is not None:
        _put(flat, name, value["#text"])
    for key, item in attributes.items():
        full = names.get(key) or f"{name}_{key}"
        kind = type(item)
        if kind is str:
            flat[full] = braced(item) if len(item) == 36 else item
        elif kind is int:
            flat[full] = item
        elif item is not None:
            _put(flat, full, item)


def add_data(flat: dict[str, Value], body: Any) -> None:
    """Put what the event itself says beside the System fields."""
    if not isinstance(body, dict):
        if body is not None:
            _put(flat, _free(flat, "Data"), body)
        return
    for name, value in body.items():
        kind = type(value)
        if value is None:
            continue
        if kind is dict:
            _add_element(flat, name, value)
            continue
        if " " in name:
            name = name.replace(" ", "")
        if name in flat:
            name = _free(flat, name)
        if kind is str:
            flat[name] = braced(value) if len(value) == 36 else value
        elif kind is int:
            flat[name] = value
        else:
            _put(flat, name, value)


def braced(text: str) -> str:
    """Put braces around a GUID that a parser rendered from its 16 bytes: bare, upper case.

    A GUID that the event holds as text (``ScriptBlockId``) is lower case and stays as it is.
    """
    if text[8] == text[13] == text[18] == text[23] == "-" and text.upper() == text:
        return "{" + text + "}"
    return text


def _add_element(flat: dict[str, Value], name: str, value: dict[str, Any]) -> None:
    if name == _ATTRIBUTES:
        if "Name" in value:
            _put(flat, "EventDataName", value["Name"])
        return
    if "#text" in value:
        text = value["#text"]
        _put(flat, _free(flat, name) if name in flat else name, text)
        return
    inner = {key: item for key, item in value.items() if key != _ATTRIBUTES}
    for key, item in flatten({name: inner}).items():
        flat[_free(flat, key) if key in flat else key] = item


def _free(flat: dict[str, Value], name: str) -> str:
    """Return the name under which a field of the event's own data is kept."""
    if name not in flat:
        return name
    if name == "Channel" and "System_Channel" not in flat:
        flat["System_Channel"] = flat["Channel"]
        return name
    free, number = f"EventData_{name}", len(flat)
    while free in flat:
        free, number = f"EventData_{name}_{number}", number + 1
    return free


def _put(flat: dict[str, Value], name: str, value: Any) -> None:
    if type(value) is list or type(value) is dict:
        flat.update(flatten({name: value}))
    else:
        flat[name] = value
