"""The tables of sharing, as the newest migration leaves them."""

from __future__ import annotations

import sqlalchemy as sa

_metadata = sa.MetaData()

COLLECTIONS = sa.Table(
    "share_collections", _metadata,
    *(sa.Column(name) for name in ("name", "id", "root", "title", "description", "created")),
)  # fmt: skip
MEMBERS = sa.Table(
    "share_members", _metadata,
    *(sa.Column(name) for name in ("name", "secret", "tlp", "markings")),
    sa.Column("defines", sa.Boolean), sa.Column("created"),
)  # fmt: skip
GRANTS = sa.Table(
    "share_grants", _metadata, sa.Column("member"), sa.Column("collection"),
    sa.Column("reads", sa.Boolean), sa.Column("writes", sa.Boolean),
)  # fmt: skip
STATUSES = sa.Table(
    "share_statuses", _metadata, *(sa.Column(name) for name in ("id", "root", "member", "time")),
    sa.Column("body", sa.LargeBinary),
)  # fmt: skip
KEYS = sa.Table("share_keys", _metadata, sa.Column("name"), sa.Column("value", sa.LargeBinary))
