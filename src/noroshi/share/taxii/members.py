"""Members: who may read and write which collection, and up to which level.

A secret is kept as an argon2id hash only (RFC 9106), and shown once where we made it.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from argon2 import PasswordHasher

from noroshi.intel.knowledge import Knowledge
from noroshi.intel.objects import Clearance, Tlp
from noroshi.share.errors import ShareError
from noroshi.share.taxii.collections import checked_name
from noroshi.share.taxii.tables import COLLECTIONS, GRANTS, MEMBERS, STATUSES

SHORTEST, LONGEST = 16, 512
"""Characters of a secret that somebody chose."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a member may do with one collection."""

    reads: bool = False
    writes: bool = False


NOTHING = Grant()


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who shares.

    Attributes:
        name: that they give.
        tlp: highest level they are shown.
        markings: marking definitions agreed with them.
        defines: whether marking definitions that they send are believed.
        grants: by name of the collection.
    """

    name: str
    tlp: Tlp
    markings: frozenset[str] = frozenset()
    defines: bool = False
    grants: Mapping[str, Grant] = field(default_factory=dict)

    @property
    def clearance(self) -> Clearance:
        """The reader that the object store asks for."""
        return Clearance(self.tlp, self.markings)

    def may(self, collection: str) -> Grant:
        """Return what they may do with a collection."""
        return self.grants.get(collection, NOTHING)


def new_secret() -> str:
    """Return a secret of 256 random bits."""
    return secrets.token_urlsafe(32)


class MemberStore:
    """The members of a knowledge store.

    Args:
        knowledge: an open store.
        hasher: of new secrets.
    """

    def __init__(self, knowledge: Knowledge, hasher: PasswordHasher | None = None) -> None:
        self._knowledge = knowledge
        self._hasher = hasher or PasswordHasher()

    def add(self, member: Member, secret: str) -> None:
        """Add a member.

        Raises:
            ShareError: the name is taken or may not be used, a collection is unknown, or the
                secret is too short or too long.
        """
        checked_name(member.name, "member")
        if not SHORTEST <= len(secret) <= LONGEST:
            raise ShareError(
                f"a secret has {SHORTEST} to {LONGEST} characters, this one {len(secret)}; "
                "leave it out to have one made"
            )
        row = {
            "name": member.name, "secret": self._hasher.hash(secret), "tlp": int(member.tlp),
            "markings": json.dumps(sorted(member.markings)), "defines": member.defines,
            "created": time.time_ns() // 1000,
        }  # fmt: skip
        with self._knowledge.write() as connection:
            if connection.execute(sa.select(MEMBERS).where(MEMBERS.c.name == member.name)).first():
                raise ShareError(f"there is a member {member.name!r} already")
            known = set(connection.execute(sa.select(COLLECTIONS.c.name)).scalars())
            for name in member.grants:
                if name not in known:
                    raise ShareError(
                        f"no collection {name!r}; add it first: noroshi share collection add {name}"
                    )
            connection.execute(MEMBERS.insert().values(**row))
            for name, grant in member.grants.items():
                connection.execute(
                    GRANTS.insert().values(
                        member=member.name, collection=name, reads=grant.reads, writes=grant.writes
                    )
                )

    def remove(self, name: str) -> bool:
        """Remove a member; return whether there was one. What they sent stays."""
        with self._knowledge.write() as connection:
            connection.execute(GRANTS.delete().where(GRANTS.c.member == name))
            connection.execute(STATUSES.delete().where(STATUSES.c.member == name))
            return bool(connection.execute(MEMBERS.delete().where(MEMBERS.c.name == name)).rowcount)

    def list(self) -> list[Member]:
        """Return all members by name."""
        with self._knowledge.read() as connection:
            query = sa.select(MEMBERS).order_by(MEMBERS.c.name)
            return [_member(connection, row) for row in connection.execute(query).all()]

    def find(self, name: str) -> tuple[Member, str] | None:
        """Return a member and the hash of their secret."""
        with self._knowledge.read() as connection:
            row = connection.execute(sa.select(MEMBERS).where(MEMBERS.c.name == name)).first()
            return None if row is None else (_member(connection, row), row.secret)


def _member(connection: sa.Connection, row: sa.Row[tuple[object, ...]]) -> Member:
    grants = connection.execute(sa.select(GRANTS).where(GRANTS.c.member == row.name))
    return Member(
        row.name, Tlp(row.tlp), frozenset(json.loads(row.markings)), bool(row.defines),
        {one.collection: Grant(bool(one.reads), bool(one.writes)) for one in grants},
    )  # fmt: skip
