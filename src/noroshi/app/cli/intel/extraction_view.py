"""An extraction for people: values by the part they play, then the names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from noroshi.app.cli.output import Output
from noroshi.intel.text import Claims, Extraction, Indicator, NamedEntity, Role
from noroshi.lang import N_

_VALUE = 90
_QUOTE = 70
_ROLES = {
    Role.INDICATOR: N_("Indicators"),
    Role.VICTIM: N_("Victims and what is imitated"),
    Role.REFERENCE: N_("References"),
    Role.BENIGN: N_("Benign"),
    Role.MENTION: N_("Only mentioned"),
}


def show(found: Extraction, claims: Claims, out: Output, *, everything: bool) -> None:
    """Print what a report holds.

    Args:
        found: its values and names.
        claims: its techniques and relations.
        out: where to.
        everything: print references, benign values and mere mentions, too.
    """
    out.say("{name}", name=found.document)
    for problem in found.problems:
        out.errors.print(out.message(problem), highlight=False, soft_wrap=True)
    shown = list(Role) if everything else [Role.INDICATOR, Role.VICTIM]
    for role in shown:
        _values(role, [item for item in found.indicators if item.context is role], out)
    _names(found.entities, out)
    _techniques(claims, out)
    _relations(claims, out)
    rest = sum(item.context not in shown for item in found.indicators)
    if rest:
        out.say("{count} references, benign values and mere mentions: --all", count=rest)


def _values(role: Role, items: Sequence[Indicator], out: Output) -> None:
    """Print each value once, with its surest mention and how often it is named."""
    if not items:
        return
    groups: dict[tuple[str, str], list[Indicator]] = {}
    for item in items:
        groups.setdefault((item.type.value, item.value), []).append(item)
    rows = []
    for (kind, value), same in groups.items():
        best = max(same, key=lambda item: item.confidence)
        why = out.message(best.reason)
        rows.append((kind, _short(value, _VALUE), f"{best.confidence:.2f}", len(same), why))
    out.say("{heading} ({count})", heading=out.word(_ROLES[role]), count=len(groups))
    out.table(["Type", "Value", "Confidence", "Times", "Why"], rows)


def _names(entities: Sequence[NamedEntity], out: Output) -> None:
    if not entities:
        return
    groups: dict[tuple[str, str], list[NamedEntity]] = {}
    for item in entities:
        groups.setdefault((item.type, item.name), []).append(item)
    rows = []
    for (kind, name), same in sorted(groups.items(), key=_type_then_times):
        best = max(item.confidence for item in same)
        quotes = ", ".join(dict.fromkeys(item.quote for item in same))
        rows.append((kind, name, f"{best:.2f}", len(same), _short(quotes, _QUOTE)))
    out.say("Names ({count})", count=len(rows))
    out.table(["Type", "Name", "Confidence", "Times", "Written"], rows)


def _type_then_times(group: tuple[tuple[str, str], list[NamedEntity]]) -> tuple[str, int]:
    (kind, _), items = group
    return kind, -len(items)


def _techniques(claims: Claims, out: Output) -> None:
    """Print each technique once, with its surest mention."""
    if not claims.techniques:
        return
    best: dict[str, dict[str, Any]] = {}
    for item in claims.techniques:
        known = best.setdefault(item["id"], item)
        if item["confidence"] > known["confidence"]:
            best[item["id"]] = item
    rows = [
        (item["id"], item["name"], f"{item['confidence']:.2f}", _short(item["quote"], _QUOTE))
        for item in sorted(best.values(), key=lambda item: -float(item["confidence"]))
    ]
    out.say("Techniques ({count})", count=len(rows))
    out.table(["Technique", "Name", "Confidence", "Quote"], rows)


def _relations(claims: Claims, out: Output) -> None:
    """Print each relation once, with its surest statement."""
    best: dict[tuple[str, str, str], dict[str, Any]] = {}
    for item in claims.relations:
        known = best.setdefault((item["source"], item["type"], item["target"]), item)
        if item["confidence"] > known["confidence"]:
            best[item["source"], item["type"], item["target"]] = item
    if not best:
        return
    rows = [
        (*key, f"{item['confidence']:.2f}", _short(item["quote"], _QUOTE))
        for key, item in best.items()
    ]
    out.say("Relations ({count})", count=len(rows))
    out.table(["Who does it", "Relation", "Whom or what", "Confidence", "Quote"], rows)


def _short(text: str, limit: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
