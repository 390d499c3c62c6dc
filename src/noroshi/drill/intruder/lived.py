"""The organisation's own day, without any intruder: lived once a seed and house."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from noroshi.drill import outside, post, services, staff
from noroshi.drill.act.cloud import cloud_work
from noroshi.drill.act.endpoint import desk_life
from noroshi.drill.act.help_desk import help_desk_life
from noroshi.drill.act.sector import plant_life
from noroshi.drill.act.tunnels import evening_tunnels
from noroshi.drill.clock import HOUR, MIDNIGHT, MINUTE, at
from noroshi.drill.day import Day
from noroshi.drill.staff import Desk
from noroshi.drill.world import Host, build_world


def _cloud(day: Day, desks: list[Desk]) -> None:
    for desk in desks:
        cloud_work(day, desk)


def _tunnels(day: Day, desks: list[Desk]) -> None:
    evening_tunnels(day, desks)


def _plant(day: Day, _: list[Desk]) -> None:
    plant_life(day, at(0), at(24), 5 * MINUTE)


_SIDES: Mapping[str, Callable[[Day, list[Desk]], None]] = {
    "cloud": _cloud, "tunnels": _tunnels, "sticks": desk_life, "help-desk": help_desk_life,
    "plant": _plant,
}  # fmt: skip


@dataclass(frozen=True)
class Lived:
    """A day, and everybody who was at work on it, by login."""

    day: Day
    desks: Mapping[str, Desk]


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
        also: further sides of ordinary life: ``cloud``, ``tunnels``, ``sticks``, ``help-desk``,
            ``plant``.
    """
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
    for side in also:
        _SIDES[side](day, list(desks.values()))
    return Lived(day, MappingProxyType(desks))
