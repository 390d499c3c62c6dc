"""One audit record: a line of ``name=value`` fields.

Source: ``audit(7)``/``auditd.conf(5)`` and the field dictionary of the linux-audit project. Raw
values are numbers, quoted text, or (where text holds a blank, a quote or a control character) hex.
``log_format = ENRICHED`` appends interpreted fields, in capitals, behind a 0x1d byte.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from noroshi.collect.auditd.socket_address import socket_address

_HEADER = re.compile(
    r"(?:node=(?P<node>\S{1,256}) )?type=(?P<type>[A-Z0-9_\[\]]{1,64}) (?:msg=)?"
    r"(?P<id>audit\((?P<time>[^()]{1,40}):(?P<serial>\d{1,20})\)) ?: ?"
)
_NEXT_FIELD = re.compile(r"[ \x1d]+(?=[A-Za-z_][\w.\[\]-]*=)")
_PART = re.compile(r"(a\d+)\[(\d+)\]")
_ARGUMENT = re.compile(r"a\d+")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_TEXT_FIELDS = frozenset(
    (
        "acct", "cgroup", "cmd", "comm", "cwd", "data", "dir", "exe", "file", "grp", "key", "name",
        "new_group", "ocomm", "path", "proctitle", "root_dir", "sw", "unit", "vm", "watch",
    )
)  # fmt: skip
"""Fields that hold text and are hex where the text is awkward. Source: linux-audit's dictionary."""


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """One record of an event.

    Attributes:
        kind: record type: SYSCALL, EXECVE, PATH …
        event: the part that all records of an event share, ``audit(time:serial)``.
        node: host that sent it; empty if the line does not say.
        fields: its fields, decoded.
    """

    kind: str
    event: str
    node: str
    fields: dict[str, str]


def parse(line: str) -> AuditRecord:
    """Parse one line.

    Raises:
        ValueError: not an audit record.
    """
    found = _HEADER.match(line)
    if not found:
        raise ValueError("not an audit record")
    kind = found["type"]
    fields: dict[str, str] = {}
    body = line[found.end() :].replace(" msg='", " ", 1).removeprefix("msg='")
    body = body.replace("'\x1d", "\x1d", 1).rstrip(" '")
    for piece in _NEXT_FIELD.split(body):
        name, separator, value = piece.partition("=")
        if separator:
            fields[name.strip()] = _decoded(kind, name.strip(), value.strip())
        elif name.strip():
            fields["text"] = name.strip()
    if kind == "EXECVE":
        fields = _whole_arguments(fields)
    if "saddr" in fields:
        fields = socket_address(fields["saddr"]) | fields
    return AuditRecord(kind, found["id"], found["node"] or "", fields)


def _decoded(kind: str, name: str, value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    is_text = name in _TEXT_FIELDS or (kind == "EXECVE" and _is_argument(name))
    if is_text and len(value) > 1 and _HEX.fullmatch(value):
        decoded = bytes.fromhex(value).decode("utf-8", "replace")
        return decoded.replace("\x00", " ") if name == "proctitle" else decoded
    return value


def _is_argument(name: str) -> bool:
    return bool(_ARGUMENT.fullmatch(name) or _PART.fullmatch(name))


def _whole_arguments(fields: dict[str, str]) -> dict[str, str]:
    """Put arguments back together that the kernel cut: ``a1_len=… a1[0]=… a1[1]=…``."""
    whole: dict[str, list[str]] = {}
    for name, value in fields.items():
        part = _PART.fullmatch(name)
        whole.setdefault(part.group(1) if part else name, []).append(value)
    return {name: "".join(values) for name, values in whole.items()}
