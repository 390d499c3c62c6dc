"""A report as plain strings, ready for a template, and no longer than a reader can take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from noroshi.case.coverage import OTHER, TacticCoverage, coverage
from noroshi.case.report.budget import Budget
from noroshi.case.report.data import ReportData
from noroshi.case.report.narrative import Level, level, story, sureness
from noroshi.case.report.strip import Strip, strip
from noroshi.case.report.unknown import unknown
from noroshi.case.report.words import Words
from noroshi.case.scene import scene
from noroshi.case.tactics import TACTICS
from noroshi.case.tasks import scope, tasks
from noroshi.case.timeline import timeline
from noroshi.lang import N_
from noroshi.model import Case, CaseStatus, Finding, Severity

_Key = TypeVar("_Key")

TOP_CASES = 3
ROWS = 200
DETAILED = 40
FINDINGS = 60
LINES = 80
EVENTS = 4
FIELDS = 10
SKIPPED = 100
RULES = 200
TECHNIQUES = 40

SEVERITIES = {
    Severity.INFORMATIONAL: N_("informational"),
    Severity.LOW: N_("low"),
    Severity.MEDIUM: N_("medium"),
    Severity.HIGH: N_("high"),
    Severity.CRITICAL: N_("critical"),
}
STATUSES = {
    CaseStatus.OPEN: N_("open"),
    CaseStatus.CLOSED: N_("closed"),
    CaseStatus.MERGED: N_("merged"),
}
LEVELS = {
    Level.NOW: N_("act now"),
    Level.TODAY: N_("look today"),
    Level.LATER: N_("can wait"),
}


@dataclass(frozen=True, slots=True)
class EventView:
    """One event of a finding."""

    id: str
    time: str
    host: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FindingView:
    """One finding."""

    id: str
    title: str
    severity: str
    rank: int
    sure: int
    when: str
    hosts: str
    count: str
    techniques: str
    explanation: str
    disproof: str
    next_steps: tuple[str, ...]
    events: tuple[EventView, ...]
    more_events: int
    rule: str
    author: str
    licence: str
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of a timeline."""

    time: str
    until: str
    count: int
    host: str
    what: str
    rank: int
    event: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case."""

    id: str
    title: str
    status: str
    note: str
    level: str
    rank: int
    score: str
    when: str
    hosts: str
    users: str
    findings: int
    sure: str
    story: tuple[str, ...]
    tasks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Detail:
    """One case for the analyst."""

    case: CaseView
    reasons: tuple[tuple[str, str], ...]
    strip: Strip | None
    lines: tuple[LineView, ...]
    more_lines: int
    findings: tuple[FindingView, ...]
    more_findings: int


@dataclass(frozen=True, slots=True)
class View:
    """A whole report."""

    home: str
    generated: str
    version: str
    covered: str
    counts: Mapping[str, int]
    top: tuple[CaseView, ...]
    cases: tuple[CaseView, ...]
    more_cases: int
    details: tuple[Detail, ...]
    more_details: int
    unknown: tuple[str, ...]
    coverage: tuple[tuple[str, TacticCoverage], ...]
    intake: tuple[tuple[str, str], ...]
    sources: tuple[tuple[str, str], ...]
    skipped: tuple[tuple[str, str], ...]
    more_skipped: int
    rules: tuple[tuple[str, str, str, str], ...]
    more_rules: int


def view(data: ReportData, words: Words, limit: int) -> View:
    """Return the report's strings.

    Args:
        data: what to tell.
        words: in whose language.
        limit: bytes that the analyst's part may take.
    """
    cases = [_case(case, data, words) for case in data.cases[:ROWS]]
    live = [case for case in data.cases if case.status is CaseStatus.OPEN]
    details = _details(data, cases, words, Budget(limit))
    intake = data.intake
    covered = ""
    if intake.first is not None and intake.last is not None:
        covered = words.span(intake.first, intake.last)
    levels = Counter(level(case).name for case in live)
    rules = _rules(data, words)
    return View(
        home=words.value(data.home),
        generated=words.time(data.generated),
        version=words.value(data.version),
        covered=covered,
        counts={name: levels[name] for name in Level.__members__},
        top=tuple(_top(data, cases)),
        cases=tuple(cases),
        more_cases=max(0, len(data.cases) - ROWS),
        details=tuple(details),
        more_details=len(data.cases) - len(details),
        unknown=tuple(unknown(data, words)),
        coverage=tuple(
            _covered(item, words) for item in coverage(data.findings.values(), data.technique_names)
        ),
        intake=_intake(data, words),
        sources=tuple((words.value(k), words.number(v)) for k, v in _by_count(intake.sources)),
        skipped=tuple((words.value(p), words.reason(r)) for p, r in intake.skipped[:SKIPPED]),
        more_skipped=max(0, len(intake.skipped) - SKIPPED),
        rules=rules[:RULES],
        more_rules=max(0, len(rules) - RULES),
    )


def _covered(item: TacticCoverage, words: Words) -> tuple[str, TacticCoverage]:
    name = TACTICS.get(item.tactic) or (N_("Without a tactic") if item.tactic == OTHER else "")
    techniques = tuple(
        replace(technique, id=words.value(technique.id, 80), name=words.value(technique.name, 80))
        for technique in item.techniques[:TECHNIQUES]
    )
    title = words.word(name) if name else words.value(item.tactic, 80)
    return title, replace(item, tactic=words.value(item.tactic), techniques=techniques)


def _top(data: ReportData, cases: Sequence[CaseView]) -> list[CaseView]:
    """Return the open cases for page one: those that cannot wait, or the first one."""
    live = [c for c, case in zip(cases, data.cases, strict=False) if case.status is CaseStatus.OPEN]
    urgent = [item for item in live if item.rank > Level.LATER]
    return (urgent or live[:1])[:TOP_CASES]


def _case(case: Case, data: ReportData, words: Words) -> CaseView:
    findings = data.of(case)
    soon = level(case)
    return CaseView(
        id=words.value(case.id),
        title=words.say(case.title),
        status=words.word(STATUSES[case.status]),
        note=words.value(case.note),
        level=words.word(LEVELS[soon]),
        rank=int(soon),
        score=f"{case.score:.1f}",
        when=words.span(case.first, case.last),
        hosts=words.names(scope(findings).hosts if findings else case.hosts),
        users=words.names(case.users),
        findings=len(case.finding_ids),
        sure=words.say(sureness(findings)),
        story=tuple(story(case, findings, words)),
        tasks=tuple(words.say(task) for task in tasks(findings)),
    )


def _details(
    data: ReportData, cases: Sequence[CaseView], words: Words, budget: Budget
) -> list[Detail]:
    details: list[Detail] = []
    for case, shown in zip(data.cases[:DETAILED], cases, strict=False):
        if not budget.left:
            break
        details.append(_detail(case, shown, data.of(case), words, budget))
    return details


def _detail(
    case: Case, shown: CaseView, findings: Sequence[Finding], words: Words, budget: Budget
) -> Detail:
    budget.spend(shown)
    told = timeline(findings, LINES)
    lines = [
        LineView(
            time=words.clock(line.time),
            until=words.clock(line.until) if line.until > line.time else "",
            count=line.count,
            host=words.value(line.host, 80),
            what=words.title(line.what),
            rank=int(line.severity),
            event=words.value(line.event_id),
        )
        for line in told.entries
    ]
    by_weight = sorted(findings, key=lambda f: (-f.severity, f.first, f.id))[:FINDINGS]
    views = (_finding(finding, words) for finding in by_weight)
    kept_lines = [line for line in lines if budget.spend(line)]
    kept = [item for item in views if budget.spend(item)]
    return Detail(
        case=shown,
        reasons=tuple((f"{r.points:+.1f}", words.say(r.message)) for r in case.reasons),
        strip=strip(findings, words),
        lines=tuple(kept_lines),
        more_lines=told.left_out + len(lines) - len(kept_lines),
        findings=tuple(kept),
        more_findings=len(case.finding_ids) - len(kept),
    )


def _finding(finding: Finding, words: Words) -> FindingView:
    return FindingView(
        id=words.value(finding.id),
        title=words.title(finding.title),
        severity=words.word(SEVERITIES[finding.severity]),
        rank=int(finding.severity),
        sure=round(100 * finding.score),
        when=words.span(finding.first, finding.last),
        hosts=words.names(scene([finding])),
        count=words.number(finding.count),
        techniques=words.names(finding.techniques, 8),
        explanation=words.say(finding.explanation),
        disproof=words.say(finding.disproof),
        next_steps=tuple(words.say(step) for step in finding.next_steps[:6]),
        events=tuple(
            EventView(
                id=words.value(event.event_id),
                time=words.clock(event.time),
                host=words.value(event.host, 80),
                fields=tuple(
                    (words.value(name, 80), words.value(value))
                    for name, value in event.fields[:FIELDS]
                ),
            )
            for event in finding.evidence[:EVENTS]
        ),
        more_events=max(0, finding.count - min(len(finding.evidence), EVENTS)),
        rule=words.value(f"{finding.analytic} {finding.rule_id}"),
        author=words.value(finding.author),
        licence=words.value(finding.licence),
        references=tuple(words.value(text) for text in finding.references[:6]),
    )


def _intake(data: ReportData, words: Words) -> tuple[tuple[str, str], ...]:
    intake = data.intake
    rows = [
        (words.word("Events read"), words.number(intake.events)),
        (words.word("Bytes read"), words.number(intake.bytes)),
        (words.word("Seconds"), f"{intake.seconds:.1f}"),
        (words.word("Sources"), words.number(len(intake.sources))),
        (words.word("Sources skipped"), words.number(len(intake.skipped))),
        (words.word("Rules and indicators looked for"), words.number(data.rules_loaded)),
        (words.word("Findings"), words.number(len(data.findings))),
        (words.word("Cases"), words.number(len(data.cases))),
    ]
    return tuple(rows)


def _rules(data: ReportData, words: Words) -> tuple[tuple[str, str, str, str], ...]:
    """Return (title, rule, findings, events) of the rules that fired, most findings first."""
    fired: Counter[tuple[str, str]] = Counter()
    events: Counter[tuple[str, str]] = Counter()
    titles: dict[tuple[str, str], str] = {}
    for finding in data.findings.values():
        rule = (finding.analytic, finding.rule_id)
        fired[rule] += 1
        events[rule] += finding.count
        titles.setdefault(rule, finding.title)
    return tuple(
        (
            words.title(titles[rule]),
            words.value(" ".join(rule)),
            words.number(count),
            words.number(events[rule]),
        )
        for rule, count in _by_count(fired)
    )


def _by_count(counts: Mapping[_Key, int]) -> list[tuple[_Key, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
