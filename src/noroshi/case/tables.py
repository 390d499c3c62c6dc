"""Tables of the knowledge store that hold cases, and a case as text in them."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from noroshi.lang import Message
from noroshi.model import Case, CaseStatus, Reason

METADATA = sa.MetaData()

CASES = sa.Table(
    "cases",
    METADATA,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("status", sa.String(8), nullable=False),
    sa.Column("score", sa.Float, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("reopened", sa.Text, nullable=False),
    sa.Column("merged_into", sa.String(36), sa.ForeignKey("cases.id")),
    sa.Column("merged_by_person", sa.Boolean, nullable=False),
    sa.Index("cases_by_parent", "merged_into"),
)
"""One row a case. ``body`` is the case as correlation made it, without what people decided."""

FINDINGS = sa.Table(
    "case_findings",
    METADATA,
    sa.Column("finding_id", sa.String(64), primary_key=True),
    sa.Column("case_id", sa.String(36), sa.ForeignKey("cases.id"), nullable=False),
    sa.Index("case_findings_by_case", "case_id"),
)
"""Which case a finding belongs to; it never belongs to two."""

AUDIT = sa.Table(
    "case_audit",
    METADATA,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("case_id", sa.String(36), sa.ForeignKey("cases.id"), nullable=False),
    sa.Column("time", sa.BigInteger, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("action", sa.String(16), nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Index("case_audit_by_case", "case_id"),
)
"""Who did what to a case, and when. Rows are only ever added."""


def to_text(case: Case) -> str:
    """Return a case as JSON text, without status, note and merging."""
    return json.dumps(
        {
            "id": case.id,
            "title": case.title.to_json(),
            "reasons": [[reason.points, reason.message.to_json()] for reason in case.reasons],
            "score": case.score,
            "finding_ids": case.finding_ids,
            "hosts": case.hosts,
            "users": case.users,
            "tactics": case.tactics,
            "techniques": case.techniques,
            "first": case.first,
            "last": case.last,
        }
    )


def from_text(text: str) -> Case:
    """Read a case written by :func:`to_text`."""
    data: dict[str, Any] = json.loads(text)
    return Case(
        id=data["id"],
        title=Message.from_json(data["title"]),
        status=CaseStatus.OPEN,
        score=data["score"],
        reasons=tuple(Reason(points, Message.from_json(m)) for points, m in data["reasons"]),
        finding_ids=tuple(data["finding_ids"]),
        hosts=tuple(data["hosts"]),
        users=tuple(data["users"]),
        tactics=tuple(data["tactics"]),
        techniques=tuple(data["techniques"]),
        first=data["first"],
        last=data["last"],
    )
