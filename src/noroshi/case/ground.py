"""What the lake knows of the ground on which cases are built: whose address, who went where.

Both are asked as Ibis expressions, so that they run on every engine. They see only hosts that have
findings, and only what an attacker who moves by hand leaves: remote logons that succeeded.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import ibis.expr.types as ir

from noroshi.case.names import account
from noroshi.lake.engine import Engine
from noroshi.lang import N_, Message
from noroshi.model import EVENT_CLASSES, Entity, EntityType, Finding

DAY = 86_400_000_000
HOUR = 3_600_000_000
HOSTS_ASKED = 5_000
REMOTE_LOGON_TYPES = (3, 10)
"""Windows logon types network and remote interactive."""

Files: TypeAlias = Callable[[str, int | None, int | None], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Movement:
    """A remote logon that succeeded between two hosts.

    Attributes:
        source: host it came from.
        target: host it went to.
        account: bare account name.
        time: of the first such logon within its hour, µs since 1970 UTC.
    """

    source: str
    target: str
    account: str
    time: int

    @property
    def message(self) -> Message:
        """The movement in words."""
        return Message(
            N_("{account} logged on from {source} to {target}"),
            {"account": self.account, "source": self.source, "target": self.target},
        )


@dataclass(frozen=True, slots=True)
class Ground:
    """Everything of that kind; empty where nobody asked the lake.

    Attributes:
        owners: (inside address, day since 1970) -> host.
        movements: earliest first.
    """

    owners: Mapping[tuple[str, int], str] = field(default_factory=dict)
    movements: tuple[Movement, ...] = ()

    def owner(self, address: str, time: int) -> str | None:
        """Return the host that had an address at a time, or the day before or after."""
        day = time // DAY
        found = (self.owners.get((address, near)) for near in (day, day - 1, day + 1))
        return next((host for host in found if host), None)

    def placed(self, finding: Finding) -> Finding:
        """Return a finding about an inside address as one about the host that had it."""
        if finding.hosts:
            return finding
        host = self.owner(finding.subject, finding.first)
        if host is None:
            return finding
        entities = (*finding.entities, Entity(EntityType.HOST, host))
        return replace(finding, hosts=(host,), entities=tuple(sorted(set(entities))))


def survey_ground(engine: Engine, files: Files, findings: Iterable[Finding]) -> Ground:
    """Ask the lake about the hosts that findings name and the days on which they were seen."""
    known = list(findings)
    hosts = sorted({host.lower() for finding in known for host in finding.hosts})
    times = [time for finding in known for time in (finding.first, finding.last) if time > DAY]
    if not times:
        return Ground()
    since, until = min(times) - DAY, max(times) + DAY

    def table(name: str) -> ir.Table:
        return engine.table(files(name, since, until), EVENT_CLASSES[name].schema)

    owners = _owners(engine, table("network_activity"), table("authentication"))
    ground = Ground(owners)
    if len(hosts) > HOSTS_ASKED:
        return ground
    moved = sorted(_movements(engine, table("authentication"), hosts, ground), key=_in_time)
    return Ground(owners, tuple(moved))


def _owners(engine: Engine, flows: ir.Table, logons: ir.Table) -> dict[tuple[str, int], str]:
    """Hosts that spoke from an address themselves, and names that logons give with one."""
    spoke = flows.filter(
        flows.device_hostname.notnull()
        & flows.src_endpoint_ip_n.notnull()
        & (flows.connection_info_direction == "outbound")
        & flows.log_product.isin(["windows", "linux"])
    )
    spoke = spoke.select(
        host=spoke.device_hostname, ip=spoke.src_endpoint_ip, day=spoke.time // DAY
    )
    named = logons.filter(
        logons.src_endpoint_hostname.notnull() & logons.src_endpoint_ip_n.notnull()
    )
    named = named.select(
        host=named.src_endpoint_hostname.lower(), ip=named.src_endpoint_ip, day=named.time // DAY
    )
    seen = spoke.union(named)
    counted = seen.group_by(["host", "ip", "day"]).aggregate(times=seen.count())
    best: dict[tuple[str, int], tuple[int, str]] = {}
    for row in engine.run(counted).to_pylist():
        if _is_inside(row["ip"]) and row["host"]:
            key, found = (row["ip"], row["day"]), (row["times"], row["host"].lower())
            best[key] = max(best.get(key, (0, "")), found)
    return {key: host for key, (_, host) in best.items()}


def _movements(
    engine: Engine, logons: ir.Table, hosts: Sequence[str], ground: Ground
) -> Iterator[Movement]:
    remote = logons.filter(
        logons.device_hostname.isin(list(hosts))
        & logons.src_endpoint_ip_n.notnull()
        & logons.user_name.notnull()
        & (logons.status_id == 1)
        & (logons.logon_type_id.isin(REMOTE_LOGON_TYPES) | (logons.log_product == "linux"))
    )
    remote = remote.mutate(hour=remote.time // HOUR)
    first = remote.group_by(["device_hostname", "src_endpoint_ip", "user_name", "hour"]).aggregate(
        time=remote.time.min()
    )
    for row in engine.run(first).to_pylist():
        who = account(row["user_name"])
        source = ground.owner(row["src_endpoint_ip"], row["time"])
        target = row["device_hostname"].lower()
        if who and source and source != target:
            yield Movement(source, target, who, row["time"])


def _in_time(movement: Movement) -> tuple[int, str, str, str]:
    return movement.time, movement.source, movement.target, movement.account


def _is_inside(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return found.is_private and not found.is_loopback and not found.is_unspecified
