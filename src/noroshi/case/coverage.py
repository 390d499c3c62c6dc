"""Which ATT&CK tactics and techniques findings show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from noroshi.case.tactics import TACTICS, in_order
from noroshi.model import Finding

_SPLIT = frozenset({"stealth", "defense-impairment"})
"""Shown only when seen: they stand beside the tactic that they were split from."""

OTHER = "other"
"""Heading for techniques of findings that name no tactic."""


@dataclass(frozen=True, slots=True)
class Technique:
    """One technique that was seen.

    Attributes:
        id: ``T1059.001``.
        name: from an ATT&CK pack; empty if none is there.
        findings: number of findings that name it.
    """

    id: str
    name: str
    findings: int


@dataclass(frozen=True, slots=True)
class TacticCoverage:
    """One tactic of the matrix, and what was seen of it."""

    tactic: str
    findings: int
    techniques: tuple[Technique, ...]


def coverage(
    findings: Iterable[Finding], names: Mapping[str, str] | None = None
) -> tuple[TacticCoverage, ...]:
    """Return every tactic in the order of an attack, with the techniques seen under it.

    Args:
        findings: any.
        names: technique names by id, from an ATT&CK pack.
    """
    tactics: Counter[str] = Counter()
    techniques: dict[str, Counter[str]] = {}
    for finding in findings:
        for tactic in in_order(finding.tactics) or ((OTHER,) if finding.techniques else ()):
            tactics[tactic] += 1
            techniques.setdefault(tactic, Counter()).update(set(finding.techniques))
    shown = [name for name in TACTICS if name not in _SPLIT or name in tactics]
    shown += sorted(set(tactics) - set(TACTICS))
    known = names or {}
    return tuple(
        TacticCoverage(
            name,
            tactics[name],
            tuple(
                Technique(item, known.get(item, ""), count)
                for item, count in sorted(techniques.get(name, Counter()).items())
            ),
        )
        for name in shown
    )
