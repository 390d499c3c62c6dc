"""How often each rule fires, and where: a rule that fires everywhere says less."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from noroshi.model import Finding, Severity

DAY = 86_400_000_000
"""Microseconds in a day."""

_ENOUGH_HOSTS = 5
"""Below this many hosts in view, nothing can be called widespread."""

_MANY_HOSTS = 20
"""Below this many hosts in view, a high finding is never called usual."""

_SPARSE = 5
"""A habit shows on at least one in this many days; a laboratory's machine has none."""

_WIDESPREAD = 0.3
_EVERYWHERE = 0.5
_FEW_DAYS = 3
_WEEK_OF_DAYS = 7
_FORTNIGHT_OF_DAYS = 14


@dataclass(frozen=True, slots=True)
class RuleUse:
    """Where and when rules fired.

    Attributes:
        total_hosts: hosts with any finding.
        hosts: number of hosts by (analytic, rule).
        days: number of distinct days by (analytic, rule).
        habit: number of distinct days by (analytic, rule, host), if it is a habit there.
    """

    total_hosts: int
    hosts: dict[tuple[str, str], int]
    days: dict[tuple[str, str], int]
    habit: dict[tuple[str, str, str], int]

    def share(self, finding: Finding) -> float:
        """Return on which share of the hosts the finding's rule fired; 0 when too few to tell."""
        hosts = self.hosts.get((finding.analytic, finding.rule_id), 0)
        if self.total_hosts < _ENOUGH_HOSTS or hosts < _ENOUGH_HOSTS:
            return 0.0
        return hosts / self.total_hosts

    def is_noise(self, finding: Finding) -> bool:
        """Tell whether a finding is so usual here that it must not tie others together.

        A medium finding is, if its rule fires on many of the hosts or again and again on this one;
        a high one only after two weeks, or on half of the hosts over several days (an outbreak
        within hours is no habit); a critical one never.
        """
        if finding.severity >= Severity.CRITICAL:
            return False
        rule = (finding.analytic, finding.rule_id)
        recurring = max((self.habit.get((*rule, host), 0) for host in finding.hosts), default=0)
        if finding.severity == Severity.HIGH:
            everywhere = (
                self.total_hosts >= _MANY_HOSTS
                and self.share(finding) >= _EVERYWHERE
                and self.days[rule] >= _FEW_DAYS
            )
            return everywhere or recurring >= _FORTNIGHT_OF_DAYS
        return self.share(finding) >= _WIDESPREAD or recurring >= _WEEK_OF_DAYS


def rule_use(findings: Iterable[Finding]) -> RuleUse:
    """Count where and when each rule fired."""
    hosts: dict[tuple[str, str], set[str]] = {}
    days: dict[tuple[str, str], set[int]] = {}
    on_host: dict[tuple[str, str, str], set[int]] = {}
    everywhere: set[str] = set()
    for finding in findings:
        rule = (finding.analytic, finding.rule_id)
        seen = {finding.first // DAY, finding.last // DAY}
        hosts.setdefault(rule, set()).update(finding.hosts)
        days.setdefault(rule, set()).update(seen)
        everywhere.update(finding.hosts)
        for host in finding.hosts:
            on_host.setdefault((*rule, host), set()).update(seen)
    return RuleUse(
        len(everywhere),
        {rule: len(names) for rule, names in hosts.items()},
        {rule: len(numbers) for rule, numbers in days.items()},
        {key: len(seen) for key, seen in on_host.items() if _is_habit(seen)},
    )


def _is_habit(days: set[int]) -> bool:
    return len(days) * _SPARSE >= max(days) - min(days) + 1
