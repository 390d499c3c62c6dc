"""A shape: one kind of native record, and how its fields become the columns of an event class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from noroshi.collect.mapping import Expression, as_expression
from noroshi.model import EventClass, LogSource


@dataclass(frozen=True, eq=False)
class Shape:
    """One kind of native record. Shapes are made once and compared by identity.

    Attributes:
        name: for people, e.g. ``sysmon/1``.
        event_class: the table it goes to.
        log_source: its Sigma log source.
        time: expression that gives µs since 1970 UTC.
        columns: column name -> expression, or the name of a native field that is taken as it is.

    Raises:
        ValueError: a column that the class does not have.
    """

    name: str
    event_class: EventClass
    log_source: LogSource
    time: Expression
    columns: Mapping[str, Expression | str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        unknown = self.columns.keys() - self.event_class.by_name.keys()
        if unknown:
            raise ValueError(f"{self.name}: {self.event_class.name} has no {sorted(unknown)}")

    @property
    def expressions(self) -> dict[str, Expression]:
        """The columns, field names turned into expressions."""
        return {name: as_expression(source) for name, source in self.columns.items()}
