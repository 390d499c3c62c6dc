"""What isolation and switching off take out of a day, whoever does it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from noroshi.drill.action import Defences
from noroshi.drill.event import (
    Event,
    Flow,
    LogonFailed,
    Process,
    ProxyRequest,
    Resolved,
    Session,
    TicketGranted,
)
from noroshi.drill.world import Host, World


class Cut:
    """What isolation and switching off take out of the day, whoever does it."""

    def __init__(self, world: World, defences: Defences) -> None:
        names = {action.target.casefold() for action in defences.actions}
        hosts = [host for host in world.hosts.values() if host.name.casefold() in names]
        self._defences = defences
        self._by_ip = {host.ip: host.name for host in hosts}
        self._names = {host.name for host in hosts}

    def through(self, events: Sequence[Event]) -> list[Event]:
        """Return what still happens; both halves of a proxied request stand and fall together."""
        fell = {
            id(flow)
            for event in events
            if isinstance(event, ProxyRequest) and self.stops(event)
            for flow in (event.inner, event.outer)
        }
        return [event for event in events if id(event) not in fell and not self.stops(event)]

    def stops(self, event: Event) -> bool:
        """Tell whether an event cannot happen."""
        if not self._names:
            return False
        for name in _where(event):
            if name in self._names and self._defences.off(name, event.time):
                return True
        time, ends = _ends(event)
        return any(
            ip in self._by_ip and self._defences.isolated(self._by_ip[ip], time) for ip in ends
        )


def _where(event: Event) -> Iterator[str]:
    """Machines on which an event happens."""
    for name in ("process", "session"):
        found = getattr(event, name, None)
        if isinstance(found, Process | Session):
            yield found.host.name
    host = getattr(event, "host", None)
    if isinstance(host, Host):
        yield host.name


def _ends(event: Event) -> tuple[int, tuple[str, ...]]:
    """Addresses between which an event needs a network, and when it does.

    What happens in a session over the network stands and falls with its beginning.
    """
    match event:
        case Flow(source=source, target=target):
            return event.time, (source, target)
        case ProxyRequest(inner=inner):
            return inner.time, (inner.source, inner.target)
        case Resolved(host=host, server=server):
            return event.time, (host.ip, server)
        case TicketGranted(client=client, dc=dc):
            return event.time, (client, dc.ip)
        case LogonFailed(host=host, source=source) if source not in _HERE:
            return event.time, (source, host.ip)
    session = getattr(event, "session", None) or getattr(
        getattr(event, "process", None), "session", None
    )
    if isinstance(session, Session) and session.source not in _HERE:
        return session.started, (session.source, session.host.ip)
    return event.time, ()


_HERE = ("127.0.0.1", "-", "")
