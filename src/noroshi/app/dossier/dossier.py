"""All that is known of one object, put together for a person: see :class:`Dossier`."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from noroshi.app.dossier.in_lake import Sight, cases_of, findings_on, sights
from noroshi.app.dossier.worth import score_of
from noroshi.app.workspace import Workspace
from noroshi.intel.indicators import IndicatorError
from noroshi.intel.indicators.indicator import guessed
from noroshi.intel.life import Score
from noroshi.intel.objects import Clearance, Neighbour, Provenance, Tlp
from noroshi.intel.objects.artefacts import artefacts
from noroshi.intel.objects.markings import marking_levels
from noroshi.intel.objects.shared import INFRASTRUCTURE
from noroshi.intel.objects.words import name_of, prose
from noroshi.lake import findings_of
from noroshi.model import Case, Finding

_QUOTE = 200
_MOST_LINKED = 10_000
_LEFT_OUT = frozenset(("created_by_ref", "x_mitre_modified_by_ref", "sighting_of_ref"))
"""References that the dossier tells elsewhere."""


@dataclass(frozen=True, slots=True)
class Link:
    """One thing that stands beside the object.

    Attributes:
        near: how it stands to the object.
        quote: the source's words for it; empty where it gives none.
    """

    near: Neighbour
    quote: str


@dataclass(frozen=True, slots=True)
class Group:
    """The links of one verb to one kind of thing, in one direction."""

    verb: str
    forward: bool
    kind: str
    exact: bool
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Marking:
    """Who may see the object: its TLP level, None where none is set, and other statements."""

    tlp: Tlp | None
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Here:
    """What our own sensors have of it.

    Attributes:
        values: how many values were looked for in the lake.
        sights: those that events show.
        findings: claims that name one of the values, or the technique.
        cases: cases with one of those findings.
        techniques: ids of the techniques that any of our findings show.
    """

    values: int
    sights: tuple[Sight, ...]
    findings: tuple[Finding, ...]
    cases: tuple[Case, ...]
    techniques: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that is known of one object.

    Attributes:
        object: the object itself.
        versions: every version that there is.
        provenance: where the newest came from.
        author: name of the object's author; empty where it names none.
        marking: who may see it.
        scores: worth of each value that is matched against events.
        groups: what stands beside it, exact connections first.
        sighted: STIX sightings of it by others.
        here: what our own sensors have of it.
    """

    object: dict[str, Any]
    versions: tuple[str, ...]
    provenance: Provenance | None
    author: str
    marking: Marking
    scores: tuple[tuple[str, Score], ...]
    groups: tuple[Group, ...]
    sighted: tuple[dict[str, Any], ...]
    here: Here

    @property
    def techniques(self) -> list[dict[str, Any]]:
        """The techniques that it uses."""
        return [
            link.near.object
            for group in self.groups
            if group.kind == "attack-pattern" and group.verb == "uses" and group.forward
            for link in group.links
        ]


def dossier(workspace: Workspace, item: dict[str, Any], reader: Clearance) -> Dossier:
    """Put together what a reader may know of an object; the lake is searched for its values."""
    store = workspace.objects
    beside = store.neighbours(item["id"], reader)
    author = store.get(str(item.get("created_by_ref", "")), reader)
    return Dossier(
        object=item,
        versions=tuple(store.versions(item["id"], reader)),
        provenance=store.provenance(item["id"]),
        author=name_of(author) if author else "",
        marking=_marking(workspace, item, reader),
        scores=tuple(_scores(workspace, item)),
        groups=tuple(_groups(workspace, beside, reader)),
        sighted=tuple(n.object for n in beside if n.verb == "sighting_of_ref" and not n.forward),
        here=here(workspace, item, beside),
    )


def values_of(item: Mapping[str, Any], beside: Sequence[Neighbour] = ()) -> list[str]:
    """Return the values that an object and the infrastructure beside it name."""
    told = [item, *(n.object for n in beside if n.exact and n.object["type"] in INFRASTRUCTURE)]
    values = {value: None for one in told for kind, value in artefacts(one) if kind == "value"}
    return list(values)[:_MOST_LINKED]


def here(workspace: Workspace, item: Mapping[str, Any], beside: Sequence[Neighbour] = ()) -> Here:
    """Return what our own sensors have of an object and the infrastructure beside it."""
    values = values_of(item, beside)
    seen = sights(workspace.lake, values)
    found = list(findings_on(workspace, values)) if values else []
    if item["type"] == "attack-pattern":
        found += _of_technique(workspace, item)
    cases = cases_of(workspace, found) if found else []
    rows = workspace.lake.table("findings", ["techniques"])["techniques"]
    shown = frozenset(name for names in rows.to_pylist() for name in names or ())
    return Here(len(values), tuple(seen), tuple(found), tuple(cases), shown)


def _of_technique(workspace: Workspace, item: Mapping[str, Any]) -> list[Finding]:
    ids = {value.upper() for kind, value in artefacts(item) if kind == "external"}
    return [
        finding
        for finding in findings_of(workspace.lake.table("findings"))
        if any(name in ids or name.partition(".")[0] in ids for name in finding.techniques)
    ]


def _scores(workspace: Workspace, item: Mapping[str, Any]) -> list[tuple[str, Score]]:
    found = []
    for value in values_of(item):
        try:
            kind, known = guessed(value)
        except IndicatorError:
            continue
        said = workspace.indicators.about(kind, known)
        if said:
            now = time.time_ns() // 1000
            found.append((known, score_of(workspace, kind, known, said, now)))
    return found


def _marking(workspace: Workspace, item: Mapping[str, Any], reader: Clearance) -> Marking:
    marks = [*item.get("object_marking_refs", ())]
    marks += [m["marking_ref"] for m in item.get("granular_markings", ()) if "marking_ref" in m]
    definitions = workspace.objects.lasts(marks, reader)
    levels = marking_levels(definitions.values())
    found = [levels.get(mark, Tlp.RED) for mark in marks]
    said = [
        str(one["definition"]["statement"])
        for one in definitions.values()
        if isinstance(one.get("definition"), dict) and "statement" in one["definition"]
    ]
    return Marking(max((one for one in found if one is not None), default=None), tuple(said))


def _groups(workspace: Workspace, beside: Sequence[Neighbour], reader: Clearance) -> list[Group]:
    told = [near for near in beside if near.verb not in _LEFT_OUT]
    relations = {near.why for near in told if near.why.startswith("relationship--")}
    stated = workspace.objects.lasts(relations, reader)
    grouped: dict[tuple[bool, str, bool, str], list[Link]] = defaultdict(list)
    for near in told:
        quote = prose(stated.get(near.why, {}).get("description"), _QUOTE)
        key = (not near.exact, near.verb, near.forward, near.object["type"])
        grouped[key].append(Link(near, quote))
    groups = [
        Group(verb, forward, kind, not inexact, tuple(sorted(links, key=_by_name)))
        for (inexact, verb, forward, kind), links in grouped.items()
    ]
    return sorted(groups, key=lambda one: (not one.exact, len(one.links), one.verb, one.kind))


def _by_name(link: Link) -> tuple[bool, bool, str]:
    """Those whom the source has words for first, what was withdrawn last."""
    return bool(link.near.object.get("revoked")), not link.quote, name_of(link.near.object)
