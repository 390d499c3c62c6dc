"""The XML text of one Windows event, as ``wevtutil`` and Sysmon for Linux write it."""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element, ParseError, fromstring

from noroshi.collect.record import Value
from noroshi.collect.windows.native import add_data, flat_system

_VALUE = re.compile(r"(<Data Name=[\"'][^\"'<>]*[\"']>)([^<]*(?:<(?!/Data>)[^<]*)*)(</Data>)")
_BARE_AMPERSAND = re.compile(r"&(?!#?\w{1,10};)")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 forbids."""


def flat_xml_event(text: str) -> dict[str, Value]:
    """Flatten an ``<Event>`` element.

    Raises:
        ValueError: not XML, no event, or a document type (entities are never expanded).
    """
    root = _parse(text)
    if _name(root) != "Event":
        raise ValueError(f"XML, but not a Windows event: <{_name(root)[:40]}>")
    parts = {_name(part): part for part in root}
    if "System" not in parts:
        raise ValueError("a Windows event without its System element")
    flat = flat_system({_name(item): _system_value(item) for item in parts["System"]})
    for name, part in parts.items():
        if name == "RenderingInfo":
            _add_rendering(flat, part)
        elif name != "System":
            add_xml_data(flat, part)
    return flat


def add_xml_data(flat: dict[str, Value], part: Element) -> None:
    """Put the children of ``EventData``, or of the element inside ``UserData``, beside the rest."""
    body: dict[str, Any] = {}
    unnamed: list[str] = []
    for item in part if _name(part) == "EventData" else (leaf for inner in part for leaf in inner):
        name = item.get("Name") or _name(item)
        if name == "Data":
            unnamed.append(_text(item))
        else:
            body[name if name not in body else f"{name}_{len(body)}"] = _text(item)
    if unnamed:
        body["Data"] = unnamed if len(unnamed) > 1 else unnamed[0]
    add_data(flat, body)


def event_data(text: str) -> dict[str, Value]:
    """Flatten an ``<EventData>`` or ``<UserData>`` element that stands alone.

    Raises:
        ValueError: not XML.
    """
    flat: dict[str, Value] = {}
    add_xml_data(flat, _parse(text))
    return flat


def _parse(text: str) -> Element:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise ValueError("XML with a document type is not read")
    try:
        return _element(text)
    except ParseError:
        pass
    try:
        return _element(_VALUE.sub(_escaped, _NOT_XML.sub("\ufffd", text)))
    except ParseError as error:
        raise ValueError(f"not XML: {error}") from error


def _element(text: str) -> Element:
    return fromstring(text)  # noqa: S314 - without a DOCTYPE there are no entities to expand


def _escaped(found: re.Match[str]) -> str:
    """Escape what a careless writer (Sysmon for Linux) put into a value as it was."""
    start, value, end = found.groups()
    return start + _BARE_AMPERSAND.sub("&amp;", value).replace("<", "&lt;") + end


def _system_value(item: Element) -> Any:
    value = (item.text or "").strip() or None
    if not item.attrib:
        return value
    return {"#attributes": dict(item.attrib), "#text": value}


def _add_rendering(flat: dict[str, Value], part: Element) -> None:
    for item in part:
        if _name(item) == "Message" and item.text:
            flat["Message"] = item.text


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _text(element: Element) -> str:
    return "".join(element.itertext()) if len(element) else element.text or ""
