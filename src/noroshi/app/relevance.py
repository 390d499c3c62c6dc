"""Reports held against the organisation's profile and its lake."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from noroshi.app.claims import parties
from noroshi.app.workspace import Workspace
from noroshi.detect.indicators import IndicatorMatcher
from noroshi.intel.flaws import facts_of
from noroshi.intel.indicators import IndicatorStore
from noroshi.intel.objects import Clearance
from noroshi.intel.objects.shared import NAMED
from noroshi.intel.relations import find_relations
from noroshi.intel.relevance import (
    Own,
    Profile,
    Reason,
    Relevance,
    Sighted,
    assess,
    known_to_go_for,
)
from noroshi.intel.relevance.aim import is_aimed_at
from noroshi.intel.text import Document, Extraction, ValueType, extract
from noroshi.intel.text.armed import armed

_MOST_NAMED = 30
"""Attackers of a report of whom the knowledge store is asked."""
_MOST_READ = 20_000
"""Characters of a description."""


def own_names(workspace: Workspace, profile: Profile) -> Extraction:
    """Read the profile's sectors and products with the knowledge that reads reports."""
    text = "\n".join((*profile.sectors, *profile.products))
    return extract(Document("profile", text), workspace.text_knowledge)


def relevance(
    workspace: Workspace, profile: Profile, names: Extraction, found: Extraction
) -> Relevance:
    """Say whether a report concerns the organisation; its indicators are hunted at once."""
    return next(relevances(workspace, profile, names, [found]))


def relevances(
    workspace: Workspace, profile: Profile, names: Extraction, reports: Sequence[Extraction]
) -> Iterator[Relevance]:
    """Say of each report whether it concerns the organisation; the lake is read once for all."""
    seen = sightings(workspace, reports)
    own = Own(profile, names)
    for found, sighted in zip(reports, seen, strict=True):
        relations = list(find_relations(found.text, parties(found)))
        cves = {one.value for one in found.indicators if one.type is ValueType.CVE}
        facts = facts_of(workspace.objects, cves, Clearance.everything()) if cves else {}
        known = list(_known(workspace, own, found))
        yield assess(found, relations, profile, names, sighted, facts, known)


def sightings(workspace: Workspace, reports: Sequence[Extraction]) -> list[list[Sighted]]:
    """Return for each report which of its indicators the lake holds, most often seen first."""
    with tempfile.TemporaryDirectory() as folder:
        store = IndicatorStore(Path(folder))
        if not store.add(one for at, found in enumerate(reports) for one in armed(found, str(at))):
            return [[] for _ in reports]
        seen: dict[tuple[int, str], list[dict[str, Any]]] = defaultdict(list)
        matcher = IndicatorMatcher(store, workspace.warning_lists)
        for matches in matcher.retro(workspace.lake, None, None):
            for row in matches.to_pylist():
                fields = dict(row["fields"])
                if "warning_list" not in fields:
                    seen[int(fields["indicator_source"]), fields["indicator"]].append(row)
    sighted: list[list[Sighted]] = [[] for _ in reports]
    for (at, value), rows in seen.items():
        hosts = tuple(sorted({row["host"] for row in rows if row["host"]}))
        last = max(row["time"] or 0 for row in rows)
        sighted[at].append(Sighted(value, len(rows), last, hosts))
    return [sorted(ones, key=lambda one: (-one.events, one.value)) for ones in sighted]


def _known(workspace: Workspace, own: Own, found: Extraction) -> Iterator[Reason]:
    """Yield whom of those that a report names the knowledge store says to go for us."""
    named = {e.name: e for e in reversed(found.entities) if e.type in ("actor", "malware")}
    for entity in sorted(named.values(), key=lambda one: one.span)[:_MOST_NAMED]:
        for item in workspace.objects.naming(entity.name, Clearance.everything(), 5):
            whom = _goes_for(workspace, own, item)
            if whom:
                told = workspace.objects.provenance(item["id"])
                yield known_to_go_for(entity, told.source if told else "?", whom)
                break


def _goes_for(workspace: Workspace, own: Own, item: dict[str, Any]) -> str:
    """Return our countries and sectors that an object's description says to be attacked."""
    text = item.get("description")
    if not isinstance(text, str) or item["type"] not in NAMED:
        return ""
    read = extract(Document("description", text[:_MOST_READ]), workspace.text_knowledge)
    ours = {
        e.quote: None
        for e in read.entities
        if e.type in ("country", "sector") and own.has(e) and is_aimed_at(read.text, e.span)
    }
    return ", ".join(ours)
