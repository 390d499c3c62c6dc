"""A finding: one analytic's claim, with what it rests on and what would disprove it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from noroshi.lang import Message
from noroshi.model.entity import Entity
from noroshi.model.severity import Severity


@dataclass(frozen=True, slots=True)
class Evidence:
    """One event that a finding rests on, with the fields that made it match."""

    event_id: str
    class_name: str
    time: int
    host: str
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One claim.

    Attributes:
        id: :func:`finding_id` of analytic, rule, subject and window.
        analytic: which engine: ``sigma``, ``indicator``, ``password_spraying`` …
        rule_id: rule or indicator; the analytic's name if it has no rules.
        title: the rule's own title, or a message's English text.
        severity: how bad it is if it is true.
        score: 0 … 1, how sure the analytic is.
        techniques: ATT&CK technique ids (``T1059.001``).
        tactics: ATT&CK tactic short names (``execution``).
        subject: whom it is about: a host, an account or an address.
        first: time of the first event, µs since 1970 UTC.
        last: time of the last event.
        count: number of events.
        hosts: hosts concerned, sorted.
        entities: what it shares with other findings.
        evidence: a sample of the events, earliest first, at most :data:`EVIDENCE_KEPT`.
        explanation: what was seen and because of what.
        disproof: what would show that the claim is wrong.
        next_steps: what to check next, most useful first.
        author: who wrote the rule; kept because rule licences ask for it.
        licence: licence of the rule.
        references: where the rule or method is described.
    """

    id: str
    analytic: str
    rule_id: str
    title: str
    severity: Severity
    score: float
    subject: str
    first: int
    last: int
    count: int
    explanation: Message
    disproof: Message
    next_steps: tuple[Message, ...] = ()
    techniques: tuple[str, ...] = ()
    tactics: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    entities: tuple[Entity, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    author: str = ""
    licence: str = ""
    references: tuple[str, ...] = field(default=())


EVIDENCE_KEPT = 20


def finding_id(analytic: str, rule_id: str, subject: str, window: str) -> str:
    """Return the finding's id: 128 bits of a SHA-256 over what makes it the same claim."""
    text = "\x1f".join((analytic, rule_id, subject, window))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
