"""What a report is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from noroshi.model import Case, Finding


@dataclass(frozen=True, slots=True)
class Intake:
    """What was read.

    Attributes:
        events: number of events.
        bytes: bytes read.
        seconds: time it took.
        sources: number of events by source, as a person would name it.
        classes: number of events by event class.
        skipped: (path, reason) of what could not be read, whole or in part.
        first: time of the earliest event, µs since 1970 UTC; None if there was none.
        last: time of the latest event.
    """

    events: int = 0
    bytes: int = 0
    seconds: float = 0.0
    sources: Mapping[str, int] = field(default_factory=dict)
    classes: Mapping[str, int] = field(default_factory=dict)
    skipped: tuple[tuple[str, str], ...] = ()
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class ReportData:
    """Everything a report tells.

    Attributes:
        cases: most important first.
        findings: findings by id.
        intake: what was read.
        rules_loaded: number of rules and indicators that were looked for.
        generated: time of writing, µs since 1970 UTC.
        version: of Noroshi.
        home: name of the organisation or folder that the report is about.
        technique_names: ATT&CK technique names by id, from a pack.
    """

    cases: tuple[Case, ...]
    findings: Mapping[str, Finding]
    intake: Intake
    rules_loaded: int
    generated: int
    version: str
    home: str
    technique_names: Mapping[str, str] = field(default_factory=dict)

    def of(self, case: Case) -> list[Finding]:
        """Return a case's findings as far as they are at hand, earliest first."""
        found = (self.findings.get(item) for item in case.finding_ids)
        return sorted((f for f in found if f is not None), key=lambda f: (f.first, f.id))
