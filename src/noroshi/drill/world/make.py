"""An organisation made of a profile."""

from __future__ import annotations

import ipaddress
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from noroshi.drill.errors import DrillError
from noroshi.drill.world.country import Country, Folders, country
from noroshi.drill.world.networks import (
    PER_SEGMENT,
    client_segments,
    roads_of,
    server_segment,
)
from noroshi.drill.world.parts import Host, Person, Site, netbios
from noroshi.drill.world.people import accounts_of, core_accounts, core_domain, people_of
from noroshi.drill.world.profile import Profile
from noroshi.drill.world.segment import Cloud, Model, Segment, Sensor, Zone
from noroshi.drill.world.tenant import SIGN_IN, shared_space
from noroshi.drill.world.whole import World
from noroshi.lang import N_

_FRONTS = {"proxy": "203.0.113.2", "mail": "203.0.113.25", "web": "203.0.113.10",
           "firewall": "203.0.113.1", "vpn": "203.0.113.40",
           "proxy-upstream": "203.0.113.130"}  # fmt: skip
_CLOUD_DOMAIN = "seccloud.pref-aoba.example"
_SERVERS = (
    ("DC01", "dc", Zone.SERVERS, 10), ("FS01", "files", Zone.SERVERS, 20),
    ("BK01", "backup", Zone.SERVERS, 30), ("SK01", "asset", Zone.SERVERS, 40),
    ("SCAN01", "scanner", Zone.MANAGEMENT, 60), ("ADM01", "jump", Zone.MANAGEMENT, 70),
    ("PROXY01", "proxy", Zone.DMZ, 80), ("MX01", "mail", Zone.DMZ, 25),
    ("WWW01", "web", Zone.DMZ, 10), ("FW01", "firewall", Zone.DMZ, 1),
)  # fmt: skip
_MUNICIPAL = (
    ("LGW01", "lgwan-gateway", Zone.LGWAN, 2),
    ("SC01", "proxy-upstream", Zone.SECURITY_CLOUD, 20),
)
"""What every municipality has: the way into LGWAN, and its place in the security cloud."""
_PER_SCREEN = 100
"""People who share a server of screen transfer."""
_LABELS = {Zone.CORE: "MN", Zone.MEDICAL: "MT", Zone.CONTROL: "CT"}
_FIRST = 10
"""First host number of a staff machine."""
_PRINTERS = 14
"""Most printers of one network."""


def make_world(profile: Profile, seed: int, extra: Folders = ()) -> World:
    """Return the organisation; the same profile and seed always give the same one.

    Args:
        profile: what it is like.
        seed: of people and chance.
        extra: folders of packs of worlds beside the built-in one.

    Raises:
        DrillError: the profile asks for what cannot be, such as two machines of one name.
    """
    land = country(profile.country, extra)
    rng = random.Random(f"{seed}/world/{profile.kind}")  # noqa: S311 - a story, not a secret
    people = people_of(profile, land, rng)
    admins = [person for person in people if person.department == profile.departments[-1][0]][:3]
    hosts = list(_machines(profile, people, rng))
    names = Counter(host.name for host in hosts)
    if twice := sorted(name for name, count in names.items() if count > 1)[:3]:
        raise DrillError(f"{profile.name}: machines of the same name: {', '.join(twice)}")
    segments = _segments(hosts)
    zones = frozenset(segment.zone for segment in segments)
    return World(
        people, {host.name: host for host in hosts}, _sites(land, profile),
        accounts_of(profile, people, admins) | core_accounts(profile, _at_core(hosts)), {},
        profile.name, profile.kind, profile.domain,
        land.language, profile.model, segments, roads_of(profile.model, zones),
        tuple(_sensors(profile, zones)), land.calendar,
    )  # fmt: skip


