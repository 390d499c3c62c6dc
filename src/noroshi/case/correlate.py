"""Findings that belong together become cases.

Serious findings (medium and up, unless their rule fires all the time here) are tied by the threads
of :mod:`noroshi.case.links`, walked in order of time: each thread remembers only its latest
findings, so the work grows with the number of findings and not with its square. Low and noisy
findings never tie others together. They join the serious finding nearest to them, or are gathered
as background: a week of one machine, or of one rule that fires all over the place.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Hashable, Iterable, Sequence

from noroshi.case.assemble import assemble
from noroshi.case.groups import Groups
from noroshi.case.links import ENOUGH, HOUR, Link, links
from noroshi.case.noise import DAY
from noroshi.case.survey import Survey
from noroshi.model import Case, Finding, Severity

_REMEMBERED = 3
"""How many of its latest findings a thread offers to the next one."""

_NEARBY = 2 * HOUR
"""How far from a serious finding a low one still belongs to its story."""

_BURST = HOUR
_BURST_RULES = 4
_BACKGROUND_WINDOW = 7 * DAY


def correlate(findings: Iterable[Finding]) -> list[Case]:
    """Return the cases that findings make, most important first.

    The same findings give the same cases in whatever order they come; a finding given twice counts
    once.
    """
    ordered = sorted({item.id: item for item in findings}.values(), key=_in_time)
    survey = Survey(ordered)
    cases = [
        assemble([ordered[number] for number in group], survey.rules)
        for group in _groups(ordered, survey)
    ]
    return sorted(cases, key=lambda case: (-case.score, case.first, case.id))


def _in_time(finding: Finding) -> tuple[int, int, str]:
    return finding.first, finding.last, finding.id


def _groups(findings: Sequence[Finding], survey: Survey) -> list[list[int]]:
    serious = _serious(findings, survey)
    threads, tied = _tie(findings, survey, serious)
    members: dict[Hashable, list[int]] = {}
    for number, finding in enumerate(findings):
        home: int | None = number
        if not serious[number]:
            home = _nearest(number, findings, survey, threads)
        if home is None:
            members.setdefault(_background(finding, survey), []).append(number)
        else:
            members.setdefault(tied.find(home), []).append(number)
    return list(members.values())


def _serious(findings: Sequence[Finding], survey: Survey) -> list[bool]:
    """Tell for each finding whether it may tie others together."""
    serious = [
        item.severity >= Severity.MEDIUM and not survey.rules.is_noise(item) for item in findings
    ]
    recent: dict[str, deque[int]] = {}
    for number, finding in enumerate(findings):
        if finding.severity != Severity.LOW or survey.rules.is_noise(finding):
            continue
        for host in finding.hosts:
            window = recent.setdefault(host, deque())
            window.append(number)
            while findings[window[0]].first < finding.first - _BURST:
                window.popleft()
            if len({findings[other].rule_id for other in window}) >= _BURST_RULES:
                for other in window:
                    serious[other] = True
                window.clear()
    return serious


def _tie(
    findings: Sequence[Finding], survey: Survey, serious: Sequence[bool]
) -> tuple[dict[Hashable, list[int]], Groups]:
    """Join serious findings; return the threads with the findings on them, and the groups."""
    threads: dict[Hashable, list[int]] = {}
    tied = Groups(len(findings))
    for number, finding in enumerate(findings):
        if not serious[number]:
            continue
        shared: dict[int, float] = {}
        for link in _strongest(links(finding, survey)):
            thread = threads.setdefault(link.key, [])
            for other in thread[-_REMEMBERED:]:
                if _distance(findings[other], finding, link.gap) <= link.gap:
                    shared[other] = shared.get(other, 0.0) + link.weight
            thread.append(number)
        for other, weight in shared.items():
            if weight >= ENOUGH:
                tied.join(other, number)
    return threads, tied


def _strongest(found: Iterable[Link]) -> list[Link]:
    """Return each thread once, at its greatest weight, leaving out those without any."""
    best: dict[Hashable, Link] = {}
    for link in found:
        if link.weight > 0 and (link.key not in best or best[link.key].weight < link.weight):
            best[link.key] = link
    return list(best.values())


def _distance(earlier: Finding, later: Finding, gap: int) -> int:
    """Return the time between two findings; a long-running one does not hold a door open."""
    return max(0, later.first - min(earlier.last, earlier.first + gap))


def _nearest(
    number: int, findings: Sequence[Finding], survey: Survey, threads: dict[Hashable, list[int]]
) -> int | None:
    """Return the serious finding whose story a minor one belongs to."""
    finding = findings[number]
    noise = survey.rules.is_noise(finding)
    shared: dict[int, float] = {}
    for link in _strongest(links(finding, survey)):
        if noise and not _is_process(link):
            continue
        thread = threads.get(link.key, [])
        place = bisect_left(thread, number)
        for other in thread[max(0, place - 1) : place + 1]:
            if abs(findings[other].first - finding.first) <= min(link.gap, _NEARBY):
                shared[other] = shared.get(other, 0.0) + link.weight
    fitting = [other for other, weight in shared.items() if weight >= ENOUGH]
    return min(
        fitting,
        key=lambda other: (-shared[other], abs(findings[other].first - finding.first), other),
        default=None,
    )


def _is_process(link: Link) -> bool:
    return isinstance(link.key, tuple) and link.key[0] == "process"


def _background(finding: Finding, survey: Survey) -> Hashable:
    """Return under which heading a finding that belongs to no story is kept."""
    week = finding.first // _BACKGROUND_WINDOW
    if survey.rules.is_noise(finding):
        return ("noise", finding.analytic, finding.rule_id, week)
    where = finding.hosts[0] if finding.hosts else finding.subject
    return ("background", survey.host(where), week)
