"""A typed, documented column of an event class."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import pyarrow as pa


class Kind(Enum):
    """Storage type of a column, chosen so that DuckDB and Spark read it alike.

    Times are integer microseconds since 1970-01-01T00:00:00Z, never an engine's own timestamp
    type: epoch arithmetic on those differs between engines.
    """

    TEXT = "text"
    INTEGER = "integer"
    TIME = "time"
    BOOLEAN = "boolean"
    DAY = "day"
    TEXTS = "texts"
    NATIVE = "native"

    @property
    def arrow(self) -> pa.DataType:
        """Arrow type that holds a value of this kind."""
        return _ARROW[self]


_ARROW: dict[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.TIME: pa.int64(),
    Kind.BOOLEAN: pa.bool_(),
    Kind.DAY: pa.string(),
    Kind.TEXTS: pa.list_(pa.string()),
    Kind.NATIVE: pa.map_(pa.string(), pa.string()),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: the OCSF attribute path with ``.`` written as ``_``.
        kind: storage type.
        doc: meaning, unit and usual source field, for people.
        path: OCSF 1.x attribute path; empty for a column that OCSF does not know.
    """

    name: str
    kind: Kind
    doc: str
    path: str = ""

    @property
    def field(self) -> pa.Field:
        """Arrow field with the documentation as metadata."""
        return pa.field(self.name, self.kind.arrow, metadata={"doc": self.doc, "ocsf": self.path})


def text(path: str, doc: str) -> Column:
    """Text column of an OCSF attribute."""
    return Column(path.replace(".", "_"), Kind.TEXT, doc, path)


def integer(path: str, doc: str) -> Column:
    """Integer column of an OCSF attribute."""
    return Column(path.replace(".", "_"), Kind.INTEGER, doc, path)


def boolean(path: str, doc: str) -> Column:
    """Boolean column of an OCSF attribute."""
    return Column(path.replace(".", "_"), Kind.BOOLEAN, doc, path)


def time(path: str, doc: str) -> Column:
    """Time column: integer microseconds UTC."""
    return Column(path.replace(".", "_"), Kind.TIME, doc + " Microseconds since 1970, UTC.", path)


def texts(path: str, doc: str) -> Column:
    """List-of-text column of an OCSF attribute."""
    return Column(path.replace(".", "_"), Kind.TEXTS, doc, path)


def own(name: str, kind: Kind, doc: str) -> Column:
    """Column that OCSF does not define."""
    return Column(name, kind, doc)


def address(path: str, doc: str) -> tuple[Column, ...]:
    """Address as text and as integers, so that joins and CIDR tests are integer comparisons.

    IPv4 fills ``<name>_n`` (0 … 2³²-1). IPv6 fills ``<name>_hi`` and ``<name>_lo``: the upper and
    lower 64 bits, each as a signed 64-bit integer (two's complement).
    """
    name = path.replace(".", "_")
    return (
        Column(name, Kind.TEXT, doc, path),
        Column(name + "_n", Kind.INTEGER, f"{doc} IPv4 as an integer; null for IPv6."),
        Column(name + "_hi", Kind.INTEGER, f"{doc} Upper 64 bits of IPv6; null for IPv4."),
        Column(name + "_lo", Kind.INTEGER, f"{doc} Lower 64 bits of IPv6; null for IPv4."),
    )
