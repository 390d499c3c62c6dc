"""Segments and roads of an organisation, by its kind and its model of separation."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from math import ceil

from noroshi.drill.world.segment import Cloud, Model, Road, Segment, Zone
from noroshi.lang import N_

PER_SEGMENT = 230
"""Machines in one /24; the rest is for leases that have not run out yet."""
_DIRECTORY = frozenset({53, 88, 123, 135, 389, 445, 464, 636, 3268, 49152})
_WEB = frozenset({80, 443})
_SCREEN = frozenset({443, 8443})
_MAIL = frozenset({25, 587, 993})
_PROXY = frozenset({8080})
_REPORTS = frozenset({443})


def server_segment(zone: Zone) -> Segment:
    """Return the /24 in which a zone's servers stand."""
    return _segment(zone, 0, zone.value)


def client_segments(zone: Zone, machines: int) -> list[Segment]:
    """Return as many /24 as that many staff machines need."""
    count = ceil(machines / PER_SEGMENT)
    return [_segment(zone, index, f"{zone.value}-{index}") for index in range(1, count + 1)]


def _segment(zone: Zone, index: int, name: str) -> Segment:
    base = int(ipaddress.ip_address(_BASES[zone])) + index * 256
    return Segment(name, zone, f"{ipaddress.ip_address(base)}/24")


_BASES = {
    Zone.SERVERS: "10.20.1.0", Zone.MANAGEMENT: "10.20.2.0", Zone.BUSINESS: "10.20.10.0",
    Zone.INTERNET: "10.30.10.0", Zone.DMZ: "10.20.250.0", Zone.REMOTE: "10.20.251.0",
    Zone.SECURITY_CLOUD: "10.20.252.0", Zone.LGWAN: "10.60.10.0", Zone.CORE: "10.90.10.0",
    Zone.CONTROL: "10.40.1.0", Zone.MEDICAL: "10.50.1.0", Zone.BACKBONE: "10.70.1.0",
    Zone.SUBSCRIBERS: "10.128.0.0",
}  # fmt: skip


def roads_of(model: Model, zones: frozenset[Zone]) -> tuple[Road, ...]:
    """Return what the firewalls let through."""
    return tuple(
        road
        for road in _all_roads(model)
        if road.source in zones | {Zone.OUTSIDE} and road.target in zones | {Zone.OUTSIDE}
    )


def _all_roads(model: Model) -> Iterator[Road]:
    yield from _everywhere(model.terminals)
    if model.municipal:
        yield from _three_layers(model)
    else:
        yield from _own_border()
        yield from _specialised()


def _everywhere(terminals: Zone) -> Iterator[Road]:
    for zone in (terminals, Zone.REMOTE):
        yield Road(zone, Zone.SERVERS, _DIRECTORY, why=N_("directory and file service"))
    yield Road(Zone.SERVERS, Zone.DMZ, _PROXY | _MAIL, why=N_("updates and mail through the proxy"))
    yield Road(Zone.DMZ, Zone.SERVERS, frozenset({53, 445}), why=N_("names; web content"))
    yield Road(Zone.OUTSIDE, Zone.DMZ, frozenset({443, 10443}), frozenset({"vpn"}), why=N_("VPN"))
    yield Road(Zone.REMOTE, terminals, frozenset({3389}), why=N_("work from home"))
    yield Road(Zone.REMOTE, Zone.SERVERS, frozenset({443, 3389}), frozenset({"asset", "files"}),
               why=N_("suppliers' remote maintenance"))  # fmt: skip
    for zone in Zone:
        if zone not in (Zone.OUTSIDE, Zone.CORE, Zone.CONTROL, Zone.MANAGEMENT):
            yield Road(Zone.MANAGEMENT, zone, why=N_("administration and scanning"))
    yield Road(terminals, Zone.MANAGEMENT, frozenset({3389}), frozenset({"jump"}),
               why=N_("administrators' way to the servers"))  # fmt: skip
    if terminals is not Zone.LGWAN:
        yield Road(terminals, Zone.DMZ, _PROXY | _MAIL, why=N_("web and mail"))


