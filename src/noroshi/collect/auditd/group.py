"""Records of one audit event -> one set of fields.

``type`` lists the record types in order. ``name`` and the other fields of PATH records hold one
value a record, in order. Where a SYSCALL and an EXECVE record meet, ``a0``, ``a1`` … are the
program's arguments, as rules mean them, and the system call's registers are ``syscall_a0`` ….
Two fields are ours: ``SYSCALL``, the name of the call (as ENRICHED logs have it), and ``cmdline``,
the arguments joined by blanks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from noroshi.collect.auditd.line import AuditRecord
from noroshi.collect.auditd.syscalls import syscall_name
from noroshi.collect.record import Value

MAX_OPEN = 64
MAX_RECORDS = 256
"""Records that one event may have; the kernel writes a handful."""


@dataclass
class Grouping:
    """Gathers records until their event is complete.

    An event is complete at its EOE record, or when :data:`MAX_OPEN` younger ones have begun: the
    records of an event lie together but for those of events that run at the same moment.
    """

    _open: dict[tuple[str, str], list[AuditRecord]] = field(default_factory=dict)

    def add(self, record: AuditRecord) -> Iterator[dict[str, Value]]:
        """Take one record; yield the events that are complete by it."""
        key = (record.node, record.event)
        if record.kind == "EOE":
            if key in self._open:
                yield merged(self._open.pop(key))
            return
        records = self._open.setdefault(key, [])
        records.append(record)
        if len(records) >= MAX_RECORDS:
            yield merged(self._open.pop(key))
        elif len(self._open) > MAX_OPEN:
            yield merged(self._open.pop(next(iter(self._open))))

    def rest(self) -> Iterator[dict[str, Value]]:
        """Yield what is still open at the end."""
        for records in self._open.values():
            yield merged(records)
        self._open.clear()


def merged(records: list[AuditRecord]) -> dict[str, Value]:
    """Merge the records of one event."""
    kinds = [record.kind for record in records]
    flat: dict[str, Value] = {"type": list(kinds) if len(kinds) > 1 else kinds[0]}
    flat["msg"] = records[0].event
    if records[0].node:
        flat["node"] = records[0].node
    has_arguments = "EXECVE" in kinds
    for record in records:
        for name, value in record.fields.items():
            if has_arguments and record.kind == "SYSCALL" and name in ("a0", "a1", "a2", "a3"):
                name = f"syscall_{name}"
            _add(flat, name, value, keep_all=record.kind == "PATH")
    _add_names(flat)
    return flat


def _add(flat: dict[str, Value], name: str, value: str, *, keep_all: bool) -> None:
    present = flat.get(name)
    if present is None:
        flat[name] = value
    elif isinstance(present, list):
        if keep_all or value not in present:
            present.append(value)
    elif keep_all or value != present:
        flat[name] = [present, value]


def _add_names(flat: dict[str, Value]) -> None:
    arch, number = flat.get("arch"), flat.get("syscall")
    if "SYSCALL" not in flat and isinstance(arch, str) and isinstance(number, str):
        name = syscall_name(arch, number)
        if name is not None:
            flat["SYSCALL"] = name
    argc = flat.get("argc")
    if "cmdline" not in flat and isinstance(argc, str) and argc.isdecimal() and len(argc) < 5:
        arguments = [flat.get(f"a{index}") for index in range(int(argc))]
        flat["cmdline"] = " ".join(item for item in arguments if isinstance(item, str))
