"""What a collector yields: records, and what could not become one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from noroshi.collect.shape import Shape

Scalar: TypeAlias = str | int | float | bool | None
Value: TypeAlias = Scalar | list[Scalar]


class Record(NamedTuple):
    """One record of a source.

    Attributes:
        shape: what kind of record it is and how its fields become OCSF columns.
        fields: native fields under the source's own names; lists hold several values of one field.
        time: µs since 1970 UTC where only the collector can know it (a year that the line leaves
            out); None leaves it to the shape.
    """

    shape: Shape
    fields: Mapping[str, Value]
    time: int | None = None


@dataclass(frozen=True, slots=True)
class BadRecord:
    """Part of a source that could not be read. It goes to quarantine, never to nowhere.

    Attributes:
        offset: byte offset in the decompressed source, or the record number; -1 if unknown.
        reason: what is wrong, for a person.
        excerpt: the first bytes of it.
    """

    offset: int
    reason: str
    excerpt: bytes = b""


EXCERPT_BYTES = 2048
