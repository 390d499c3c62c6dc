"""STIX objects with all that hangs on them, and what is thought of indicators."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "object_counters",
        sa.Column("name", sa.String(16), primary_key=True),
        sa.Column("value", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "object_additions",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("retrieved", sa.BigInteger, nullable=False),
        sa.Column("taken_by", sa.Text, nullable=False),
        sa.Column("confidence", sa.Integer, nullable=True),
        sa.Column("added", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "objects",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("moment", sa.BigInteger, nullable=False),
        sa.Column("type", sa.String(250), nullable=False),
        sa.Column("spec", sa.String(3), nullable=False),
        sa.Column("tlp", sa.SmallInteger, nullable=False),
        sa.Column("first", sa.Boolean, nullable=False),
        sa.Column("last", sa.Boolean, nullable=False),
        sa.Column("date_added", sa.BigInteger, nullable=False),
        sa.Column("addition", sa.BigInteger, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_index("objects_by_id", "objects", ["id", "moment"], unique=True)
    op.create_index("objects_by_type", "objects", ["type", "number"])
    op.create_index("objects_by_addition", "objects", ["addition"])
    op.create_table(
        "object_entries",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("collection", sa.Text, nullable=False),
        sa.Column("object", sa.BigInteger, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("first", sa.Boolean, nullable=False),
        sa.Column("last", sa.Boolean, nullable=False),
        sa.Column("date_added", sa.BigInteger, nullable=False),
        sa.Column("addition", sa.BigInteger, nullable=False),
    )
    op.create_index("object_entries_once", "object_entries", ["collection", "object"], unique=True)
    op.create_index("object_entries_in_order", "object_entries", ["collection", "number"])
    op.create_index("object_entries_by_id", "object_entries", ["collection", "id"])
    op.create_index("object_entries_by_object", "object_entries", ["object"])
    op.create_index("object_entries_by_addition", "object_entries", ["addition"])
    op.create_table(
        "object_references",
        sa.Column("object", sa.BigInteger, nullable=False),
        sa.Column("property", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("object", "property", "target"),
        sqlite_with_rowid=False,
    )
    op.create_index("object_references_by_target", "object_references", ["target"])
    op.create_table(
        "object_artefacts",
        sa.Column("object", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("object", "kind", "value"),
        sqlite_with_rowid=False,
    )
    op.create_index("object_artefacts_by_value", "object_artefacts", ["value"])
    op.create_table(
        "object_merges",
        sa.Column("other", sa.Text, primary_key=True),
        sa.Column("kept", sa.Text, nullable=False),
        sa.Column("merged_by", sa.Text, nullable=False),
        sa.Column("time", sa.BigInteger, nullable=False),
    )
    op.create_index("object_merges_by_kept", "object_merges", ["kept"])
    op.create_table(
        "indicator_verdicts",
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("value", sa.Text, primary_key=True),
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("told_by", sa.Text, primary_key=True),
        sa.Column("right", sa.Boolean, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("time", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in (
        "indicator_verdicts", "object_merges", "object_artefacts", "object_references",
        "object_entries", "objects", "object_additions", "object_counters",
    ):  # fmt: skip
        op.drop_table(table)
