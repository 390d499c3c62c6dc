"""Feeds with what they brought, and watchlists with what they met."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision: str | None = "0003"


def upgrade() -> None:
    """Create the tables."""
    _create_feeds()
    _create_watch()


def _create_feeds() -> None:
    op.create_table(
        "feeds",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("settings", sa.Text, nullable=False),
        sa.Column("position", sa.Text, nullable=False),
        sa.Column("due", sa.BigInteger, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("pull", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "feed_items",
        sa.Column("feed", sa.Text, nullable=False),
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("first", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("feed", "key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "feed_batches",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("feed", sa.Text, nullable=False),
        sa.Column("pull", sa.BigInteger, nullable=False),
        sa.Column("retrieved", sa.BigInteger, nullable=False),
        sa.Column("held", sa.Text, nullable=False),
        sa.Column("items", sa.Integer, nullable=False),
        sa.Column("sample", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_index("feed_batches_by_feed", "feed_batches", ["feed", "number"])
    op.create_table(
        "feed_pulls",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("feed", sa.Text, nullable=False),
        sa.Column("started", sa.BigInteger, nullable=False),
        sa.Column("ended", sa.BigInteger, nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("told", sa.Text, nullable=False),
        sa.Column("counts", sa.Text, nullable=False),
        sa.Column("fresh", sa.BigInteger, nullable=False),
    )
    op.create_index("feed_pulls_by_feed", "feed_pulls", ["feed", "number"])


def _create_watch() -> None:
    op.create_table(
        "watch_entries",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("added", sa.BigInteger, nullable=False),
    )
    op.create_index("watch_entries_once", "watch_entries", ["kind", "value", "owner"], unique=True)
    op.create_table(
        "watch_hits",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("entry", sa.BigInteger, nullable=False),
        sa.Column("watched", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("how", sa.Text, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("quote", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("raised", sa.BigInteger, nullable=False),
        sa.Column("acknowledged", sa.BigInteger, nullable=False),
        sa.Column("acknowledged_by", sa.Text, nullable=False),
    )
    op.create_index("watch_hits_once", "watch_hits", ["id"], unique=True)
    op.create_index("watch_hits_by_entry", "watch_hits", ["entry", "number"])
    op.create_index("watch_hits_open", "watch_hits", ["acknowledged", "number"])


def downgrade() -> None:
    """Drop the tables."""
    for table in (
        "watch_hits", "watch_entries", "feed_pulls", "feed_batches", "feed_items", "feeds",
    ):  # fmt: skip
        op.drop_table(table)
