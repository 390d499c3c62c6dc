"""The service: everything that the endpoints work with, made once."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from argon2 import PasswordHasher

from noroshi.intel.knowledge import Knowledge
from noroshi.intel.objects import ObjectStore
from noroshi.share.taxii.access_log import AccessLog
from noroshi.share.taxii.collections import Collection, CollectionStore
from noroshi.share.taxii.credentials import Credentials
from noroshi.share.taxii.cursor import Cursors, cursor_key
from noroshi.share.taxii.members import Member, MemberStore
from noroshi.share.taxii.refusal import missing
from noroshi.share.taxii.statuses import StatusStore


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator decides.

    Attributes:
        title: of the server, for people.
        description: likewise.
        contact: how to reach its operator.
        largest: bytes of a request's body.
        at_once: requests answered at the same time; further ones wait.
        patience: seconds that a body may take to arrive, or a request may wait for its turn.
        page_bytes: bytes of objects in one page; the last object may go beyond.
        open_discovery: whether the title is told without a secret.
    """

    title: str = "Noroshi"
    description: str = ""
    contact: str = ""
    largest: int = 10 << 20
    at_once: int = 8
    patience: float = 30.0
    page_bytes: int = 8 << 20
    open_discovery: bool = False


def _now() -> int:
    return time.time_ns() // 1000


@dataclass
class Service:
    """The stores behind the endpoints.

    Attributes:
        knowledge: an open knowledge store.
        log_folder: of the access log.
        settings: the operator's.
        now: clock, µs since 1970 UTC.
        hasher: of secrets.
    """

    knowledge: Knowledge
    log_folder: Path
    settings: Settings = field(default_factory=Settings)
    now: Callable[[], int] = _now
    hasher: PasswordHasher = field(default_factory=PasswordHasher)

    def __post_init__(self) -> None:
        self.objects = ObjectStore(self.knowledge)
        self.collections = CollectionStore(self.knowledge)
        self.members = MemberStore(self.knowledge, self.hasher)
        self.statuses = StatusStore(self.knowledge)
        self.credentials = Credentials(self.members, self.hasher)
        self.cursors = Cursors(cursor_key(self.knowledge))
        self.log = AccessLog(self.log_folder)

    def shown(self, member: Member, root: str = "") -> list[Collection]:
        """Return the collections that a member may read or write."""
        return [
            one
            for one in self.collections.list()
            if root in ("", one.root)
            and (member.may(one.name).reads or member.may(one.name).writes)
        ]

    def collection(self, member: Member, root: str, name: str) -> Collection:
        """Return a collection by id or alias.

        Raises:
            Refusal: 404, there is none that this member may know of.
        """
        for one in self.shown(member, root):
            if name in (one.id, one.name):
                return one
        raise missing("collection")
