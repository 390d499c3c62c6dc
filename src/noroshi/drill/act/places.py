"""Who and what there is on a day, told from what happened on it."""

from __future__ import annotations

from noroshi.drill import software
from noroshi.drill.clock import MINUTE
from noroshi.drill.day import Day
from noroshi.drill.event import LoggedOff, Process, ProcessStarted, Session
from noroshi.drill.staff import Desk
from noroshi.drill.world import Host, World, Zone

_INTERACTIVE = 2


def first(world: World, role: str) -> Host | None:
    """Return the first machine of a role, None where the organisation has none."""
    return next((host for host in world.hosts.values() if host.role == role), None)


def gateway(world: World) -> Host:
    """Return the machine at the border, where tunnels end."""
    vpn = first(world, "vpn") if world.segments else None
    found = vpn or first(world, "firewall") or first(world, "proxy")
    return found or next(iter(world.hosts.values()))


def border(world: World) -> Host:
    """Return the firewall."""
    return first(world, "firewall") or gateway(world)


def egress(world: World) -> str:
    """Return the public address from which the office reaches the cloud."""
    proxy = world.upstream or first(world, "proxy")
    return (proxy.public_ip if proxy else "") or gateway(world).public_ip


def pool(world: World, number: int) -> str:
    """Return an address out of the range that the VPN gateway gives out."""
    remote = next((each.prefix for each in world.segments if each.zone is Zone.REMOTE), "")
    if remote:
        return f"{remote.rpartition('.')[0]}.{10 + number % 240}"
    first_two = ".".join(gateway(world).ip.split(".")[:2])
    return f"{first_two}.200.{10 + number % 240}"


def home(world: World, login: str) -> str:
    """Return the address that a member of staff has at home (RFC 2544 range), always the same."""
    place = next((i for i, person in enumerate(world.people) if person.login == login), 255)
    return f"198.18.{20 + place // 200}.{1 + place % 200}"


def last_seen(day: Day) -> list[tuple[Host, int]]:
    """Return the desk machines that were on, each with the last time at which it surely was.

    A machine at which somebody is still logged on is on till the day ends.
    """
    last: dict[str, int] = {}
    hosts: dict[str, Host] = {}
    off: set[Session] = set()
    inside: dict[str, Session] = {}
    for event in day.events:
        session = getattr(event, "session", None)
        process = getattr(event, "process", None)
        where = session or (process.session if isinstance(process, Process) else None)
        if not isinstance(where, Session) or where.host.role != "pc":
            continue
        host = where.host
        hosts[host.name] = host
        last[host.name] = max(last.get(host.name, 0), event.time)
        owner = host.owner.login if host.owner else ""
        if where.kind == _INTERACTIVE and where.account.login == owner:
            inside[host.name] = where
        if isinstance(event, LoggedOff):
            off.add(event.session)
    for name, session in inside.items():
        if session not in off:
            last[name] = day.until
    return [(host, min(last[name] + MINUTE, day.until)) for name, host in hosts.items()]


def desks(day: Day) -> list[Desk]:
    """Return everybody who worked at a desk, one entry a session, in order of arrival."""
    ends = {event.session: event.time for event in day.events if isinstance(event, LoggedOff)}
    programs: dict[Session, dict[str, Process]] = {}
    for event in day.events:
        if isinstance(event, ProcessStarted) and event.process.session.kind == _INTERACTIVE:
            opened = programs.setdefault(event.process.session, {})
            opened.setdefault(event.process.program.name, event.process)
    latest = max((event.time for event in day.events), default=0)
    found = []
    for session, opened in programs.items():
        owner = session.host.owner
        needed = [opened.get(each.name) for each in _OPEN]
        if owner is None or session.account.login != owner.login or None in needed:
            continue
        explorer, outlook, browser = (process for process in needed if process)
        leaves = ends.get(session, latest)
        found.append(
            Desk(
                owner,
                session.host,
                session.account,
                session,
                explorer,
                outlook,
                browser,
                leaves,
                max(outlook.started, browser.started) + MINUTE,
            )
        )
    return sorted(found, key=lambda desk: desk.session.started)


_OPEN = (software.EXPLORER, software.OUTLOOK, software.EDGE)
