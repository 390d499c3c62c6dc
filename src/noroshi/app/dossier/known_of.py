"""From our own side to the world's: what intelligence says of a machine or a case of ours."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from noroshi.app.dossier.in_lake import cases_of, findings_on
from noroshi.app.workspace import Workspace
from noroshi.intel.indicators import COLUMNS, IndicatorError, IndicatorType
from noroshi.intel.indicators.indicator import guessed
from noroshi.intel.objects import Clearance
from noroshi.intel.objects.shared import INFRASTRUCTURE, NAMED
from noroshi.lake import findings_of
from noroshi.model import EVENT_CLASSES, Case, Finding

MOST_VALUES = 500_000
"""Different values of a machine that are looked up."""
_HOSTS = ("device_hostname", "src_endpoint_ip", "src_endpoint_hostname", "device_ip")
_LEAST_TECHNIQUES = 3
"""Fewer techniques than that look like anybody."""
_GROUPS = 5
_LOOKED_AT = 30


@dataclass(frozen=True, slots=True)
class KnownValue:
    """A value of ours that intelligence names.

    Attributes:
        value: as our events show it, or the domain above it that is named.
        objects: what names it.
        leads: malware, groups, reports that those belong to.
        benign: the warning list that it stands on; empty if it is on none.
    """

    value: str
    objects: tuple[dict[str, Any], ...]
    leads: tuple[dict[str, Any], ...]
    benign: str


@dataclass(frozen=True, slots=True)
class Alike:
    """A group that is known for techniques of our findings: a hint, no attribution.

    Attributes:
        object: the group.
        techniques: ids in common.
        known: for how many techniques the group is known at all; who is known for nearly all is
            like everybody.
        weight: rarity of what is in common (natural logarithms, added up) by the root of that.
    """

    object: dict[str, Any]
    techniques: tuple[str, ...]
    known: int
    weight: float


@dataclass(frozen=True, slots=True)
class KnownOf:
    """What intelligence says of a part of ours.

    Attributes:
        subject: machine or case.
        looked_up: how many values were looked up.
        values: those that somebody names, what leads somewhere first.
        techniques: technique ids of the findings, with how many findings show each.
        alike: groups known for several of them, the likest first.
        findings: findings concerned.
        cases: cases concerned.
    """

    subject: str
    looked_up: int
    values: tuple[KnownValue, ...]
    techniques: tuple[tuple[str, int], ...]
    alike: tuple[Alike, ...]
    findings: tuple[Finding, ...]
    cases: tuple[Case, ...]


def known_of_host(workspace: Workspace, host: str, reader: Clearance) -> KnownOf:
    """Return what intelligence says of a machine, by its address or its name, short or whole."""
    names = _names_of(workspace, host)
    found = list(findings_on(workspace, names))
    return _known(workspace, host, _values_of(workspace, names), found, reader)


def known_of_case(workspace: Workspace, prefix: str, reader: Clearance) -> KnownOf:
    """Return what intelligence says of a case: its findings, and its machines meanwhile.

    Raises:
        CaseError: there is no such case.
    """
    case = workspace.cases.show(prefix)
    ids = set(case.finding_ids)
    stored = findings_of(workspace.lake.table("findings"))
    found = [finding for finding in stored if finding.id in ids]
    values = {entity.value for finding in found for entity in finding.entities}
    values |= {text for f in found for one in f.evidence for _, text in one.fields}
    values |= _values_of(workspace, set(case.hosts), case.first, case.last)
    return _known(workspace, case.id, values, found, reader)


def _known(
    workspace: Workspace,
    subject: str,
    values: set[str],
    findings: Sequence[Finding],
    reader: Clearance,
) -> KnownOf:
    techniques = Counter(name for finding in findings for name in finding.techniques)
    return KnownOf(
        subject,
        len(values),
        tuple(_named(workspace, values, reader)),
        tuple(techniques.most_common()),
        tuple(_alike(workspace, list(techniques), reader)),
        tuple(findings),
        tuple(cases_of(workspace, findings)) if findings else (),
    )


def _named(workspace: Workspace, values: set[str], reader: Clearance) -> list[KnownValue]:
    asked = {part for value in values for part in _with_parents(value)}
    found = []
    for value, items in workspace.objects.naming_each(asked, reader).items():
        leads = {
            near.id: near.object
            for item in items
            for near in workspace.objects.neighbours(item["id"], reader)
            if near.exact and near.object["type"] in NAMED
        }
        told = [item for item in items if item["type"] in INFRASTRUCTURE]
        if told:
            found.append(
                KnownValue(value, tuple(told), tuple(leads.values()), _benign(workspace, value))
            )
    return sorted(found, key=lambda one: (bool(one.benign), -len(one.leads), one.value))


def _benign(workspace: Workspace, value: str) -> str:
    try:
        reason = workspace.warning_lists.reason(*guessed(value))
    except IndicatorError:
        return ""
    return str(reason.params["list"]) if reason else ""


def _with_parents(value: str) -> Iterator[str]:
    """Yield a value, the host of a URL, and the domains above it of two labels or more."""
    yield value
    host = value.partition("://")[2].partition("/")[0].rpartition("@")[2].partition(":")[0]
    name = host or value.rpartition("@")[2]
    if name != value:
        yield name
    labels = name.split(".")
    if len(labels) < 20 and not labels[-1].isdigit():
        yield from (".".join(labels[at:]) for at in range(1, len(labels) - 1))


def _names_of(workspace: Workspace, host: str) -> set[str]:
    """Return the names under which the events of a machine go, whatever their case and domain."""
    asked, found = host.casefold(), {host}
    for name, event_class in EVENT_CLASSES.items():
        by = [column for column in _HOSTS if column in event_class.by_name]
        for batch in workspace.lake.columns(name, by) if by else ():
            seen = {text for column in by for text in _texts(batch.column(column))} - found
            found |= {text for text in seen if asked in (text.casefold(), _short(text))}
    return found


def _short(name: str) -> str:
    host, _, domain = name.casefold().partition(".")
    return "" if domain.rpartition(".")[2].isdigit() else host


def _values_of(
    workspace: Workspace, hosts: set[str], since: int | None = None, until: int | None = None
) -> set[str]:
    """Return the different values in the events of machines that indicators could name."""
    found: set[str] = set()
    wanted = pa.array(sorted(hosts), pa.string())
    for name, event_class in EVENT_CLASSES.items():
        by = [column for column in _HOSTS if column in event_class.by_name]
        columns = [
            column for column, kinds in COLUMNS.items()
            if column in event_class.by_name and kinds != (IndicatorType.FILE_NAME,)
        ]  # fmt: skip
        if not by or not columns:
            continue
        for batch in workspace.lake.columns(name, [*dict.fromkeys((*by, *columns))], since, until):
            own = pa.array([False] * batch.num_rows)
            for column in by:
                own = pc.or_(own, pc.is_in(batch.column(column), wanted))
            rows = batch.filter(own)
            found |= {text for column in columns for text in _texts(rows.column(column))}
            if len(found) >= MOST_VALUES:
                return found
    return found - hosts


def _texts(column: pa.Array) -> Iterable[str]:
    flat = column.flatten() if pa.types.is_list(column.type) else column
    return (text for text in flat.unique().to_pylist() if text)


def _alike(workspace: Workspace, techniques: list[str], reader: Clearance) -> list[Alike]:
    """Return the groups that are known for several of some techniques, rare ones count more."""
    if len(techniques) < _LEAST_TECHNIQUES:
        return []
    users: dict[str, set[str]] = defaultdict(set)
    groups: dict[str, dict[str, Any]] = {}
    for technique in techniques:
        for item in workspace.objects.naming(technique, reader, 5):
            if item["type"] != "attack-pattern" or item.get("revoked"):
                continue
            for near in workspace.objects.neighbours(item["id"], reader):
                if near.object["type"] == "intrusion-set" and near.verb == "uses":
                    users[technique].add(near.id)
                    groups[near.id] = near.object
    common = {
        name: tuple(technique for technique in techniques if name in users[technique])
        for name, item in groups.items()
        if not item.get("revoked")
    }
    rarity = {one: math.log(1 + len(groups) / len(users[one])) for one in users}
    likely = sorted(common, key=lambda name: -sum(rarity[one] for one in common[name]))
    found = []
    for name in likely[:_LOOKED_AT]:
        if len(common[name]) >= _LEAST_TECHNIQUES:
            beside = workspace.objects.neighbours(name, reader)
            known = sum(n.object["type"] == "attack-pattern" and n.verb == "uses" for n in beside)
            weight = sum(rarity[one] for one in common[name]) / math.sqrt(max(known, 1))
            found.append(Alike(groups[name], common[name], known, round(weight, 2)))
    return sorted(found, key=lambda one: (-one.weight, one.object["id"]))[:_GROUPS]
