"""Status resources: what came of the objects of one request (section 4.3)."""

from __future__ import annotations

import zlib
from typing import Any

import orjson
import sqlalchemy as sa

from noroshi.intel.knowledge import Knowledge
from noroshi.share.taxii.tables import STATUSES

KEPT = 7 * 86_400 * 1_000_000
"""µs for which a status can be asked for; the specification asks for a day."""


class StatusStore:
    """The statuses of a knowledge store."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    def add(self, root: str, member: str, time: int, status: dict[str, Any]) -> None:
        """Keep a status, and forget those that are too old."""
        row = {
            "id": status["id"], "root": root, "member": member, "time": time,
            "body": zlib.compress(orjson.dumps(status), 1),
        }  # fmt: skip
        with self._knowledge.write() as connection:
            connection.execute(STATUSES.delete().where(STATUSES.c.time < time - KEPT))
            connection.execute(STATUSES.insert().values(**row))

    def find(self, root: str, member: str, status_id: str) -> dict[str, Any] | None:
        """Return a status of one member's own request."""
        query = (
            sa.select(STATUSES.c.body)
            .where(STATUSES.c.id == status_id)
            .where(STATUSES.c.root == root)
            .where(STATUSES.c.member == member)
        )
        with self._knowledge.read() as connection:
            body = connection.execute(query).scalar_one_or_none()
        return None if body is None else orjson.loads(zlib.decompress(body))
