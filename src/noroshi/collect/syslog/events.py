r"""CEF and LEEF: events as one line of fields.

Sources: ArcSight "Common Event Format" (header ``|``-separated, ``\|`` and ``\\`` escaped;
extension ``key=value`` with ``\=``, ``\\``, ``\n`` and ``\r`` escaped, values may hold blanks);
IBM "Log Event Extended Format" 1.0 (tabs) and 2.0 (a delimiter of the sender's choice, as a
character or ``x``/``0x`` and hexadecimal digits).
"""

from __future__ import annotations

import re

MAX_FIELDS = 512

_CEF = re.compile(r"CEF:\s?\d+\|")
_LEEF = re.compile(r"LEEF:\s?([12])(?:\.\d)?\|")
_KEY = re.compile(r"(?:^|(?<=\s))([A-Za-z0-9_.\[\]-]{1,64})=")
_ESCAPE = re.compile(r"\\([\\=|nr])")
_HEX = re.compile(r"0?x([0-9A-Fa-f]{1,4})")
_UNESCAPED = {"n": "\n", "r": "\r"}

CEF_HEADER = (
    "deviceVendor", "deviceProduct", "deviceVersion", "deviceEventClassId", "name",
    "cefSeverity",
)  # fmt: skip
LEEF_HEADER = ("deviceVendor", "deviceProduct", "deviceVersion", "deviceEventClassId")


def event_fields(text: str) -> dict[str, str] | None:
    """Return the fields of a CEF or LEEF event inside a line, or None if there is none."""
    at = text.find("CEF:")
    if at >= 0 and (found := _CEF.match(text, at)):
        return _cef(text[found.end() :])
    at = text.find("LEEF:")
    if at >= 0 and (found := _LEEF.match(text, at)):
        return _leef(text[found.end() :], found[1])
    return None


def _cef(text: str) -> dict[str, str] | None:
    header, rest = _header(text, len(CEF_HEADER))
    if len(header) < len(CEF_HEADER):
        return None
    return extension(rest) | dict(zip(CEF_HEADER, header, strict=True))


def _leef(text: str, version: str) -> dict[str, str] | None:
    header, rest = _header(text, len(LEEF_HEADER))
    if len(header) < len(LEEF_HEADER):
        return None
    delimiter = "\t"
    if version == "2":
        before, bar, after = rest.partition("|")
        if bar and (len(before) <= 1 or _HEX.fullmatch(before)):
            delimiter, rest = _delimiter(before), after
    fields = dict(zip(LEEF_HEADER, header, strict=True))
    for part in rest.split(delimiter, MAX_FIELDS):
        key, equals, value = part.partition("=")
        if equals and key.strip():
            fields[key.strip()] = value
    return fields


def extension(text: str) -> dict[str, str]:
    """Return the fields of a CEF extension: a value ends where the next `` key=`` begins."""
    keys = []
    for found in _KEY.finditer(text):
        keys.append(found)
        if len(keys) > MAX_FIELDS:
            break
    fields: dict[str, str] = {}
    for index, found in enumerate(keys):
        end = keys[index + 1].start() if index + 1 < len(keys) else len(text)
        value = text[found.end() : end]
        fields[found[1]] = unescape(value.removesuffix(" ") if end < len(text) else value)
    return fields


def unescape(text: str) -> str:
    r"""Undo ``\\``, ``\=``, ``\|``, ``\n`` and ``\r``."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda found: _UNESCAPED.get(found[1], found[1]), text)


def _header(text: str, count: int) -> tuple[list[str], str]:
    """Split off ``count`` fields that each end with an unescaped bar."""
    fields: list[str] = []
    start = at = 0
    while len(fields) < count:
        bar = text.find("|", at)
        if bar < 0:
            break
        slashes = bar
        while slashes > start and text[slashes - 1] == "\\":
            slashes -= 1
        at = bar + 1
        if (bar - slashes) % 2 == 0:
            fields.append(unescape(text[start:bar]))
            start = at
    return fields, text[start:]


def _delimiter(text: str) -> str:
    if found := _HEX.fullmatch(text):
        return chr(int(found[1], 16))
    return text or "\t"
