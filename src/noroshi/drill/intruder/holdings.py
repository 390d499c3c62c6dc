"""What the intruder has in hand at a moment."""

from __future__ import annotations

from dataclasses import dataclass, field

from noroshi.drill.event import Process, Session
from noroshi.drill.world import Account, Host, Site


@dataclass(frozen=True)
class Foothold:
    """A way to run things on a machine.

    Attributes:
        host: the machine.
        since: µs since 1970 UTC.
        session, process: in which it runs; None on machines that are no Windows.
        account: under which it runs.
        through: the machine from which it is controlled; None: from outside.
    """

    host: Host
    since: int
    session: Session | None = None
    process: Process | None = None
    account: Account | None = None
    through: Host | None = None


@dataclass(frozen=True, slots=True)
class Secret:
    """An account that the intruder can use, and since when he knows its password."""

    account: Account
    since: int


@dataclass
class Holdings:
    """Footholds by machine, secrets by login, the sites that orders come through."""

    footholds: dict[str, Foothold] = field(default_factory=dict)
    secrets: dict[str, Secret] = field(default_factory=dict)
    channels: list[Site] = field(default_factory=list)
    records: bool = False
