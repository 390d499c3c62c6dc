"""Collections: named parts of the object store, each below an API root (sections 1.6.2, 5.2.1).

A collection's name is the one that ``noroshi intel import --collection`` puts objects into, and
its alias in TAXII; its id is random, as the specification demands.
"""

from __future__ import annotations

import re
import time
import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from noroshi.intel.knowledge import Knowledge
from noroshi.share.errors import ShareError
from noroshi.share.taxii.tables import COLLECTIONS

NAME = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?")
"""Names of collections, API roots and members: safe in an address and in a log line."""

DISCOVERY = "taxii2"


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection.

    Attributes:
        name: in the object store, and TAXII's alias.
        id: UUID, version 4.
        root: path of its API root, without slashes.
        title: for people.
        description: for people; may be empty.
    """

    name: str
    id: str
    root: str
    title: str
    description: str


def checked_name(name: str, what: str) -> str:
    """Return a name that may be used.

    Raises:
        ShareError: it may not.
    """
    if not NAME.fullmatch(name):
        raise ShareError(
            f"{name!r} cannot be the name of a {what}: use 1 to 64 of a-z, 0-9, _ and -, "
            "with a letter or digit at both ends"
        )
    return name


class CollectionStore:
    """The collections of a knowledge store."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    def add(self, name: str, title: str, description: str, root: str) -> Collection:
        """Add a collection.

        Raises:
            ShareError: there is one of that name, or a name may not be used.
        """
        checked_name(name, "collection")
        if checked_name(root, "root") == DISCOVERY:
            raise ShareError(
                f"{root!r} is where TAXII's discovery answers; name the root otherwise"
            )
        made = Collection(name, str(uuid.uuid4()), root, title or name, description)
        with self._knowledge.write() as connection:
            query = sa.select(COLLECTIONS.c.name).where(COLLECTIONS.c.name == name)
            if connection.execute(query).first():
                raise ShareError(f"there is a collection {name!r} already")
            connection.execute(
                COLLECTIONS.insert().values(
                    name=made.name, id=made.id, root=made.root, title=made.title,
                    description=made.description, created=time.time_ns() // 1000,
                )
            )  # fmt: skip
        return made

    def list(self) -> list[Collection]:
        """Return all collections, in the order in which they were made (section 3.3)."""
        query = sa.select(COLLECTIONS).order_by(COLLECTIONS.c.created, COLLECTIONS.c.name)
        with self._knowledge.read() as connection:
            return [
                Collection(row.name, row.id, row.root, row.title, row.description)
                for row in connection.execute(query)
            ]
