"""Addresses given out, tunnels from outside, and mail that the server handled at its door."""

from __future__ import annotations

from dataclasses import dataclass

from noroshi.drill.event import Event, Flow, kind_of_event
from noroshi.drill.world import Host


@kind_of_event
class Leased(Event):
    """The DHCP server answered a client.

    Attributes:
        host: the client, under the address that it got.
        server: who answered.
        renewal: whether the client had the address already.
        seconds: how long the lease holds, s; 0 for a release.
    """

    host: Host
    server: Host
    renewal: bool
    seconds: int


@dataclass(frozen=True, eq=False)
class Tunnel:
    """A VPN session.

    Attributes:
        number: the gateway's id of it.
        login: who.
        remote: address outside, from which it was dialled.
        host: the machine at the far end under its address inside; use it as origin of acts.
        gateway: where it ends.
        started, ended: µs since 1970 UTC.
        sent, received: bytes towards and from the client.
    """

    number: int
    login: str
    remote: str
    host: Host
    gateway: Host
    started: int
    ended: int
    sent: int
    received: int


@kind_of_event
class TunnelOpened(Event):
    """A VPN session began."""

    tunnel: Tunnel


@kind_of_event
class TunnelClosed(Event):
    """A VPN session ended; ``time`` is the tunnel's ``ended``."""

    tunnel: Tunnel


@kind_of_event
class TunnelRefused(Event):
    """Somebody was turned away at the VPN gateway."""

    gateway: Host
    login: str
    remote: str
    reason: str


@kind_of_event
class MailRefused(Event):
    """The mail server turned a message away before its text."""

    flow: Flow
    sender: str
    recipient: str
    reason: str


@kind_of_event
class MailboxOpened(Event):
    """Somebody opened a mailbox by IMAP, or failed to."""

    flow: Flow
    login: str
    success: bool
    lasts: int = 0


@kind_of_event
class Sanitised(Event):
    """The sanitiser dealt with a file on its way in; ``time`` is when it was done.

    Attributes:
        server: who did.
        number: receipt number.
        login: who wanted it, from the machine ``source``.
        name: of the file.
        before, after: its size, bytes; ``after`` is 0 for a file that was refused.
        done: what was done to it, or why it was refused.
    """

    server: Host
    number: str
    login: str
    source: Host
    name: str
    before: int
    after: int
    done: str
