"""A new correlation meets the stored cases: who is who, what grew, what was taken over.

Correlation knows nothing of earlier runs. Each of its cases takes the place of the stored one that
holds most of the same findings, with that one's id, note and decisions. What people decided
survives: a closed case stays closed as long as nothing new is in it, and a merged one stays merged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid5

from noroshi.case.combine import combine
from noroshi.case.shelf import Entry, Shelf
from noroshi.lang import Message
from noroshi.model import Case, CaseStatus


@dataclass(slots=True)
class Refresh:
    """What a new correlation changes.

    Attributes:
        owners: the case of each finding of this run.
        touched: ids of cases that are new or changed.
        trail: (case id, action, words) for the audit trail.
    """

    owners: dict[str, str] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    trail: list[tuple[str, str, str]] = field(default_factory=list)


def refresh(shelf: Shelf, owners: Mapping[str, str], cases: Sequence[Case]) -> Refresh:
    """Put new cases onto the shelf and return what changed.

    Args:
        shelf: the stored cases; changed in place.
        owners: the stored case of each finding known so far.
        cases: what correlation found.
    """
    change = Refresh()
    held: dict[str, list[str]] = {}
    for finding, name in owners.items():
        held.setdefault(name, []).append(finding)
    names = _match(shelf, owners, cases)
    for case, name in zip(cases, names, strict=True):
        change.owners.update(dict.fromkeys(case.finding_ids, name))
    for case, name in zip(cases, names, strict=True):
        left = [item for item in held.get(name, ()) if item not in change.owners]
        _place(shelf, change, replace(case, id=name), set(held.get(name, ())), left)
    _absorb(shelf, change, held)
    return change


def _match(shelf: Shelf, owners: Mapping[str, str], cases: Sequence[Case]) -> list[str]:
    """Return for each new case the id under which it is kept."""
    pairs = []
    for number, case in enumerate(cases):
        overlap = Counter(owners[item] for item in case.finding_ids if item in owners)
        for name, count in overlap.items():
            merged = shelf.entries[name].merged_into is not None
            pairs.append((merged, -count, name, number))
    names: dict[int, str] = {}
    taken: set[str] = set()
    for _, _, name, number in sorted(pairs):
        if number not in names and name not in taken:
            names[number] = name
            taken.add(name)
    held = taken | set(owners.values())
    for number, case in enumerate(cases):
        if number not in names:
            names[number] = name = _free(case.id, held)
            held.add(name)
    return [names[number] for number in range(len(cases))]


def _free(name: str, held: set[str]) -> str:
    while name in held:
        name = str(uuid5(UUID(name), "split"))
    return name


def _place(shelf: Shelf, change: Refresh, case: Case, held: set[str], left: Sequence[str]) -> None:
    entry = shelf.entries.get(case.id)
    if entry is None or not held:
        shelf.entries[case.id] = Entry(case)
        change.touched.add(case.id)
        change.trail.append((case.id, "found", f"{len(case.finding_ids)} findings"))
        return
    if left:  # this run did not look at all that earlier ones saw: nothing is forgotten
        case = combine(case, [replace(entry.case, finding_ids=tuple(left))])
    fresh = len(set(case.finding_ids) - held)
    if fresh:
        change.trail.append((case.id, "grew", f"{fresh} new findings"))
        _reopen(shelf, change, shelf.root(case.id), fresh)
    if case != entry.case:
        entry.case = case
        change.touched.add(case.id)


def _reopen(shelf: Shelf, change: Refresh, name: str, fresh: int) -> None:
    entry = shelf.entries[name]
    if entry.status is not CaseStatus.CLOSED:
        return
    words = Message("Reopened: new findings since it was closed ({n})", {"n": fresh})
    entry.status, entry.reopened = CaseStatus.OPEN, words.to_json()
    change.touched.add(name)
    change.trail.append((name, "reopened", f"{fresh} new findings"))


def _absorb(shelf: Shelf, change: Refresh, held: Mapping[str, Sequence[str]]) -> None:
    """Mark stored cases all of whose findings now belong to others as taken over."""
    for name, findings in sorted(held.items()):
        entry = shelf.entries[name]
        now = Counter(change.owners.get(item, name) for item in findings)
        if name in now or entry.merged_into is not None:
            continue
        heir = shelf.root(min(now, key=lambda other: (-now[other], other)))
        if heir == name:
            continue
        entry.status, entry.merged_into = CaseStatus.MERGED, heir
        shelf.children.setdefault(heir, []).append(name)
        change.touched.add(name)
        change.trail.append((name, "absorbed", f"its findings now belong to {heir}"))
