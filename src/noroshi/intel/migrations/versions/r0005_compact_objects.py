"""Objects in two thirds of the room: packed ids, keys for artefacts, no version beside its moment.

References and artefacts lie in the order of what they are asked for, once: clustered tables on
SQLite, and on PostgreSQL, which has none, a heap with one index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from noroshi.intel.objects.keys import artefact_key, packed_id
from noroshi.intel.objects.tables import insert

revision = "0005"
down_revision: str | None = "0004"

_AT_ONCE = 5_000
_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
"""On SQLite an INTEGER primary key is the row's own number, and no index beside it."""

_TABLES = ("objects", "object_entries", "object_references", "object_artefacts")

_Change = Callable[[sa.Row[Any], sa.Table], tuple[object, ...]]
"""Makes a row of a new table, in the order of its columns, from an old one."""


def upgrade() -> None:
    """Make the tables anew and copy what is in them, some thousand rows at a time."""
    for name in _TABLES:
        op.rename_table(name, _old(name))
    _create()
    _copy("objects", ("number",), _with_packed_id)
    _copy("object_entries", ("number",), _with_packed_id)
    _copy(
        "object_references", ("object", "property", "target"),
        lambda row, _: (packed_id(row.target), row.object, row.property),
    )  # fmt: skip
    _copy(
        "object_artefacts", ("object", "kind", "value"),
        lambda row, _: (artefact_key(row.kind, row.value), row.object),
    )  # fmt: skip
    for name in _TABLES:
        op.drop_table(_old(name))
    _index()


def _old(name: str) -> str:
    return f"old_{name}"


def _create() -> None:
    op.create_table(
        "objects",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("moment", sa.BigInteger, nullable=False),
        sa.Column("date_added", sa.BigInteger, nullable=False),
        sa.Column("addition", sa.BigInteger, nullable=False),
        sa.Column("tlp", sa.SmallInteger, nullable=False),
        sa.Column("first", sa.Boolean, nullable=False),
        sa.Column("last", sa.Boolean, nullable=False),
        sa.Column("id", sa.LargeBinary, nullable=False),
        sa.Column("type", sa.String(250), nullable=False),
        sa.Column("spec", sa.String(3), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "object_entries",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("object", sa.BigInteger, nullable=False),
        sa.Column("date_added", sa.BigInteger, nullable=False),
        sa.Column("addition", sa.BigInteger, nullable=False),
        sa.Column("first", sa.Boolean, nullable=False),
        sa.Column("last", sa.Boolean, nullable=False),
        sa.Column("id", sa.LargeBinary, nullable=False),
        sa.Column("collection", sa.Text, nullable=False),
    )
    _create_clustered(
        "object_references",
        sa.Column("target", sa.LargeBinary, nullable=False),
        sa.Column("object", sa.BigInteger, nullable=False),
        sa.Column("property", sa.Text, nullable=False),
    )
    _create_clustered(
        "object_artefacts",
        sa.Column("key", sa.BigInteger, nullable=False),
        sa.Column("object", sa.BigInteger, nullable=False),
    )


def _create_clustered(name: str, *columns: sa.Column[Any]) -> None:
    if _sqlite():
        together = sa.PrimaryKeyConstraint(*(column.name for column in columns))
        op.create_table(name, *columns, together, sqlite_with_rowid=False)
    else:
        op.create_table(name, *columns)


def _index() -> None:
    """Make the indexes last: in order they are smaller, and their names were taken before."""
    op.create_index("objects_by_id", "objects", ["id", "moment"], unique=True)
    op.create_index("objects_by_type", "objects", ["type"])
    op.create_index("objects_by_addition", "objects", ["addition"])
    op.create_index("object_entries_once", "object_entries", ["object", "collection"], unique=True)
    op.create_index("object_entries_in_order", "object_entries", ["collection", "number"])
    op.create_index("object_entries_by_id", "object_entries", ["id", "collection"])
    op.create_index("object_entries_by_addition", "object_entries", ["addition"])
    if not _sqlite():
        op.create_index("object_references_by_target", "object_references", ["target"])
        op.create_index("object_artefacts_by_key", "object_artefacts", ["key"])


def _with_packed_id(row: sa.Row[Any], table: sa.Table) -> tuple[object, ...]:
    return tuple(
        packed_id(row.id) if column.name == "id" else getattr(row, column.name)
        for column in table.c
    )


def _copy(name: str, order: Sequence[str], change: _Change) -> None:
    table = _reflected(name)
    for rows in _rows(_reflected(_old(name)), order):
        insert(op.get_bind(), table, sorted(change(row, table) for row in rows))


def _reflected(name: str) -> sa.Table:
    return sa.Table(name, sa.MetaData(), autoload_with=op.get_bind())


def _rows(table: sa.Table, order: Sequence[str]) -> Iterator[Sequence[sa.Row[Any]]]:
    """Yield the rows of a table in the order of its key."""
    key = [table.c[column] for column in order]
    query = sa.select(table).order_by(*key).limit(_AT_ONCE)
    rows = op.get_bind().execute(query).all()
    while rows:
        yield rows
        last = [getattr(rows[-1], column) for column in order]
        rows = op.get_bind().execute(query.where(_after(key, last))).all()


def _after(key: Sequence[sa.ColumnElement[Any]], last: Sequence[Any]) -> sa.ColumnElement[bool]:
    return sa.tuple_(*key) > sa.tuple_(*last)


def _sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def downgrade() -> None:
    """Refuse: what an older version takes apart, this one has put together.

    Raises:
        NotImplementedError: always.
    """
    raise NotImplementedError("a store of 0005 cannot go back; restore the copy made before")
