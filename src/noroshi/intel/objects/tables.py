"""The tables of the object store, as the newest migration leaves them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from noroshi.intel.objects.keys import Identifier

_metadata = sa.MetaData()


def _table(name: str, *columns: str) -> sa.Table:
    return sa.Table(name, _metadata, *(sa.Column(column, _TYPES.get(column)) for column in columns))


_TYPES: dict[str, type[sa.types.TypeEngine[Any]]] = {
    "body": sa.LargeBinary, "digest": sa.LargeBinary, "first": sa.Boolean, "last": sa.Boolean,
    "id": Identifier, "target": Identifier,
}  # fmt: skip

COUNTERS = _table("object_counters", "name", "value")
ADDITIONS = _table(
    "object_additions", "number", "source", "retrieved", "taken_by", "confidence", "added"
)
OBJECTS = _table(
    "objects", "number", "moment", "date_added", "addition", "tlp", "first", "last", "id", "type",
    "spec", "title", "digest", "body",
)  # fmt: skip
ENTRIES = _table(
    "object_entries", "number", "object", "date_added", "addition", "first", "last", "id",
    "collection",
)  # fmt: skip
REFERENCES = _table("object_references", "target", "object", "property")
ARTEFACTS = _table("object_artefacts", "key", "object")
MERGES = _table("object_merges", "other", "kept", "merged_by", "time")


TABLES = (COUNTERS, ADDITIONS, OBJECTS, ENTRIES, REFERENCES, ARTEFACTS, MERGES)
"""All of them."""


def insert(connection: sa.Connection, table: sa.Table, rows: Sequence[tuple[object, ...]]) -> None:
    """Insert whole rows, each a tuple in the order of the table's columns.

    Goes to the driver directly: SQLAlchemy's own way costs more than the database's work here.
    PostgreSQL gets them as one stream (COPY).
    """
    names = ", ".join(column.name for column in table.c)
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        stream = f"COPY {table.name} ({names}) FROM STDIN"
        driver: Any = connection.connection
        with driver.cursor() as cursor, cursor.copy(stream) as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join("?" for _ in table.c)
    statement = f"INSERT INTO {table.name} ({names}) VALUES ({marks})"  # noqa: S608 - constants
    connection.exec_driver_sql(statement, list(rows))