def _own_border() -> Iterator[Road]:
    """A house that is no municipality has its own way out."""
    yield Road(Zone.DMZ, Zone.OUTSIDE, _WEB | {25, 53}, why=N_("the way out"))
    yield Road(Zone.OUTSIDE, Zone.DMZ, _WEB | {25}, why=N_("web site and incoming mail"))


def _security_cloud() -> Iterator[Road]:
    """The prefecture's security cloud is a municipality's only way out, and its mail's way in.

    The town's web server stands in it.
    """
    cloud = Zone.SECURITY_CLOUD
    yield Road(Zone.DMZ, cloud, _PROXY | _WEB | {25, 53}, why=N_("to the prefecture's way out"))
    yield Road(cloud, Zone.OUTSIDE, _WEB | {25, 53}, why=N_("the prefecture's way out"))
    yield Road(Zone.OUTSIDE, cloud, _WEB | {25}, why=N_("web site and incoming mail"))
    yield Road(cloud, Zone.DMZ, frozenset({25}), frozenset({"mail"}), why=N_("incoming mail"))


def _three_layers(model: Model) -> Iterator[Road]:
    yield from _security_cloud()
    yield Road(Zone.CORE, Zone.OUTSIDE, _WEB, cloud=Cloud.GOVERNMENT,
               why=N_("government cloud, leased line"))  # fmt: skip
    yield Road(Zone.LGWAN, Zone.SERVERS, _REPORTS, frozenset({"asset"}),
               why=N_("inventory and updates from inside"))  # fmt: skip
    if model.browses_apart:
        yield Road(Zone.LGWAN, Zone.INTERNET, _SCREEN,
                   why=N_("screen transfer to virtual desktops"))  # fmt: skip
        yield Road(Zone.INTERNET, Zone.LGWAN, frozenset({443}), frozenset({"sanitiser"}),
                   why=N_("sanitised files"))  # fmt: skip
        yield Road(Zone.INTERNET, Zone.DMZ, _PROXY | _MAIL, why=N_("web and mail"))
        yield Road(Zone.INTERNET, Zone.SERVERS, frozenset({53, 88, 389}), why=N_("logons"))
    else:
        yield Road(Zone.LGWAN, Zone.SERVERS, _DIRECTORY, why=N_("directory and file service"))
        yield Road(Zone.INTERNET, Zone.LGWAN, _SCREEN, frozenset({"screen"}),
                   why=N_("screen transfer to what stays in LGWAN"))  # fmt: skip
    if model is Model.ALPHA_PRIME:
        yield Road(Zone.LGWAN, Zone.OUTSIDE, frozenset({443}), cloud=Cloud.NAMED,
                   why=N_("local breakout to named cloud services"))  # fmt: skip


def _specialised() -> Iterator[Road]:
    yield Road(
        Zone.BUSINESS, Zone.MEDICAL, frozenset({443}), frozenset({"emr"}), why=N_("accounts")
    )
    yield Road(Zone.MEDICAL, Zone.SERVERS, _DIRECTORY, why=N_("directory and file service"))
    yield Road(Zone.MEDICAL, Zone.SERVERS, _REPORTS, frozenset({"asset"}),
               why=N_("inventory and updates from inside"))  # fmt: skip
    yield Road(Zone.BUSINESS, Zone.CONTROL, frozenset({443}), frozenset({"historian"}),
               why=N_("reports from the historian"))  # fmt: skip
    yield Road(Zone.REMOTE, Zone.CONTROL, frozenset({3389}), frozenset({"hmi"}),
               why=N_("the vendor's remote maintenance"))  # fmt: skip
    yield Road(
        Zone.BUSINESS, Zone.BACKBONE, frozenset({22, 443}), why=N_("operation of the network")
    )
    yield Road(Zone.SUBSCRIBERS, Zone.BACKBONE, frozenset({53}), why=N_("name service"))
    yield Road(Zone.SUBSCRIBERS, Zone.OUTSIDE, why=N_("customers' traffic"))
    yield Road(Zone.OUTSIDE, Zone.SUBSCRIBERS, why=N_("customers' traffic"))
