"""What must be so in every organisation, whatever its profile, model and seed."""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from noroshi.drill.world.parts import Host, Site
from noroshi.drill.world.segment import Cloud, Model, Zone
from noroshi.drill.world.whole import World

_WEB, _FILES, _PROXY = 443, 445, 8080
_INVENTED = (".example", ".test")
_DOCUMENTATION = tuple(
    ipaddress.ip_network(text)
    for text in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "198.18.0.0/15")
)
"""RFC 5737, RFC 2544."""

_Rule: TypeAlias = Callable[[World], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Breach:
    """Something that is not as it must be: the rule, and what breaks it."""

    rule: str
    what: str


def check_world(world: World) -> list[Breach]:
    """Return every breach of every rule; none in an organisation that holds together."""
    return [Breach(name, what) for name, rule in RULES.items() for what in rule(world)]


def _addresses(world: World) -> Iterator[str]:
    """Every machine has an address of its own, in its network."""
    prefixes = {segment.name: ipaddress.ip_network(segment.prefix) for segment in world.segments}
    counts = Counter(host.ip for host in world.hosts.values())
    yield from (f"{ip}: {count} machines" for ip, count in counts.items() if count > 1)
    for host in world.hosts.values():
        if ipaddress.ip_address(host.ip) not in prefixes[host.segment]:
            yield f"{host.name}: {host.ip} is not in {host.segment}"


def _networks(world: World) -> Iterator[str]:
    """Networks are private (RFC 1918), and no two overlap."""
    prefixes = [ipaddress.ip_network(segment.prefix) for segment in world.segments]
    yield from (f"{prefix} is not private" for prefix in prefixes if not prefix.is_private)
    ordered = sorted(prefixes, key=lambda prefix: int(prefix.network_address))
    for one, other in pairwise(ordered):
        if one.overlaps(other):
            yield f"{one} overlaps {other}"


def _invented(world: World) -> Iterator[str]:
    """Names and addresses outside belong to nobody."""
    for name in (world.domain, *(site.name for site in world.sites)):
        if not name.endswith(_INVENTED):
            yield name
    public = [host.public_ip for host in world.hosts.values() if host.public_ip]
    for ip in (*public, *(site.ip for site in world.sites)):
        if not any(ipaddress.ip_address(ip) in network for network in _DOCUMENTATION):
            yield ip


def _people(world: World) -> Iterator[str]:
    """Every member of staff has one machine, one account, and where web is apart one desktop."""
    desks = Counter(host.owner.login for host in world.pcs if host.owner)
    desktops = Counter(host.owner.login for host in world.in_role("vdi") if host.owner)
    for person in world.people:
        if desks[person.login] != 1:
            yield f"{person.login}: {desks[person.login]} machines"
        if person.login not in world.accounts:
            yield f"{person.login}: no account"
        if desktops[person.login] != int(world.model.browses_apart):
            yield f"{person.login}: {desktops[person.login]} virtual desktops"
    if len({person.login for person in world.people}) != len(world.people):
        yield "two people have one login"
    if len({account.sid for account in world.accounts.values()}) != len(world.accounts):
        yield "two accounts have one SID"
    if not any(login.startswith("adm-") for login in world.accounts):
        yield "nobody administers the systems"


def _roads(world: World) -> Iterator[str]:
    """Roads lead from and to networks that there are, and none is written twice."""
    present = {segment.zone for segment in world.segments} | {Zone.OUTSIDE}
    seen = Counter((r.source, r.target, r.ports, r.roles, r.cloud) for r in world.roads)
    yield from (f"{road[0]} to {road[1]}: twice" for road, count in seen.items() if count > 1)
    for road in world.roads:
        if not {road.source, road.target} <= present:
            yield f"{road.source} to {road.target}: no such network"


def _sensors(world: World) -> Iterator[str]:
    """Sensors see networks that there are, and run on machines that there are."""
    present = {segment.zone for segment in world.segments}
    for sensor in world.sensors:
        if not set(sensor.zones) & present:
            yield f"{sensor.name}: sees nothing"
        if sensor.on and sensor.on not in world.hosts:
            yield f"{sensor.name}: no machine {sensor.on}"


def _work(world: World) -> Iterator[str]:
    """Staff reach the directory, their files, and by the proxy the web."""
    directory, files, proxy = (world.hosts[name] for name in ("DC01", "FS01", "PROXY01"))
    for person in world.people[:3]:
        desk, browser = world.pc_of(person), world.browser_of(person)
        for source, target, port in ((desk, directory, 88), (desk, files, _FILES),
                                     (browser, proxy, _PROXY)):  # fmt: skip
            if not world.allows(source, target, port):
                yield f"{source.name} does not reach {target.name}:{port}"
        if not _way_out(world, proxy):
            yield "the proxy does not reach the web"


def _way_out(world: World, proxy: Host) -> bool:
    plain = _plain_site(world)
    ways = (proxy, *world.in_role("proxy-upstream"))
    return any(
        world.allows(each, plain, _WEB) and (each is proxy or world.allows(proxy, each, _PROXY))
        for each in ways
    )


def _plain_site(world: World) -> Site:
    return next(site for site in world.sites if not site.cloud)


def _border(world: World) -> Iterator[str]:
    """The web is reached by the border alone; of a municipality by the security cloud alone."""
    if not world.roads:
        return
    allowed = {Zone.SUBSCRIBERS}
    allowed.add(Zone.SECURITY_CLOUD if world.model.municipal else Zone.DMZ)
    for host in _one_a_zone(world):
        if host.zone not in allowed and world.allows(host, _plain_site(world), _WEB):
            yield f"{host.zone} reaches the web"


def _core(world: World) -> Iterator[str]:
    """Nobody reaches the My-Number network; it reaches the government cloud and nothing else."""
    core = [host for host in world.hosts.values() if host.zone is Zone.CORE]
    if not core or not world.roads:
        return
    for host in _one_a_zone(world):
        for port in (_WEB, _FILES, 3389):
            if host.zone is not Zone.CORE and world.allows(host, core[0], port):
                yield f"{host.name} reaches {core[0].name}:{port}"
            if host.zone is not Zone.CORE and world.allows(core[0], host, port):
                yield f"{core[0].name} reaches {host.name}:{port}"


def _clouds(world: World) -> Iterator[str]:
    """Only alpha prime breaks out to named services; only the core uses the government cloud."""
    for site in world.sites:
        for host in _one_a_zone(world) if site.cloud and world.roads else ():
            named = site.cloud is Cloud.NAMED
            may = (
                host.zone is Zone.LGWAN and world.model is Model.ALPHA_PRIME
                if named
                else host.zone is Zone.CORE
            )
            border = host.zone in (Zone.DMZ, Zone.SECURITY_CLOUD, Zone.SUBSCRIBERS)
            if world.allows(host, site, _WEB) and not may and not border:
                yield f"{host.zone} reaches {site.name}"


def _layers(world: World) -> Iterator[str]:
    """Each model of separation has what makes it one."""
    if not world.model.municipal:
        return
    between = "sanitiser" if world.model.browses_apart else "screen"
    for role in ("lgwan-gateway", "proxy-upstream", between):
        if not world.in_role(role):
            yield f"no {role}"
    for groupware in world.in_role("groupware"):
        apart = groupware.zone is not world.model.terminals
        if apart is not (world.model is Model.BETA):
            yield f"{groupware.name} stands in {groupware.zone} in model {world.model}"


def _plant(world: World) -> Iterator[str]:
    """Nothing from outside or the border reaches what moves things."""
    for host in world.hosts.values():
        if host.zone is Zone.CONTROL:
            for other in _one_a_zone(world):
                if other.zone in (Zone.DMZ, Zone.SERVERS) and world.allows(other, host, _WEB):
                    yield f"{other.name} reaches {host.name}"
            return


def _one_a_zone(world: World) -> list[Host]:
    """Return the machines that stand for their network and role."""
    return list({(host.zone, host.role): host for host in world.hosts.values()}.values())


RULES: dict[str, _Rule] = {
    "addresses": _addresses, "networks": _networks, "invented": _invented, "people": _people,
    "roads": _roads, "sensors": _sensors, "work": _work, "border": _border, "core": _core,
    "clouds": _clouds, "layers": _layers, "plant": _plant,
}  # fmt: skip
"""Rules by name; the docstring of each says what holds."""
