"""One line of the exercise log: who did what when, chained to the line before it.

The digest of a line covers the digest of the line before, so that no line can be changed, removed
or put in without every later digest being wrong (Haber and Stornetta, "How to time-stamp a digital
document", 1991).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from noroshi.drill.exercise.errors import TamperedLogError

FIRST = "0" * 64
"""What stands for the digest before the first line."""


class EntryKind(StrEnum):
    """What a line of the log records."""

    STARTED = "started"
    CLOCK = "clock"  # paused, resumed, another speed, moved on
    ACTION = "action"
    LETTER = "letter"  # a message of whatever kind, delivered
    EVIDENCE = "evidence"  # a window of evidence was written
    HINT = "hint"
    SUBMITTED = "submitted"
    GRADED = "graded"
    APPEAL = "appeal"  # the instructor overrides a mark


@dataclass(frozen=True, slots=True)
class Entry:
    """One line.

    Attributes:
        number: place in the log, from 0.
        wall: when it was written, µs since 1970 UTC by the machine's clock.
        time: the same in the simulated world.
        kind: what it records.
        actor: who: a role, ``instructor`` or ``world``.
        data: the particulars, JSON values only.
        before: digest of the line before.
    """

    number: int
    wall: int
    time: int
    kind: EntryKind
    actor: str
    data: Mapping[str, Any]
    before: str

    @property
    def digest(self) -> str:
        """SHA-256 over everything in the line, hex."""
        return hashlib.sha256(_canonical(self._fields()).encode()).hexdigest()

    def to_line(self) -> str:
        """Return the line as it is stored, without line end."""
        return _canonical(self._fields() | {"digest": self.digest})

    def _fields(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "wall": self.wall,
            "time": self.time,
            "kind": self.kind.value,
            "actor": self.actor,
            "data": dict(self.data),
            "before": self.before,
        }


def read_entry(line: str, where: str) -> Entry:
    """Read a stored line.

    Args:
        line: the line without its end.
        where: file and line number, for the error.

    Raises:
        TamperedLogError: not such a line, or its digest does not fit.
    """
    try:
        fields = json.loads(line)
        digest = fields.pop("digest")
        entry = Entry(**(fields | {"kind": EntryKind(fields["kind"])}))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise TamperedLogError(f"{where}: not a line of an exercise log: {line[:80]!r}") from error
    if entry.digest != digest:
        raise TamperedLogError(f"{where}: the line was changed after it was written")
    return entry


def _canonical(fields: dict[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
