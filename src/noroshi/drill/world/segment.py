"""Networks, the roads between them, and the sensors that watch.

The zones of a Japanese municipality are those of the three-layer separation of the Ministry of
Internal Affairs and Communications' guideline on information security policy in local governments
(October 2024 edition): My-Number use, LGWAN-connected, Internet-connected; the models alpha, alpha
prime, beta and beta prime say in which of them the staff's terminals stand, which roads lead out.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from noroshi.lang import N_


class Zone(StrEnum):
    """What a network is for."""

    CORE = "core"
    LGWAN = "lgwan"
    BUSINESS = "business"
    INTERNET = "internet"
    SERVERS = "servers"
    DMZ = "dmz"
    MANAGEMENT = "management"
    REMOTE = "remote"
    CONTROL = "control"
    MEDICAL = "medical"
    BACKBONE = "backbone"
    SUBSCRIBERS = "subscribers"
    SECURITY_CLOUD = "security-cloud"
    OUTSIDE = "outside"


ZONE_NAMES: dict[str, str] = {
    Zone.CORE: N_("My-Number use"), Zone.LGWAN: N_("LGWAN-connected"),
    Zone.BUSINESS: N_("office"), Zone.INTERNET: N_("Internet-connected"),
    Zone.SERVERS: N_("servers"), Zone.DMZ: N_("DMZ"), Zone.MANAGEMENT: N_("administration"),
    Zone.REMOTE: N_("remote access"), Zone.CONTROL: N_("plant control"),
    Zone.MEDICAL: N_("medical systems"), Zone.BACKBONE: N_("provider's backbone"),
    Zone.SUBSCRIBERS: N_("subscribers' lines"), Zone.SECURITY_CLOUD: N_("security cloud"),
    Zone.OUTSIDE: N_("outside"),
}  # fmt: skip
"""What each network is called by people."""


class Model(StrEnum):
    """How a municipality separates its networks; ``flat`` for everybody else."""

    FLAT = "flat"
    ALPHA = "alpha"
    ALPHA_PRIME = "alpha-prime"
    BETA = "beta"
    BETA_PRIME = "beta-prime"

    @property
    def terminals(self) -> Zone:
        """Where the staff's terminals stand."""
        if self is Model.FLAT:
            return Zone.BUSINESS
        return Zone.LGWAN if self in (Model.ALPHA, Model.ALPHA_PRIME) else Zone.INTERNET

    @property
    def municipal(self) -> bool:
        """Whether the house is a municipality in three layers."""
        return self is not Model.FLAT

    @property
    def browses_apart(self) -> bool:
        """Whether web and mail are looked at on a virtual desktop in the Internet zone."""
        return self in (Model.ALPHA, Model.ALPHA_PRIME)


class Cloud(StrEnum):
    """Which cloud services a road leads to, or a server outside belongs to."""

    NONE = ""
    NAMED = "named"  # services that the organisation has allowed by name
    GOVERNMENT = "government"  # the government cloud, by a leased line


@dataclass(frozen=True, slots=True)
class Segment:
    """A network: name, zone, IPv4 prefix and what it is called."""

    name: str
    zone: Zone
    prefix: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Road:
    """What the firewalls let through.

    Attributes:
        source, target: zones.
        ports: TCP or UDP destination ports; empty for all.
        roles: roles of the target; empty for all.
        cloud: only to such cloud services; ``NONE``: to everything.
        why: the rule's reason, as it stands in the rule base.
    """

    source: Zone
    target: Zone
    ports: frozenset[int] = frozenset()
    roles: frozenset[str] = frozenset()
    cloud: Cloud = Cloud.NONE
    why: str = ""


@dataclass(frozen=True, slots=True)
class Sensor:
    """Something that writes logs.

    Attributes:
        name: of the log's folder or file.
        log: kind of log.
        zones: networks it sees.
        on: machine on which it runs, empty for many.
        days: how long its log is kept.
        coverage: share of the machines in its zones that it sees.
        skew: µs by which its clock is ahead.
    """

    name: str
    log: str
    zones: tuple[Zone, ...]
    on: str = ""
    days: int = 90
    coverage: float = 1.0
    skew: int = 0
