"""Why a case matters: points with words for each, which add up to its score.

The scale: a lonely low finding stays below 10, a lonely high one around 40, a compromise that
spread and reached data above 100.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from math import log2

from noroshi.case.noise import RuleUse
from noroshi.case.scene import scene
from noroshi.case.tactics import TACTICS, in_order, position, short_name
from noroshi.lang import Message
from noroshi.model import Finding, Reason, Severity

_SEVERITY_POINTS = {
    Severity.INFORMATIONAL: 1.0,
    Severity.LOW: 6.0,
    Severity.MEDIUM: 20.0,
    Severity.HIGH: 40.0,
    Severity.CRITICAL: 60.0,
}
_UNSURE_SHARE = 0.5
"""A claim of no certainty at all keeps this share of its points."""

_NOISE_SHARE = 0.8
_PER_TACTIC = 6.0
_IN_ORDER = 10.0
_PER_DOUBLING_OF_RULES = 4.0
_PER_DOUBLING_OF_HOSTS = 6.0
_INDICATOR = 10.0
_MORE_INDICATORS = 2.0
_INDICATOR_CEILING = 20.0
_MATTERS = Severity.MEDIUM
"""What a case shows is only believed from findings of at least this severity."""


def rank(findings: Sequence[Finding], rules: RuleUse) -> tuple[Reason, ...]:
    """Return the reasons for a case's score, most points first.

    Args:
        findings: the case's findings, earliest first; at least one.
        rules: how often each rule fires, over all findings.
    """
    reasons = [
        *_severity(findings, rules),
        *_tactics(findings),
        *_consequences(findings),
        *_rules(findings),
        *_hosts(findings),
        *_indicators(findings),
    ]
    return tuple(sorted(reasons, key=lambda r: (-r.points, r.message.template)))


def score(reasons: Sequence[Reason]) -> float:
    """Return the sum of the reasons' points."""
    return round(sum(reason.points for reason in reasons), 1)


def strongest(findings: Sequence[Finding], rules: RuleUse) -> Finding:
    """Return the finding that says most: severe, sure, of a rule that does not fire everywhere."""
    return max(findings, key=lambda item: (_worth(item, rules), -item.first, item.id))


def _worth(finding: Finding, rules: RuleUse) -> float:
    worth = _SEVERITY_POINTS[finding.severity]
    worth *= _UNSURE_SHARE + (1 - _UNSURE_SHARE) * min(max(finding.score, 0.0), 1.0)
    return worth * (1 - _NOISE_SHARE * rules.share(finding))


def _severity(findings: Sequence[Finding], rules: RuleUse) -> list[Reason]:
    finding = strongest(findings, rules)
    points = _SEVERITY_POINTS[finding.severity]
    reasons = [_reason(points, _severity_message(finding))]
    unsure = points * (1 - _UNSURE_SHARE) * (1 - min(max(finding.score, 0.0), 1.0))
    if unsure >= 0.1:
        percent = round(100 * finding.score)
        reasons.append(
            _reason(-unsure, Message("The rule itself is {percent} % sure", {"percent": percent}))
        )
    share = rules.share(finding)
    if share > 0:
        count = rules.hosts[finding.analytic, finding.rule_id]
        words = Message(
            "This rule fires on {n} of {total} machines, so it says less",
            {"n": count, "total": rules.total_hosts},
        )
        reasons.append(_reason(-(points - unsure) * _NOISE_SHARE * share, words))
    return reasons


def _severity_message(finding: Finding) -> Message:
    title = {"title": finding.title}
    match finding.severity:
        case Severity.CRITICAL:
            return Message("Most severe finding is critical: {title}", title)
        case Severity.HIGH:
            return Message("Most severe finding is high: {title}", title)
        case Severity.MEDIUM:
            return Message("Most severe finding is medium: {title}", title)
        case Severity.LOW:
            return Message("Most severe finding is low: {title}", title)
        case Severity.INFORMATIONAL:
            return Message("Only informational findings: {title}", title)


def _tactics(findings: Sequence[Finding]) -> list[Reason]:
    believed = [item for item in findings if item.severity >= _MATTERS] or findings[:1]
    seen = [name for name in in_order(t for f in believed for t in f.tactics) if name in TACTICS]
    if len(seen) < 2:
        return []
    reasons = [
        _reason(
            _PER_TACTIC * (len(seen) - 1),
            Message("{n} different stages of an attack were seen", {"n": len(seen)}),
        )
    ]
    run = _longest_climb([position(short_name(t)) for f in believed for t in f.tactics])
    if run >= 3:
        reasons.append(
            _reason(
                _IN_ORDER * run / len(seen),
                Message("{n} of the stages came in the order of an attack", {"n": run}),
            )
        )
    return reasons


def _longest_climb(numbers: Sequence[int]) -> int:
    """Return the length of the longest strictly increasing subsequence (patience sorting)."""
    tails: list[int] = []
    for number in numbers:
        place = bisect_left(tails, number)
        tails[place : place + 1] = [number]
    return len(tails)


def _consequences(findings: Sequence[Finding]) -> list[Reason]:
    seen = {short_name(t) for f in findings if f.severity >= _MATTERS for t in f.tactics}
    found = [
        ("impact", 20.0, Message("Damage was done or prepared (impact)")),
        ("exfiltration", 15.0, Message("Data may have left the network (exfiltration)")),
        ("lateral-movement", 12.0, Message("Somebody moved between machines (lateral movement)")),
        ("credential-access", 10.0, Message("Passwords or other credentials were taken")),
        ("command-and-control", 6.0, Message("A machine was steered from outside")),
    ]
    return [_reason(points, words) for tactic, points, words in found if tactic in seen]


def _rules(findings: Sequence[Finding]) -> list[Reason]:
    count = len({(f.analytic, f.rule_id) for f in findings if f.severity >= Severity.LOW})
    if count < 2:
        return []
    words = Message("{n} different rules agree that something is wrong", {"n": count})
    return [_reason(_PER_DOUBLING_OF_RULES * log2(count), words)]


def _hosts(findings: Sequence[Finding]) -> list[Reason]:
    count = len(scene([item for item in findings if item.severity >= _MATTERS]))
    if count < 2:
        return []
    words = Message("{n} machines are concerned", {"n": count})
    return [_reason(_PER_DOUBLING_OF_HOSTS * log2(count), words)]


def _indicators(findings: Sequence[Finding]) -> list[Reason]:
    known = {f.rule_id for f in findings if f.analytic == "indicator"}
    if not known:
        return []
    points = min(_INDICATOR_CEILING, _INDICATOR + _MORE_INDICATORS * (len(known) - 1))
    if len(known) == 1:
        return [_reason(points, Message("A known bad address, file or domain was met"))]
    words = Message("{n} known bad addresses, files or domains were met", {"n": len(known)})
    return [_reason(points, words)]


def _reason(points: float, message: Message) -> Reason:
    return Reason(round(points, 1), message)
