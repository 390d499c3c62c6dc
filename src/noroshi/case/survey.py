"""A first look over all findings: what is everyday here and so cannot tie findings together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from noroshi.case.names import Reach, account, reach, short_hosts
from noroshi.case.noise import DAY, RuleUse, rule_use
from noroshi.model import Entity, EntityType, Finding, Severity

WIDE = 10
"""A finding about more than this many things of a type (a scan, a spray) does not link by them."""

_COMMON_SHARE = 0.2
_COMMON_LEAST = 6
_COMMON_MOST = 20
"""On this many machines, or this share of them within bounds, an entity ties nothing any more."""

_EVERYWHERE_LEAST = 12
_EVERYWHERE_SHARE = 0.5
_LASTING = 2 * DAY
_PARTNERS = 3
_HUB_PARTNERS = 6
_HUB_ADDRESSES = 8
_PARTNERS_COUNTED = 64


@dataclass(slots=True)
class _Sightings:
    """Where one entity was seen: machines, in everyday and in severe findings."""

    first: int
    last: int
    everyday: set[str] = field(default_factory=set)
    severe: set[str] = field(default_factory=set)


class Parts(NamedTuple):
    """Who and where a finding is about.

    Attributes:
        hosts: hosts it was seen on or mentions, each once, under their gathering names.
        accounts: bare account names of people and services, each once.
        inside: inside addresses.
    """

    hosts: list[str]
    accounts: list[str]
    inside: list[str]


class Survey:
    """What is usual among these findings.

    Attributes:
        rules: how often each rule fires.
        devices: hosts that findings were seen on.
        users: accounts that findings name.
        hubs: hosts on which many people and machines meet: servers, gateways, log collectors.
        repeated: entities in more than one finding; only they can tie, and only they be common.

    Args:
        findings: all findings, earliest first.
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.rules: RuleUse = rule_use(findings)
        self._reach: dict[str, Reach] = {}
        self._accounts: dict[str, Entity] = {}
        self._host = short_hosts(_host_names(findings))
        self.devices = {self.host(name) for item in findings for name in item.hosts}
        self.repeated = _repeated(findings)
        self.users: set[str] = set()
        sightings: dict[Entity, _Sightings] = {}
        partners: dict[str, Counter[str]] = {}
        for finding in findings:
            parts = self.parts(finding)
            self.users.update(parts.accounts)
            self._sight(finding, parts, sightings)
            _meet(parts, partners)
        self.hubs = {host for host, met in partners.items() if self._is_hub(met)}
        self._rarity = self._rarities(sightings)

    def host(self, name: str) -> str:
        """Return the name under which a host's findings are gathered."""
        lower = name.lower()
        return self._host.get(lower, lower)

    def account(self, name: str) -> Entity:
        """Return an account under its bare name; an empty one for the operating system's own."""
        found = self._accounts.get(name)
        if found is None:
            found = self._accounts[name] = Entity(EntityType.USER, account(name))
        return found

    def reach(self, address: str) -> Reach:
        """Tell how far an address reaches."""
        found = self._reach.get(address)
        if found is None:
            found = self._reach[address] = reach(address)
        return found

    def parts(self, finding: Finding) -> Parts:
        """Return who and where a finding is about."""
        hosts = dict.fromkeys(map(self.host, finding.hosts))
        accounts: dict[str, None] = {}
        inside = []
        for entity in finding.entities:
            kind = entity.type
            if kind is EntityType.HOST:
                hosts[self.host(entity.value)] = None
            elif kind is EntityType.USER:
                accounts[self.account(entity.value).value] = None
            elif kind is EntityType.ADDRESS and self.reach(entity.value) is Reach.INSIDE:
                inside.append(entity.value)
        accounts.pop("", None)
        return Parts(list(hosts), list(accounts), inside)

    def rarity(self, entity: Entity) -> float:
        """Return 1 for an entity known to few machines, falling to 0 for one that is everyday.

        What counts is on how many machines it was seen in findings that are *not* severe: an
        account in high findings on forty machines within an hour is the story, the same account in
        everyday findings on forty machines is the backup service. Seen on half of all machines
        for days, even in severe findings, it is everyday too.
        """
        return self._rarity.get(entity, 1.0)

    def _sight(self, finding: Finding, parts: Parts, sightings: dict[Entity, _Sightings]) -> None:
        machines = {*parts.hosts[:WIDE], *parts.inside[:WIDE]}
        severe = finding.severity >= Severity.HIGH
        for entity in finding.entities:
            kind = entity.type
            if kind is EntityType.PROCESS or kind is EntityType.HOST:
                continue
            if kind is EntityType.USER:
                entity = self.account(entity.value)
            elif entity not in self.repeated:
                continue
            seen = sightings.get(entity)
            if seen is None:
                seen = sightings[entity] = _Sightings(finding.first, finding.last)
            (seen.severe if severe else seen.everyday).update(machines - {entity.value})
            seen.last = max(seen.last, finding.last)

    def _rarities(self, sightings: dict[Entity, _Sightings]) -> dict[Entity, float]:
        machines = len(self.devices)
        limit = min(max(_COMMON_LEAST, _COMMON_SHARE * machines), _COMMON_MOST)
        ceiling = max(_EVERYWHERE_LEAST, _EVERYWHERE_SHARE * machines)
        rarity: dict[Entity, float] = {}
        for entity, seen in sightings.items():
            value = max(0.0, 1.0 - max(0, len(seen.everyday) - 1) / limit)
            if value and seen.last - seen.first > _LASTING:
                value *= len(seen.everyday | seen.severe) < ceiling
            if value < 1.0:
                rarity[entity] = value
        return rarity

    def _is_hub(self, met: Counter[str]) -> bool:
        """Tell whether many different people and machines meet on a host.

        A workstation that scans the network meets many addresses too, but one of them, its own,
        is in most of its findings.
        """
        addresses = Counter({who: n for who, n in met.items() if self.reach(who) is Reach.INSIDE})
        if len(met) - len(addresses) >= _HUB_PARTNERS:
            return True
        if len(addresses) < _HUB_ADDRESSES:
            return False
        return addresses.most_common(1)[0][1] * 2 < addresses.total()


def _host_names(findings: Sequence[Finding]) -> set[str]:
    names = {host.lower() for item in findings for host in item.hosts}
    names.update(e.value for item in findings for e in item.entities if e.type is EntityType.HOST)
    return names


def _repeated(findings: Sequence[Finding]) -> set[Entity]:
    once: set[Entity] = set()
    again: set[Entity] = set()
    for finding in findings:
        for entity in finding.entities:
            if entity.type is not EntityType.HOST:
                (again if entity in once else once).add(entity)
    return again


def _meet(parts: Parts, partners: dict[str, Counter[str]]) -> None:
    """Count whom each host has met; findings about many at once say nothing about that."""
    if max(map(len, parts)) > _PARTNERS:
        return
    for host in parts.hosts:
        met = partners.setdefault(host, Counter())
        for partner in (*parts.accounts, *parts.hosts, *parts.inside):
            if partner != host and (partner in met or len(met) < _PARTNERS_COUNTED):
                met[partner] += 1
