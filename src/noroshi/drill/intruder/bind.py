"""A scenario bound to one seed: its parts get people, machines, accounts and addresses."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from noroshi.drill.clock import MINUTE
from noroshi.drill.day import Day
from noroshi.drill.errors import DrillError
from noroshi.drill.intruder.lived import Lived, live
from noroshi.drill.scenario.schema import LevelOf, Part, ScenarioOf, StepOf
from noroshi.drill.staff import Desk
from noroshi.drill.steps import Step, library
from noroshi.drill.world import Account, Host, Site, World

_SPACING = 9 * MINUTE
"""Between one of several machines and the next that the same step goes to."""


@dataclass(frozen=True)
class Cast:
    """Who plays which part."""

    desks: Mapping[str, Desk]
    hosts: Mapping[str, Host]
    accounts: Mapping[str, Account]
    sites: Mapping[str, Site]
    data: Mapping[str, str]

    def name(self, part: str) -> str:
        """Return what a part is called in the evidence; a name that is no part is itself."""
        if part in self.desks:
            return self.desks[part].host.name
        if part in self.hosts:
            return self.hosts[part].name
        if part in self.accounts:
            return self.accounts[part].login
        if part in self.sites:
            return self.sites[part].name
        return self.data.get(part, part)

    def words(self) -> dict[str, str]:
        """Return every part's name, and what texts may say of it: ``{victim.person}``."""
        names = {part: self.name(part) for part in
                 (*self.desks, *self.hosts, *self.accounts, *self.sites, *self.data)}  # fmt: skip
        for part, desk in self.desks.items():
            names[f"{part}.person"] = desk.person.name
            names[f"{part}.login"] = desk.person.login
            names[f"{part}.room"] = desk.person.department
            names[f"{part}.ip"] = desk.host.ip
        names |= {f"{part}.ip": host.ip for part, host in self.hosts.items()}
        names |= {f"{part}.ip": site.ip for part, site in self.sites.items()}
        return names


@dataclass(frozen=True)
class Node:
    """A node of the graph, ready to be played."""

    id: str
    place: int
    step: Step
    of: StepOf
    host: str
    harm: float
    not_before: int


@dataclass(frozen=True)
class Bound:
    """A scenario under a seed and a level."""

    scenario: ScenarioOf
    seed: int
    level: int
    lived: Lived
    cast: Cast
    nodes: tuple[Node, ...]

    @property
    def setting(self) -> LevelOf:
        """How hard it is."""
        return self.scenario.levels[self.level]

    @property
    def world(self) -> World:
        """The organisation."""
        return self.lived.day.world

    def clock(self, text: str) -> int:
        """Return a time of the scenario's day, µs since 1970 UTC."""
        return clock(text, self.lived.day)


def clock(text: str, day: Day) -> int:
    """Return a time of a day, µs since 1970 UTC."""
    hour, minute, *second = (int(part) for part in text.split(":"))
    return day.at(hour, minute, second[0] if second else 0)


@lru_cache(maxsize=8)
def _bound(name: str, text: str, seed: int, level: int) -> Bound:
    raw = ScenarioOf.model_validate_json(text)
    lived = live(
        seed, tuple(raw.organisation.rooms.items()), servers_of(raw), rooms_of(raw, seed),
        tuple(raw.organisation.life),
    )  # fmt: skip
    return bind_to(raw, seed, level, lived)


def servers_of(scenario: ScenarioOf) -> tuple[Host, ...]:
    """Return the machines that a scenario's house has besides."""
    return tuple(
        Host(s.name, s.ip, s.role, public_ip=s.public) for s in scenario.organisation.servers
    )


def rooms_of(scenario: ScenarioOf, seed: int) -> tuple[str, ...]:
    """Return the departments whose first person has a part, and so is at work till late."""
    chosen = _parts(scenario, random.Random(f"{seed}/cast/{scenario.name}"))  # noqa: S311
    desks = (of.desk for of in chosen.values() if isinstance(of.desk, str) and of.desk)
    return tuple(dict.fromkeys(desks))


def departments_of(scenario: ScenarioOf, seed: int) -> tuple[str, ...]:
    """Return the departments from which people or administrators are taken."""
    admins = (of.admin for of in scenario.cast.values() if of.admin)
    return tuple(dict.fromkeys((*rooms_of(scenario, seed), *admins)))


