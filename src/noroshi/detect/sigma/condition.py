"""Our intermediate representation: a rule's condition as a tree over atoms.

An atom asks one thing of one field. ``field`` is None in a keyword atom, which asks it of every
field of the record. The representation is plain data, so that it can be kept as JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, TypeAlias

IR_VERSION = 2
"""Changes whenever stored conditions would be read wrongly."""


class Wild(IntEnum):
    """Wildcards of the Sigma specification: ``?`` and ``*``."""

    ONE = 1
    MANY = 2


Parts: TypeAlias = "tuple[str | Wild, ...]"


@dataclass(frozen=True, slots=True)
class Text:
    """The value has this text; parts without ``cased`` are already case-folded."""

    field: str | None
    parts: Parts
    cased: bool = False


@dataclass(frozen=True, slots=True)
class Regex:
    """The value contains a match of the expression; ``flags`` is a subset of ``ims``."""

    field: str | None
    pattern: str
    flags: str = ""


@dataclass(frozen=True, slots=True)
class Cidr:
    """The value is an address inside the network."""

    field: str
    network: str


@dataclass(frozen=True, slots=True)
class Compare:
    """The value is a number and the comparison (lt, lte, gt, gte, neq) holds."""

    field: str
    operator: str
    number: float


@dataclass(frozen=True, slots=True)
class TimePart:
    """The value is a time of which the part (minute … year, UTC) equals the number."""

    field: str
    part: str
    number: int


@dataclass(frozen=True, slots=True)
class Exists:
    """The record has the field (or lacks it)."""

    field: str
    wanted: bool


@dataclass(frozen=True, slots=True)
class FieldReference:
    """The value equals, starts with, ends with or contains the value of another field."""

    field: str
    other: str
    mode: str


Atom: TypeAlias = Text | Regex | Cidr | Compare | TimePart | Exists | FieldReference


@dataclass(frozen=True, slots=True)
class And:
    """Every child holds."""

    children: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one child holds."""

    children: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The child does not hold."""

    child: Condition


Condition: TypeAlias = "And | Or | Not | Atom"

_ATOMS: dict[str, Callable[..., Atom]] = {
    kind.__name__: kind for kind in (Text, Regex, Cidr, Compare, TimePart, Exists, FieldReference)
}


def atoms(condition: Condition) -> Iterator[Atom]:
    """Yield every atom of a condition, in the order in which it is written."""
    if isinstance(condition, And | Or):
        for child in condition.children:
            yield from atoms(child)
    elif isinstance(condition, Not):
        yield from atoms(condition.child)
    else:
        yield condition


def fields_of(condition: Condition) -> tuple[str, ...]:
    """Return the fields that a condition looks at, each once, in the order of appearance."""
    names: dict[str, None] = {}
    for atom in atoms(condition):
        if atom.field is not None:
            names[atom.field] = None
        if isinstance(atom, FieldReference):
            names[atom.other] = None
    return tuple(names)


def dump(condition: Condition) -> list[Any]:
    """Return a condition as lists that JSON can hold."""
    if isinstance(condition, And | Or):
        return [type(condition).__name__, *(dump(child) for child in condition.children)]
    if isinstance(condition, Not):
        return ["Not", dump(condition.child)]
    values = (getattr(condition, name) for name in condition.__slots__)
    return [
        type(condition).__name__,
        *(list(value) if isinstance(value, tuple) else value for value in values),
    ]


def restore(data: Sequence[Any]) -> Condition:
    """Return the condition that :func:`dump` wrote.

    Raises:
        ValueError: the data is not such a condition.
    """
    try:
        kind, *rest = data
        if kind == "And":
            return And(tuple(map(restore, rest)))
        if kind == "Or":
            return Or(tuple(map(restore, rest)))
        if kind == "Not":
            return Not(restore(rest[0]))
        if kind == "Text":
            name, parts, cased = rest
            return Text(name, tuple(p if isinstance(p, str) else Wild(p) for p in parts), cased)
        return _ATOMS[kind](*rest)
    except (KeyError, TypeError, IndexError) as error:
        raise ValueError(f"not a stored condition: {str(data)[:80]}") from error