def _machines(profile: Profile, people: Sequence[Person], rng: random.Random) -> Iterator[Host]:
    yield from _servers(profile)
    yield from _printers(profile)
    yield from _row(profile, people, "PC", "pc", profile.model.terminals, rng)
    if profile.model.browses_apart:
        yield from _row(profile, people, "VD", "vdi", Zone.INTERNET, rng)
    zones = {entry[0]: entry[2] for entry in profile.departments if len(entry) == 3}
    for zone in dict.fromkeys(zones.values()):
        owners = [
            person for person in people
            if zones.get(person.department) is zone and rng.random() < profile.core_terminals
        ]  # fmt: skip
        yield from _row(profile, owners, _LABELS.get(zone, "ST"), "terminal", zone, rng)
    yield from _row(
        profile, [None] * profile.subscribers, "SUB", "subscriber", Zone.SUBSCRIBERS, rng
    )


def _servers(profile: Profile) -> Iterator[Host]:
    numbers: dict[Zone, int] = {}
    for name, role, stands, number in (*_SERVERS, *_municipal(profile), *_extra(profile)):
        zone = Zone.SECURITY_CLOUD if profile.model.municipal and role == "web" else stands
        numbers[zone] = numbers.get(zone, 100) + 1
        ip = _inside(server_segment(zone), number or numbers[zone])
        yield Host(
            name, ip, role, None, _public(profile, role, zone), zone.value, zone,
            _domain(profile, zone, role), zone is not Zone.CORE,
        )  # fmt: skip


def _public(profile: Profile, role: str, zone: Zone) -> str:
    """Return a server's address outside; web and mail of a municipality pass the cloud's relay."""
    relayed = profile.model.municipal and role in ("proxy", "mail")
    return _FRONTS.get(role, "") if zone in (Zone.DMZ, Zone.SECURITY_CLOUD) and not relayed else ""


def _domain(profile: Profile, zone: Zone, role: str = "") -> str:
    """Return the domain of a machine: the My-Number network has its own, the cloud is another's."""
    if role == "proxy-upstream":
        return _CLOUD_DOMAIN
    return core_domain(profile) if zone is Zone.CORE else profile.domain


_Server: TypeAlias = tuple[str, str, Zone, int]


