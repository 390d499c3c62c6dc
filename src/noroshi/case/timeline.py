"""What happened when: the evidence of a case's findings in order of time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from noroshi.case.tactics import in_order
from noroshi.model import Evidence, Finding, Severity

FOLDED_WITHIN = 600_000_000
"""Repetitions of one finding's rule on one host within this many µs become one entry."""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line.

    Attributes:
        time: of the event, µs since 1970 UTC.
        until: time of the last event folded into this line.
        count: number of events folded into this line.
        host: where.
        what: title of the finding.
        severity: of the finding.
        tactics: of the finding, in the order of an attack.
        finding_id: the finding.
        event_id: the (first) event.
        fields: what made the event match.
    """

    time: int
    until: int
    count: int
    host: str
    what: str
    severity: Severity
    tactics: tuple[str, ...]
    finding_id: str
    event_id: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Lines in order of time, and how many were left out to keep it readable."""

    entries: tuple[TimelineEntry, ...]
    left_out: int


def timeline(findings: Iterable[Finding], limit: int = 500) -> Timeline:
    """Return the timeline of findings.

    Where there are more than ``limit`` lines, those of the least severe findings are left out.

    Args:
        findings: of a case, in any order.
        limit: greatest number of lines.
    """
    entries = _fold(sorted((line for f in findings for line in _lines(f)), key=_in_time))
    kept = sorted(entries, key=lambda line: (-line.severity, *_in_time(line)))[:limit]
    return Timeline(tuple(sorted(kept, key=_in_time)), len(entries) - len(kept))


def _in_time(line: TimelineEntry) -> tuple[int, str, str]:
    return line.time, line.finding_id, line.event_id


def _lines(finding: Finding) -> Iterator[TimelineEntry]:
    """Yield a line per event kept; the last one stands for those that were not kept too."""
    events = finding.evidence or (
        Evidence("", "", finding.first, finding.hosts[0] if finding.hosts else ""),
    )
    unseen = max(0, finding.count - len(events))
    for number, event in enumerate(events):
        last = number == len(events) - 1 and unseen > 0
        yield TimelineEntry(
            time=event.time,
            until=max(event.time, finding.last) if last else event.time,
            count=1 + (unseen if last else 0),
            host=event.host,
            what=finding.title,
            severity=finding.severity,
            tactics=in_order(finding.tactics),
            finding_id=finding.id,
            event_id=event.event_id,
            fields=event.fields,
        )


def _fold(lines: Iterable[TimelineEntry]) -> list[TimelineEntry]:
    folded: list[TimelineEntry] = []
    open_at: dict[tuple[str, str], int] = {}
    for line in lines:
        key = (line.what, line.host)
        place = open_at.get(key)
        if place is not None and line.time - folded[place].until <= FOLDED_WITHIN:
            earlier = folded[place]
            until = max(earlier.until, line.until)
            folded[place] = replace(earlier, until=until, count=earlier.count + line.count)
        else:
            open_at[key] = len(folded)
            folded.append(line)
    return folded
