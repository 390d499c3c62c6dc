"""Cases, the findings in them, and the trail of what was done to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "cases",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("reopened", sa.Text, nullable=False),
        sa.Column("merged_into", sa.String(36), sa.ForeignKey("cases.id"), nullable=True),
        sa.Column("merged_by_person", sa.Boolean, nullable=False),
    )
    op.create_index("cases_by_parent", "cases", ["merged_into"])
    op.create_table(
        "case_findings",
        sa.Column("finding_id", sa.String(64), primary_key=True),
        sa.Column("case_id", sa.String(36), sa.ForeignKey("cases.id"), nullable=False),
    )
    op.create_index("case_findings_by_case", "case_findings", ["case_id"])
    op.create_table(
        "case_audit",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("case_id", sa.String(36), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("time", sa.BigInteger, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("what", sa.Text, nullable=False),
    )
    op.create_index("case_audit_by_case", "case_audit", ["case_id"])


def downgrade() -> None:
    """Drop the tables."""
    for table in ("case_audit", "case_findings", "cases"):
        op.drop_table(table)