def bind_to(scenario: ScenarioOf, seed: int, level: int, lived: Lived) -> Bound:
    """Return a scenario under a seed and a level, on a day that was lived through.

    Raises:
        DrillError: a part cannot be filled, a step is unknown, or there is no such level.
    """
    if level not in scenario.levels:
        raise DrillError(f"{scenario.name}: no level {level}; there are {sorted(scenario.levels)}")
    rng = random.Random(f"{seed}/cast/{scenario.name}")  # noqa: S311
    cast = _cast(_parts(scenario, rng), lived, scenario.name)
    nodes = tuple(_nodes(scenario, level, cast, lived, rng))
    return Bound(scenario, seed, level, lived, cast, nodes)


def _parts(scenario: ScenarioOf, rng: random.Random) -> dict[str, Part]:
    return {part: _chosen(of, rng) for part, of in scenario.cast.items()}


def bind(scenario: ScenarioOf, seed: int, level: int) -> Bound:
    """Return a scenario under a seed and a level.

    Raises:
        DrillError: a part cannot be filled, a step is unknown, or there is no such level.
    """
    return _bound(scenario.name, scenario.model_dump_json(by_alias=True), seed, level)


def _chosen(of: Part, rng: random.Random) -> Part:
    desk = rng.choice(of.desk) if isinstance(of.desk, list) else of.desk
    site = rng.choice(of.site) if isinstance(of.site, list) else of.site
    return of.model_copy(update={"desk": desk, "site": site})


def _cast(parts: Mapping[str, Part], lived: Lived, where: str) -> Cast:
    world = lived.day.world
    desks, hosts, accounts, sites, data = {}, {}, {}, {}, {}
    for name, of in parts.items():
        if of.desk:
            desks[name] = lived.desks[world.of(str(of.desk)).login]
        elif of.host:
            if of.host not in world.hosts:
                raise DrillError(f"{where}: cast.{name}: there is no machine {of.host!r}")
            hosts[name] = world.hosts[of.host]
        elif of.admin:
            accounts[name] = world.accounts[f"adm-{world.of(of.admin).login}"]
        elif of.site:
            sites[name] = Site(str(of.site), of.ip or str(of.site), plain=not of.ip)
        elif of.data:
            data[name] = world.room(of.data)
    for name, of in parts.items():
        if of.account:
            login = desks[of.account].person.login if of.account in desks else of.account
            if login not in world.accounts:
                raise DrillError(f"{where}: cast.{name}: there is no account {login!r}")
            accounts[name] = world.accounts[login]
    return Cast(desks, hosts, accounts, sites, data)


def _nodes(raw: ScenarioOf, level: int, cast: Cast, lived: Lived, rng: random.Random) -> list[Node]:
    nodes: list[Node] = []
    day = lived.day
    times = (clock(each.at, day) for each in raw.steps.values() if each.at)
    first = min(times, default=day.at(9))
    pace = raw.levels[level].pace
    others = [host.name for host in lived.day.world.pcs
              if host.name not in {desk.host.name for desk in cast.desks.values()}]  # fmt: skip
    rng.shuffle(others)
    for name, of in raw.steps.items():
        if of.levels and level not in of.levels:
            continue
        if of.use not in library():
            raise DrillError(f"{raw.name}: steps.{name}: there is no step {of.use!r}")
        step = library()[of.use]
        time = first + round((clock(of.at, day) - first) * pace) if of.at else 0
        if of.when == "night" and of.at:
            time = clock(of.at, day)
        harm = step.harm if of.harm is None else of.harm
        count = of.count[min(level, len(of.count)) - 1] if of.count else 1
        for number in range(count):
            many = len(of.count) > 0
            host = others[number] if many and of.on == "pcs" else of.on
            later = time + number * _SPACING if time else 0
            nodes.append(
                Node(f"{name}-{number + 1}" if many else name, len(nodes), step, of, host,
                     harm / count, later)
            )  # fmt: skip
    return nodes


def host_of(bound: Bound, part: str) -> Host:
    """Return the machine of a part: a desk's, a server's, or one by its own name.

    Raises:
        DrillError: there is none.
    """
    if part in bound.cast.desks:
        return bound.cast.desks[part].host
    found = bound.cast.hosts.get(part) or bound.world.hosts.get(part)
    if found is None:
        raise DrillError(f"{bound.scenario.name}: {part!r} is no machine of the cast")
    return found
