"""A case: findings that belong together, and what people decided about them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from noroshi.lang import Message


class CaseStatus(StrEnum):
    """State of a case."""

    OPEN = "open"
    CLOSED = "closed"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a case has the rank it has: points and the words for them."""

    points: float
    message: Message


@dataclass(frozen=True, slots=True)
class Case:
    """Findings that belong together.

    Attributes:
        id: UUID text; derived from the earliest finding, so that the same evidence gives the same.
        title: one line in a reader's language.
        status: open, closed or merged into another.
        score: sum of the reasons' points, for ranking.
        reasons: why it ranks there, most points first.
        finding_ids: the findings, earliest first.
        hosts: hosts concerned, most findings first.
        users: accounts concerned, most findings first.
        tactics: ATT&CK tactics in kill-chain order.
        techniques: ATT&CK techniques, sorted.
        first: earliest event, µs since 1970 UTC.
        last: latest event.
        merged_into: the case that took it over, if merged.
        note: the words with which it was closed.
    """

    id: str
    title: Message
    status: CaseStatus
    score: float
    reasons: tuple[Reason, ...]
    finding_ids: tuple[str, ...]
    hosts: tuple[str, ...]
    users: tuple[str, ...]
    tactics: tuple[str, ...]
    techniques: tuple[str, ...]
    first: int
    last: int
    merged_into: str = ""
    note: str = ""
