"""What happens to accounts in the directory."""

from __future__ import annotations

from enum import IntEnum

from noroshi.drill.event import Event, Session, kind_of_event
from noroshi.drill.world import Account, Host


class Change(IntEnum):
    """What was done, as the number under which the domain controller writes it down."""

    CREATED = 4720
    ENABLED = 4722
    DISABLED = 4725
    CHANGED = 4738
    LOCKED = 4740


@kind_of_event
class AccountChanged(Event):
    """An account was made, changed, shut or locked out.

    Attributes:
        dc: where.
        account: whose.
        change: what.
        session: of the administrator; None for what the directory does by itself.
        caller: machine at which the last wrong password was typed, for a lock-out.
    """

    dc: Host
    account: Account
    change: Change
    session: Session | None = None
    caller: str = ""
