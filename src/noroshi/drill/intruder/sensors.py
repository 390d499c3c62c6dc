"""Which sensor writes an event down, and which sensors a level takes away.

Sensors are named ``windows`` (logs, endpoint product and audited files of the machines), ``proxy``,
``zeek`` (with the resolver's log), ``firewall``, ``mail`` (journal and server), ``linux``, ``web``
and ``records`` (everything else that a server, an application or a desk keeps); ``windows/FS01`` is
one machine's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from noroshi.drill.event import (
    Event,
    Executed,
    Flow,
    MailDelivered,
    ProxyRequest,
    Resolved,
    SyslogLine,
    WebRequest,
)
from noroshi.drill.kind.network import MailboxOpened, MailRefused
from noroshi.drill.kind.office import AlertRaised
from noroshi.drill.world import World
from noroshi.drill.write.windows import writes_about
from noroshi.drill.write.wire import inside, seen_inside

KINDS = ("windows", "proxy", "zeek", "firewall", "mail", "linux", "web", "records")


def sensors(event: Event, world: World) -> Iterator[str]:
    """Yield the sensors that write an event down."""
    match event:
        case Flow():
            if seen_inside(event):
                yield "zeek"
            if not event.allowed or inside(event.source) != inside(event.nat or event.target):
                yield "firewall"
        case Resolved():
            if event.host.ip != event.server:
                yield "zeek"
        case ProxyRequest():
            yield "proxy"
        case MailDelivered() | MailRefused() | MailboxOpened():
            yield "mail"
        case SyslogLine() | Executed():
            yield "linux"
        case WebRequest():
            yield "web"
        case AlertRaised(process=process):
            yield f"windows/{process.host.name}"
    about = writes_about(event, world.hosts)
    yield from (f"windows/{name}" for name in about)
    if not about and not isinstance(event, _ELSEWHERE):
        yield "records"


_ELSEWHERE = (
    Flow, Resolved, ProxyRequest, MailDelivered, MailRefused, MailboxOpened, SyslogLine, Executed,
    WebRequest, AlertRaised,
)  # fmt: skip


def seen(event: Event, world: World, missing: Sequence[str]) -> bool:
    """Tell whether any sensor that is there writes an event down."""
    gone = set(missing)
    return any(
        each not in gone and each.partition("/")[0] not in gone for each in sensors(event, world)
    )


def written(
    events: Sequence[Event], world: World, missing: Sequence[str], sensor: str
) -> list[Event]:
    """Return what one kind of sensor gets to write: nothing where it is missing."""
    if sensor in missing:
        return []
    lost = {each.partition("/")[2] for each in missing if each.startswith(f"{sensor}/")}
    if not lost:
        return list(events)
    return [event for event in events if not lost.intersection(writes_about(event, world.hosts))]
