"""Collections that are shared, who may read and write them, and what came of what they sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision: str | None = "0002"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "share_collections",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("id", sa.String(36), nullable=False, unique=True),
        sa.Column("root", sa.String(64), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "share_members",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("tlp", sa.SmallInteger, nullable=False),
        sa.Column("markings", sa.Text, nullable=False),
        sa.Column("defines", sa.Boolean, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "share_grants",
        sa.Column("member", sa.String(64), primary_key=True),
        sa.Column("collection", sa.String(64), primary_key=True),
        sa.Column("reads", sa.Boolean, nullable=False),
        sa.Column("writes", sa.Boolean, nullable=False),
    )
    op.create_table(
        "share_statuses",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("root", sa.String(64), nullable=False),
        sa.Column("member", sa.String(64), nullable=False),
        sa.Column("time", sa.BigInteger, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_index("share_statuses_by_time", "share_statuses", ["time"])
    op.create_table(
        "share_keys",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("value", sa.LargeBinary, nullable=False),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in (
        "share_keys", "share_statuses", "share_grants", "share_members", "share_collections",
    ):  # fmt: skip
        op.drop_table(table)