def _municipal(profile: Profile) -> Iterator[_Server]:
    """Yield what the model of separation asks for and the profile does not name."""
    if any(zone is Zone.CORE for _, _, zone in profile.machines):
        yield "CDC01", "dc", Zone.CORE, 0
    if not profile.model.municipal:
        return
    named = {role for _, role, _ in profile.machines}
    yield from (each for each in _MUNICIPAL if each[1] not in named)
    if profile.model.browses_apart and "sanitiser" not in named:
        yield "SAN01", "sanitiser", Zone.LGWAN, 0
    if not profile.model.browses_apart:
        for number in range(1, 2 + profile.staff // _PER_SCREEN):
            yield f"ST{number:02d}", "screen", Zone.LGWAN, 0


def _extra(profile: Profile) -> Iterator[_Server]:
    """Yield the profile's own machines; beta prime has its groupware where people work."""
    for name, role, zone in profile.machines:
        moved = profile.model is Model.BETA_PRIME and role == "groupware"
        yield name, role, Zone.INTERNET if moved else zone, 0


def _printers(profile: Profile) -> Iterator[Host]:
    """Yield a printer a department, in the network of the terminals, above the terminals."""
    zone = profile.model.terminals
    segments = client_segments(zone, profile.staff)
    for index, _ in enumerate(profile.departments):
        segment = segments[index % len(segments)]
        number = _FIRST + PER_SEGMENT + index // len(segments) % _PRINTERS
        if index // len(segments) < _PRINTERS:
            yield Host(
                f"PR{index + 1:02d}", _inside(segment, number), "printer", None, "", segment.name,
                zone, profile.domain, False,
            )  # fmt: skip


def _row(
    profile: Profile, owners: Sequence[Person | None], label: str, role: str, zone: Zone,
    rng: random.Random,
) -> Iterator[Host]:  # fmt: skip
    """Yield one machine an owner, filling one segment of the zone after the other."""
    segments = client_segments(zone, len(owners))
    width = max(3, len(str(len(owners))))
    for index, owner in enumerate(owners):
        segment = segments[index // PER_SEGMENT]
        ip = _inside(segment, _FIRST + index % PER_SEGMENT)
        watched = rng.random() < profile.endpoint_coverage
        yield Host(
            f"{label}{index + 1:0{width}d}", ip, role, owner, "", segment.name, zone,
            _domain(profile, zone), watched and zone is not Zone.CORE,
        )  # fmt: skip


def _segments(hosts: Sequence[Host]) -> tuple[Segment, ...]:
    """Return the networks in which somebody stands."""
    used = {host.segment for host in hosts}
    zones = dict.fromkeys(host.zone for host in hosts)
    found = [
        segment
        for zone in zones
        for segment in (server_segment(zone), *client_segments(zone, len(hosts)))
    ]
    remote = [server_segment(Zone.REMOTE)] if any(h.role == "vpn" for h in hosts) else []
    return (*(segment for segment in found if segment.name in used), *remote)


def _inside(segment: Segment, number: int) -> str:
    return str(ipaddress.ip_network(segment.prefix)[number])


def _at_core(hosts: Sequence[Host]) -> list[Person]:
    """Return those who have a second terminal in the My-Number network."""
    return [host.owner for host in hosts
            if host.owner and host.role == "terminal" and host.zone is Zone.CORE]  # fmt: skip


def _sites(land: Country, profile: Profile) -> tuple[Site, ...]:
    """Servers outside; the first are asked most, as everywhere (Zipf's law)."""
    paths = ("/index.html", "/css/main.css", "/img/top.jpg", "/form/a.pdf")
    sites = [
        Site(name, f"198.51.100.{20 + index}", max(1, 40 // (index + 1)))
        for index, name in enumerate(land.outside)
    ]
    plain = Site("old." + land.outside[0].removeprefix("www."), "192.0.2.20", 3, True, paths)
    return (*sites, plain, Site("office.kumo-service.example", "192.0.2.30", 24, cloud=Cloud.NAMED),
            SIGN_IN, shared_space(netbios(profile.domain)),
            Site("kokyo-cloud.example", "192.0.2.31", 0, cloud=Cloud.GOVERNMENT))  # fmt: skip


def _sensors(profile: Profile, zones: frozenset[Zone]) -> Iterator[Sensor]:
    """Yield what watches, but for what the profile says is missing."""
    terminals = profile.model.terminals
    browsing = Zone.INTERNET if profile.model.browses_apart else terminals
    inside = tuple(sorted(zones - {Zone.BACKBONE, Zone.SUBSCRIBERS, Zone.CONTROL}))
    every = (
        Sensor(
            "windows", N_("Windows events"), inside, days=60, coverage=profile.endpoint_coverage
        ),
        Sensor("firewall", N_("firewall log"), inside, "FW01", 180),
        Sensor("proxy", N_("proxy log"), (browsing, Zone.DMZ), "PROXY01", 365),
        Sensor("zeek", N_("network sensor between the zones"), inside, days=30),
        Sensor("mail", N_("mail server's journal"), (Zone.DMZ,), "MX01", 365),
        Sensor("www01", N_("web server's logs"), (Zone.DMZ, Zone.SECURITY_CLOUD), "WWW01", 90),
        Sensor("vpn", N_("VPN gateway's log"), (Zone.REMOTE,), "VPN01", 90),
        Sensor("dhcp", N_("leases"), (terminals,), "DHCP01", 30),
        Sensor("security-cloud", N_("the prefecture's sensors"), (Zone.SECURITY_CLOUD,), days=365),
    )
    for sensor in every:
        there = not sensor.on or sensor.on in {name for name, _, _ in profile.machines} | {
            name for name, _, _, _ in _SERVERS
        }
        municipal = sensor.name != "security-cloud" or profile.model is not Model.FLAT
        if there and municipal and sensor.name not in profile.missing:
            yield sensor
