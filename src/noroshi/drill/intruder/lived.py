"""The organisation's own day, without any intruder: lived once a seed and house."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from noroshi.drill import outside, post, services, staff
from noroshi.drill.act.endpoint import watched
from noroshi.drill.act.everyday import ordinary
from noroshi.drill.act.sector import plant_life
from noroshi.drill.clock import HOUR, MIDNIGHT, MINUTE, at
from noroshi.drill.day import Day
from noroshi.drill.errors import DrillError
from noroshi.drill.event import Event
from noroshi.drill.kind.office import AlertRaised
from noroshi.drill.staff import Desk
from noroshi.drill.world import Host, build_world

_SIDES = frozenset({"cloud", "tunnels", "sticks", "help-desk", "plant"})
"""Sides of life that a scenario may ask for; everybody has all but the plant."""


@dataclass(frozen=True)
class Lived:
    """A day, and everybody who was at work on it, by login.

    ``alerts`` are those of the endpoint product, which the day itself leaves to its user.
    """

    day: Day
    desks: Mapping[str, Desk]
    alerts: tuple[AlertRaised, ...] = ()


@lru_cache(maxsize=4)
def live(
    seed: int, rooms: tuple[tuple[str, str], ...], servers: tuple[Host, ...],
    late: tuple[str, ...], also: tuple[str, ...] = (),
) -> Lived:  # fmt: skip
    """Live through an ordinary day.

    Args:
        seed: of people and chance.
        rooms: other names of departments.
        servers: machines that are there besides.
        late: departments whose first person stays till late; the first of them is visited by the
            help desk in the morning.
        also: further sides of life; ``plant`` is the only one that not everybody has.

    Raises:
        DrillError: there is no such side.
    """
    if unknown := set(also) - _SIDES:
        raise DrillError(f"no side of life {min(unknown)!r}; there are {', '.join(sorted(_SIDES))}")
    day = Day(build_world(seed, dict(rooms), servers), seed)
    for host in day.world.hosts.values():
        if host.windows and host.role != "pc":
            day.boot(host, MIDNIGHT - 80 * HOUR, logged=False)
            services.agents(day, host, at(0), at(23, 50))
    staying = [day.world.of(name) for name in late or ("会計課",)]
    desks = {
        person.login: staff.arrive(day, person, stays_on=person in staying)
        for person in day.world.people
    }
    for desk in desks.values():
        staff.work(day, desk)
        leaves = at(23, 50) if desk.person in staying else desk.leaves
        services.agents(day, desk.host, desk.session.started, leaves)
    admin = desks[day.world.of("情報政策室").login]
    services.backup(day)
    services.ticketed_work(day, admin)
    services.help_desk(day, desks[staying[0].login], admin)
    services.old_password(day)
    services.scanner(day)
    outside.visitors(day)
    outside.probes(day)
    outside.knocks(day)
    outside.guessers(day)
    outside.housekeeping(day, admin.host)
    post.ordinary_mail(day, list(desks.values()))
    post.announce_work(day, admin)
    ordinary(day, list(desks.values()))
    if "plant" in also:
        plant_life(day, at(0), at(24), 5 * MINUTE)
    return Lived(day, MappingProxyType(desks), alerted(day, day.events))


def alerted(day: Day, events: Sequence[Event]) -> tuple[AlertRaised, ...]:
    """Return what the endpoint product says of some events; the day stays as it is."""
    watching = copy(day)
    watching.events = list(events)
    covered = frozenset(host.name for host in day.world.hosts.values() if host.watched)
    return tuple(watched(watching, covered=covered))
