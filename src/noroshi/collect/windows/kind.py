"""A kind of Windows event: its class, its categories, and where its columns come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from noroshi.collect.mapping import Expression, constant
from noroshi.model import EventClass
from noroshi.model.classes.other import GENERIC

Columns: TypeAlias = Mapping[str, Expression | str]


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of event of one provider.

    Attributes:
        name: for people, e.g. ``sysmon/1``.
        event_class: the table it goes to.
        columns: columns beyond those of every Windows event.
        categories: Sigma log source categories.
        by_field: native field whose value, lower case, picks another kind from ``variants``.
        variants: value -> kind; a value that is not here leaves this kind.
    """

    name: str
    event_class: EventClass
    columns: Columns = field(default_factory=dict)
    categories: tuple[str, ...] = ()
    by_field: str = ""
    variants: Mapping[str, Kind] = field(default_factory=dict)


Kinds: TypeAlias = Mapping[int, Kind]

OTHER = Kind("windows/other", GENERIC)


def activity(number: int, name: str) -> dict[str, Expression | str]:
    """The two columns that say what was done, by OCSF's number and name."""
    return {"activity_id": constant(number), "activity_name": constant(name)}
