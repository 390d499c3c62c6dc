"""The tables of feeds, as the newest migration leaves them."""

from __future__ import annotations

import sqlalchemy as sa

_metadata = sa.MetaData()


def _table(name: str, *columns: str) -> sa.Table:
    return sa.Table(
        name,
        _metadata,
        *(
            sa.Column(one, sa.LargeBinary if one in ("key", "digest", "body") else None)
            for one in columns
        ),
    )


FEEDS = _table("feeds", "name", "settings", "position", "due", "failures", "pull")
ITEMS = _table("feed_items", "feed", "key", "digest", "first")
BATCHES = _table(
    "feed_batches", "number", "feed", "pull", "retrieved", "held", "items", "sample", "body"
)
PULLS = _table(
    "feed_pulls", "number", "feed", "started", "ended", "outcome", "told", "counts", "fresh"
)
