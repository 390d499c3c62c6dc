"""Findings that belong together become cases.

Serious findings (medium and up, unless their rule fires all the time here) are tied by the threads
of :mod:`noroshi.case.links`, walked in order of time: each thread remembers only its latest
findings, so the work grows with the number of findings and not with its square. Low and noisy
findings never tie others together. They join the serious finding nearest to them, or are gathered
as background: a week of one machine, or of one rule that fires all over the place.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Hashable, Iterable, Sequence

from noroshi.case.assemble import assemble
from noroshi.case.ground import Ground, Movement
from noroshi.case.groups import Groups
from noroshi.case.links import ENOUGH, HOUR, Link, links
from noroshi.case.noise import DAY
from noroshi.case.survey import Survey
from noroshi.model import Case, Finding, Severity

_REMEMBERED = 3
"""How many of its latest findings a thread offers to the next one."""

NOWHERE = Ground()
_NEARBY = 2 * HOUR
"""How far from a serious finding a low one still belongs to its story."""

_BURST = HOUR
_BURST_RULES = 4
_BACKGROUND_WINDOW = 7 * DAY
_ARRIVED = 120_000_000
"""Clocks of two hosts may differ by so much, in µs."""

_LEFT_BEFORE = 12 * HOUR
_FOUND_AFTER = HOUR
"""How old the newest finding where a logon came from may be, and how soon one must follow."""


def correlate(findings: Iterable[Finding], ground: Ground = NOWHERE) -> list[Case]:
    """Return the cases that findings make, most important first.

    The same findings give the same cases in whatever order they come; a finding given twice counts
    once.

    Args:
        findings: the findings.
        ground: whose address was whose, and who logged on from where to where.
    """
    placed = {item.id: ground.placed(item) for item in findings}
    ordered = sorted(placed.values(), key=_in_time)
    survey = Survey(ordered)
    cases = []
    for group in _groups(ordered, survey, ground.movements):
        members = [ordered[number] for number in group]
        cases.append(assemble(members, survey.rules, _within(ground.movements, members, survey)))
    return sorted(cases, key=lambda case: (-case.score, case.first, case.id))


def _in_time(finding: Finding) -> tuple[int, int, str]:
    return finding.first, finding.last, finding.id


def _groups(
    findings: Sequence[Finding], survey: Survey, movements: Sequence[Movement]
) -> list[list[int]]:
    serious = _serious(findings, survey)
    threads, tied = _tie(findings, survey, serious)
    _follow(movements, findings, survey, serious, tied)
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


def _follow(
    movements: Sequence[Movement],
    findings: Sequence[Finding],
    survey: Survey,
    serious: Sequence[bool],
    tied: Groups,
) -> None:
    """Join what was found on both sides of a remote logon, soon before it and soon after.

    That both sides have serious findings within hours is what tells an intruder's way from the
    thousands of logons of a day.
    """
    on_host: dict[str, list[int]] = {}
    for number, finding in enumerate(findings):
        if serious[number]:
            for host in finding.hosts[:_REMEMBERED]:
                on_host.setdefault(survey.host(host), []).append(number)
    for movement in movements:
        before = _last_before(
            on_host.get(survey.host(movement.source), ()), findings, movement.time + _ARRIVED
        )
        after = _first_after(
            on_host.get(survey.host(movement.target), ()), findings, movement.time - _ARRIVED
        )
        if before is None or after is None:
            continue
        left = movement.time - findings[before].first
        arrived = findings[after].first - movement.time
        if left <= _LEFT_BEFORE and arrived <= _FOUND_AFTER:
            tied.join(before, after)


def _last_before(numbers: Sequence[int], findings: Sequence[Finding], time: int) -> int | None:
    place = bisect_right(numbers, time, key=lambda number: findings[number].first)
    return numbers[place - 1] if place else None


def _first_after(numbers: Sequence[int], findings: Sequence[Finding], time: int) -> int | None:
    place = bisect_left(numbers, time, key=lambda number: findings[number].first)
    return numbers[place] if place < len(numbers) else None


def _within(
    movements: Sequence[Movement], findings: Sequence[Finding], survey: Survey
) -> list[Movement]:
    """Return the movements between hosts of one case during it, one per way and account."""
    hosts = {survey.host(host) for finding in findings for host in finding.hosts}
    if len(hosts) < 2:
        return []
    first = findings[0].first - _ARRIVED
    last = max(finding.last for finding in findings)
    found: dict[tuple[str, str, str], Movement] = {}
    for movement in movements:
        ends = survey.host(movement.source), survey.host(movement.target)
        if first <= movement.time <= last and hosts.issuperset(ends):
            found.setdefault((*ends, movement.account), movement)
    return list(found.values())


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
