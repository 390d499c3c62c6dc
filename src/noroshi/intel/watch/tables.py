"""The tables of the watchlist, as the newest migration leaves them."""

from __future__ import annotations

import sqlalchemy as sa

_metadata = sa.MetaData()
ENTRIES = sa.Table(
    "watch_entries",
    _metadata,
    *map(sa.Column, ("number", "kind", "value", "owner", "label", "note", "added")),
)
HITS = sa.Table(
    "watch_hits",
    _metadata,
    *map(
        sa.Column,
        ("number", "id", "entry", "watched", "value", "how", "origin", "quote", "subject",
         "raised", "acknowledged", "acknowledged_by"),
    ),
)  # fmt: skip
