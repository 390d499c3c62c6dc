"""What a case has seen, as steps of the library; and what there is no step for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from noroshi.drill.retell.realm import Realm, realms_of, step_for
from noroshi.drill.steps import Step
from noroshi.model import Finding, Severity

MOST = 24
"""Different things seen that one exercise tells; of more, the gravest are taken."""
_TECHNIQUE = re.compile(r"T\d{4}(?:\.\d{3})?")


@dataclass(frozen=True, slots=True)
class Sighting:
    """One thing that the case has seen, on one machine; repetitions are folded.

    Attributes:
        technique: ATT&CK id that the finding names; empty if it names none.
        tactics: that the finding names.
        host: real machine; never written into a scenario.
        time: first seen, µs since 1970 UTC.
        severity: of the gravest finding.
        count: how many findings say so.
        step: of the library that plays it; None if there is none.
    """

    technique: str
    tactics: tuple[str, ...]
    host: str
    time: int
    severity: Severity
    count: int
    step: Step | None

    @property
    def exact(self) -> bool:
        """Whether the step is of this very technique, not of one of its family."""
        return self.step is not None and self.step.technique == self.technique


def sightings(findings: Iterable[Finding]) -> tuple[Sighting, ...]:
    """Return what the findings of a case have seen, earliest first."""
    known_to = list(findings)
    where = realms_of(each for finding in known_to for each in finding.techniques)
    found = (_sighted(finding, where) for finding in known_to)
    folded: dict[tuple[str, str], Sighting] = {}
    for one in sorted(found, key=lambda each: each.time):
        key = (one.step.id if one.step else one.technique, one.host)
        known = folded.get(key)
        folded[key] = one if known is None else _again(known, one)
    return tuple(folded.values())


def gravest(seen: Sequence[Sighting], most: int = MOST) -> tuple[Sighting, ...]:
    """Return those that the exercise tells, earliest first.

    One of each step is taken before a second one on another machine.
    """
    first: set[str] = set()
    ranked = []
    for place, one in enumerate(seen):
        if one.step:
            ranked.append((one.step.id in first, -one.severity, place))
            first.add(one.step.id)
    return tuple(seen[place] for place in sorted(row[2] for row in sorted(ranked)[:most]))


def _sighted(finding: Finding, where: frozenset[Realm]) -> Sighting:
    technique, step = next(_named(finding.techniques, where), ("", None))
    host = finding.evidence[0].host if finding.evidence else ""
    host = host or (finding.hosts[0] if finding.hosts else "")
    return Sighting(technique, finding.tactics, host, finding.first, finding.severity, 1, step)


def _named(techniques: Sequence[str], where: frozenset[Realm]) -> Iterator[tuple[str, Step | None]]:
    """Yield the techniques, those with a step of their own first, those without any last."""
    found: list[tuple[int, str, Step | None]] = []
    for technique in filter(_TECHNIQUE.fullmatch, techniques):
        step = step_for(technique, where)
        rank = 2 if step is None else int(step.technique != technique)
        found.append((rank, technique, step))
    for _, technique, step in sorted(found, key=lambda row: row[0]):
        yield technique, step


def _again(known: Sighting, one: Sighting) -> Sighting:
    return Sighting(
        known.technique, known.tactics, known.host, known.time,
        max(known.severity, one.severity), known.count + 1, known.step,
    )  # fmt: skip
