"""The organisation and its surroundings as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from noroshi.drill.world.calendar import Calendar
from noroshi.drill.world.parts import DOMAIN, TOWN, Account, Host, Person, Site, domain_sid, netbios
from noroshi.drill.world.segment import Cloud, Model, Road, Segment, Sensor, Zone


@dataclass(frozen=True)
class World:
    """People, machines, networks, and the servers outside that they talk to."""

    people: tuple[Person, ...]
    hosts: dict[str, Host]
    sites: tuple[Site, ...]
    accounts: dict[str, Account] = field(default_factory=dict)
    rooms: Mapping[str, str] = field(default_factory=dict)
    name: str = TOWN
    kind: str = "town"
    domain: str = DOMAIN
    language: str = "ja"
    model: Model = Model.FLAT
    segments: tuple[Segment, ...] = ()
    roads: tuple[Road, ...] = ()
    sensors: tuple[Sensor, ...] = ()
    calendar: Calendar = field(default_factory=Calendar)

    @cached_property
    def pcs(self) -> tuple[Host, ...]:
        """The staff's machines."""
        return tuple(host for host in self.hosts.values() if host.role == "pc")

    @property
    def netbios(self) -> str:
        """NetBIOS name of the domain."""
        return netbios(self.domain)

    @property
    def domain_sid(self) -> str:
        """SID of the domain."""
        return domain_sid(self.domain)

    def room(self, department: str) -> str:
        """What a department of the town hall is called in this house."""
        return self.rooms.get(department, department)

    def of(self, department: str) -> Person:
        """The first person of a department."""
        room = self.room(department)
        return next(person for person in self.people if person.department == room)

    def pc_of(self, person: Person) -> Host:
        """A person's machine."""
        return self._machines[person.login]

    def browser_of(self, person: Person) -> Host:
        """The machine on which a person looks at web and mail."""
        return self._desktops.get(person.login) or self.pc_of(person)

    def in_role(self, role: str) -> tuple[Host, ...]:
        """The machines of a role, the first of which is the main one."""
        return tuple(host for host in self.hosts.values() if host.role == role)

    def allows(self, source: Host, target: Host | Site, port: int) -> bool:
        """Whether the firewalls let a connection through; without roads nothing is filtered."""
        if not self.roads or (isinstance(target, Host) and target.zone is source.zone):
            return True
        zone = target.zone if isinstance(target, Host) else Zone.OUTSIDE
        role = target.role if isinstance(target, Host) else ""
        cloud = target.cloud if isinstance(target, Site) else Cloud.NONE
        return any(
            road.source is source.zone
            and road.target is zone
            and (not road.ports or port in road.ports)
            and (not road.roles or role in road.roles)
            and road.cloud in (Cloud.NONE, cloud)
            for road in self.roads
        )

    @cached_property
    def _machines(self) -> dict[str, Host]:
        return {host.owner.login: host for host in reversed(self.pcs) if host.owner}

    @cached_property
    def _desktops(self) -> dict[str, Host]:
        return {host.owner.login: host for host in self.in_role("vdi") if host.owner}
