"""Findings that belong together, made into one case."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid5

from noroshi.case.ground import Movement
from noroshi.case.names import account
from noroshi.case.noise import RuleUse
from noroshi.case.rank import rank, score
from noroshi.case.scene import most_often
from noroshi.case.tactics import in_order
from noroshi.case.title import title
from noroshi.model import Case, CaseStatus, EntityType, Finding, Reason

MOVEMENTS_TOLD = 12

_NAMESPACE = UUID("6f1cf5a2-6d0c-4a77-9b64-3a5d0e8f9c11")
"""Namespace of the case ids (UUID version 5, RFC 9562)."""


def assemble(
    findings: Sequence[Finding], rules: RuleUse, movements: Sequence[Movement] = ()
) -> Case:
    """Return the case that findings make.

    Args:
        findings: earliest first, at least one.
        rules: how often each rule fires, over all findings.
        movements: logons between the hosts of the case; they say why it spans them.
    """
    hosts = most_often(host for item in findings for host in item.hosts)
    tactics = in_order(name for item in findings for name in item.tactics)
    told = tuple(Reason(0.0, movement.message) for movement in movements[:MOVEMENTS_TOLD])
    reasons = (*rank(findings, rules), *told)
    return Case(
        id=str(uuid5(_NAMESPACE, findings[0].id)),
        title=title(findings, rules),
        status=CaseStatus.OPEN,
        score=score(reasons),
        reasons=reasons,
        finding_ids=tuple(item.id for item in findings),
        hosts=hosts,
        users=most_often(name for item in findings for name in _accounts(item)),
        tactics=tactics,
        techniques=tuple(sorted({name for item in findings for name in item.techniques})),
        first=findings[0].first,
        last=max(item.last for item in findings),
    )


def _accounts(finding: Finding) -> set[str]:
    users = (account(e.value) for e in finding.entities if e.type is EntityType.USER)
    return {name for name in users if name}
