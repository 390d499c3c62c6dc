"""The organisation and its surroundings as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from noroshi.drill.world.calendar import Calendar
from noroshi.drill.world.parts import (
    DOMAIN,
    SEATS,
    TOWN,
    Account,
    Host,
    Person,
    Site,
    domain_sid,
    netbios,
)
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

    def staff_of(self, department: str) -> tuple[Person, ...]:
        """Everybody of a department, by the name that it has here."""
        return self._departments.get(department, ())

    @property
    def departments(self) -> tuple[str, ...]:
        """The departments, in their order."""
        return tuple(self._departments)

    @cached_property
    def _departments(self) -> dict[str, tuple[Person, ...]]:
        found: dict[str, list[Person]] = {}
        for person in self.people:
            found.setdefault(person.department, []).append(person)
        return {room: tuple(people) for room, people in found.items()}

    def pc_of(self, person: Person) -> Host:
        """A person's machine."""
        return self._machines[person.login]

    def browser_of(self, person: Person) -> Host:
        """The machine on which a person looks at web and mail."""
        return self._desktops.get(person.login) or self.pc_of(person)

    def mails_from(self, address: str) -> Host | None:
        """The machine of a member of staff that has an address; None for any other address."""
        host = self._addresses.get(address)
        return host if host and host.role in SEATS and host.ip == address else None

    def in_role(self, role: str) -> tuple[Host, ...]:
        """The machines of a role, the first of which is the main one."""
        return tuple(host for host in self.hosts.values() if host.role == role)

    def allows(self, source: Host, target: Host | Site, port: int) -> bool:
        """Whether the firewalls let a connection through; without roads nothing is filtered."""
        if isinstance(target, Site):
            return self._open(source.zone, Zone.OUTSIDE, "", target.cloud, port)
        return self._open(source.zone, target.zone, target.role, Cloud.NONE, port)

    def passes(self, source: Host | str, target: str, port: int) -> bool:
        """Whether the firewalls let a connection to an address through, from a machine or one."""
        if not self.roads:
            return True
        zone = source.zone if isinstance(source, Host) else self.zone_of(source)
        host = self._addresses.get(target)
        role, cloud = host.role if host else "", self._clouds.get(target, Cloud.NONE)
        return self._open(zone, self.zone_of(target), role, cloud, port)

    def zone_of(self, address: str) -> Zone:
        """Return the zone of an address, inside or public; whatever is not ours is outside."""
        if host := self._addresses.get(address):
            return host.zone
        return self._networks.get(address.rpartition(".")[0], Zone.OUTSIDE)

    def breaks_out(self, host: Host, site: Site) -> bool:
        """Whether a machine reaches a cloud service past the proxy, since it is allowed by name."""
        return bool(self.roads and site.cloud) and self.allows(host, site, 443)

    def directory_of(self, host: Host) -> Host | None:
        """Return the domain controller that a machine reaches; None for none."""
        if host.zone not in self._directories:
            self._directories[host.zone] = next(
                (each for each in self.in_role("dc") if self.allows(host, each, 88)), None
            )
        return self._directories[host.zone]

    def resolver_of(self, host: Host) -> Host | None:
        """Return who answers a machine's name queries; None where addresses are configured."""
        server = self.directory_of(host) or next(iter(self.in_role("dc")), None)
        apart = server is None or server.zone is Zone.CORE or not self.allows(host, server, 53)
        return None if apart else server

    @cached_property
    def upstream(self) -> Host | None:
        """The security cloud's relay, through which the web and mail of a municipality go."""
        return next(iter(self.in_role("proxy-upstream")), None)

    def _open(self, source: Zone, target: Zone, role: str, cloud: Cloud, port: int) -> bool:
        if not self.roads or source is target:
            return True
        asked = (source, target, role, cloud, port)
        if asked not in self._decided:
            self._decided[asked] = any(
                road.source is source
                and road.target is target
                and (not road.ports or port in road.ports)
                and (not road.roles or role in road.roles)
                and road.cloud in (Cloud.NONE, cloud)
                for road in self.roads
            )
        return self._decided[asked]

    @cached_property
    def _decided(self) -> dict[tuple[Zone, Zone, str, Cloud, int], bool]:
        return {}

    @cached_property
    def _directories(self) -> dict[Zone, Host | None]:
        return {}

    @cached_property
    def _addresses(self) -> dict[str, Host]:
        public = {host.public_ip: host for host in self.hosts.values() if host.public_ip}
        return public | {host.ip: host for host in self.hosts.values()}

    @cached_property
    def _networks(self) -> dict[str, Zone]:
        return {each.prefix.rpartition(".")[0]: each.zone for each in self.segments}

    @cached_property
    def _clouds(self) -> dict[str, Cloud]:
        return {site.ip: site.cloud for site in self.sites}

    @cached_property
    def _machines(self) -> dict[str, Host]:
        return {host.owner.login: host for host in reversed(self.pcs) if host.owner}

    @cached_property
    def _desktops(self) -> dict[str, Host]:
        return {host.owner.login: host for host in self.in_role("vdi") if host.owner}
