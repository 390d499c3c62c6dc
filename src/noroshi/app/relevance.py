"""Reports held against the organisation's profile and its lake."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from noroshi.app.claims import parties
from noroshi.app.workspace import Workspace
from noroshi.detect.indicators import IndicatorMatcher
from noroshi.intel.flaws import facts_of
from noroshi.intel.indicators import IndicatorStore
from noroshi.intel.objects import Clearance
from noroshi.intel.relations import find_relations
from noroshi.intel.relevance import Profile, Relevance, Sighted, assess
from noroshi.intel.text import Document, Extraction, ValueType, extract
from noroshi.intel.text.armed import armed


def own_names(workspace: Workspace, profile: Profile) -> Extraction:
    """Read the profile's sectors and products with the knowledge that reads reports."""
    text = "\n".join((*profile.sectors, *profile.products))
    return extract(Document("profile", text), workspace.text_knowledge)


def relevance(
    workspace: Workspace,
    profile: Profile,
    names: Extraction,
    found: Extraction,
    *,
    hunting: bool = True,
) -> Relevance:
    """Say whether a report concerns the organisation.

    Args:
        workspace: what is known.
        profile: the organisation.
        names: its sectors and products, as :func:`own_names` reads them.
        found: what the report holds.
        hunting: whether its indicators are searched for in all events at once.
    """
    relations = list(find_relations(found.text, parties(found)))
    cves = {one.value for one in found.indicators if one.type is ValueType.CVE}
    facts = facts_of(workspace.objects, cves, Clearance.everything()) if cves else {}
    seen = sightings(workspace, found) if hunting else ()
    return assess(found, relations, profile, names, seen, facts)


def sightings(workspace: Workspace, found: Extraction) -> list[Sighted]:
    """Return which of a report's indicators the lake holds, most often seen first."""
    with tempfile.TemporaryDirectory() as folder:
        store = IndicatorStore(Path(folder))
        if not store.add(armed(found, Path(found.document).name)):
            return []
        seen: dict[str, list[dict[str, Any]]] = defaultdict(list)
        matcher = IndicatorMatcher(store, workspace.warning_lists)
        for matches in matcher.retro(workspace.lake, None, None):
            for row in matches.to_pylist():
                fields = dict(row["fields"])
                if "warning_list" not in fields:
                    seen[fields["indicator"]].append(row)
    sighted = [
        Sighted(
            value,
            len(rows),
            max(row["time"] for row in rows),
            tuple(sorted({row["host"] for row in rows if row["host"]})),
        )
        for value, rows in seen.items()
    ]
    return sorted(sighted, key=lambda one: (-one.events, one.value))
