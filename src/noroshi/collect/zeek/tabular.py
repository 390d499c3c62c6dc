r"""Zeek's tab-separated logs: a header of ``#`` lines, then one record a line.

Source: Zeek's ASCII log writer (LogAscii options) as documented in the Zeek manual, "Log Formats".
Unset fields are ``-``, empty ones ``(empty)``; bytes that would break the format are ``\xNN``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from noroshi.collect.decoding import decode
from noroshi.collect.evidence import Evidence
from noroshi.collect.record import EXCERPT_BYTES, BadRecord, Value

MAX_FIELDS = 1024

_ESCAPE = re.compile(rb"\\(?:x([0-9a-fA-F]{2})|(\\))")


@dataclass(frozen=True)
class Header:
    """What the ``#`` lines say.

    Attributes:
        path: stream, e.g. ``conn``.
        fields: names.
        types: Zeek types; may be shorter than ``fields``.
        separator: between fields.
        set_separator: between members of a set or vector.
        empty: mark of an empty string or container.
        unset: mark of a field without a value.
    """

    path: str = ""
    fields: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    separator: bytes = b"\t"
    set_separator: bytes = b","
    empty: bytes = b"(empty)"
    unset: bytes = b"-"

    def with_line(self, line: bytes) -> Header:
        """Return the header after one more ``#`` line; unknown ones change nothing."""
        if line.startswith(b"#separator"):
            return Header(separator=unescape(line[10:].strip()) or b"\t")
        key, *values = line.split(self.separator)
        texts = tuple(decode(value) for value in values[:MAX_FIELDS])
        first = values[0] if values else b""
        known: dict[bytes, dict[str, object]] = {
            b"#path": {"path": texts[0] if texts else ""},
            b"#fields": {"fields": texts, "types": ()},
            b"#types": {"types": texts},
            b"#set_separator": {"set_separator": unescape(first) or b","},
            b"#empty_field": {"empty": first},
            b"#unset_field": {"unset": first},
        }
        return Header(**(vars(self) | known.get(key, {})))

    def containers(self) -> tuple[int, ...]:
        """Return the positions of sets and vectors."""
        return tuple(i for i, kind in enumerate(self.types) if kind.startswith(("set", "vector")))

    def booleans(self) -> tuple[int, ...]:
        """Return the positions of truth values."""
        return tuple(i for i, kind in enumerate(self.types) if kind == "bool")


def rows(evidence: Evidence) -> Iterator[tuple[str, dict[str, Value]] | BadRecord]:
    """Yield (stream, fields) of every record; a later header counts from where it stands."""
    header, row = Header(), _Row(Header())
    for item in evidence.lines():
        if isinstance(item, BadRecord):
            yield item
            continue
        offset, line = item
        if line.lstrip().startswith(b"#"):
            header = header.with_line(line.lstrip())
            row = _Row(header)
        elif line.strip():
            fields = row.read(line)
            if fields is None:
                reason = f"{line.count(header.separator) + 1} fields, {len(header.fields)} named"
                yield BadRecord(offset, reason, line[:EXCERPT_BYTES])
            else:
                yield header.path, fields


class _Row:
    """Reads lines under one header."""

    def __init__(self, header: Header) -> None:
        self._header = header
        self._containers = header.containers()
        self._booleans = header.booleans()
        self._separator = decode(header.separator)
        self._unset, self._empty = decode(header.unset), decode(header.empty)
        self._blanks: dict[str, str | None] = {self._unset: None, self._empty: ""}

    def read(self, line: bytes) -> dict[str, Value] | None:
        """Return the fields, or None if their number is wrong."""
        if b"\\" in line:
            return self._read_escaped(line)
        names = self._header.fields
        texts = decode(line).split(self._separator)
        if len(texts) != len(names):
            return None
        blanks = self._blanks
        values: list[Value] = [blanks.get(text, text) for text in texts]
        for index in self._booleans:
            values[index] = _TRUTH.get(texts[index], values[index])
        for index in self._containers:
            text = values[index]
            if text is not None and isinstance(text, str):
                values[index] = list(text.split(decode(self._header.set_separator))) if text else []
        return dict(zip(names, values, strict=True))

    def _read_escaped(self, line: bytes) -> dict[str, Value] | None:
        header = self._header
        parts = line.split(header.separator)
        if len(parts) != len(header.fields):
            return None
        values: list[Value] = []
        for index, part in enumerate(parts):
            if part == header.unset:
                values.append(None)
            elif index in self._containers:
                members = [] if part == header.empty else part.split(header.set_separator)
                values.append([decode(unescape(member)) for member in members])
            elif part == header.empty:
                values.append("")
            else:
                text = decode(unescape(part))
                values.append(_TRUTH.get(text, text) if index in self._booleans else text)
        return dict(zip(header.fields, values, strict=True))


_TRUTH = {"T": "true", "F": "false"}


def unescape(text: bytes) -> bytes:
    r"""Undo ``\xNN`` and ``\\``."""
    if b"\\" not in text:
        return text
    return _ESCAPE.sub(lambda m: b"\\" if m[1] is None else bytes.fromhex(m[1].decode()), text)
