"""Marks: points on one axis, with every reason in words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from noroshi.lang import N_, Message


class Axis(StrEnum):
    """What an incident asks of people."""

    SCOPE = "scope"
    TIMELINE = "timeline"
    DECISIONS = "decisions"
    HARM = "harm"
    OBLIGATIONS = "obligations"
    REPORT = "report"
    COMMUNICATION = "communication"
    RECOVERY = "recovery"
    ANSWERS = "answers"


WEIGHTS = {
    Axis.SCOPE: 15.0,
    Axis.TIMELINE: 10.0,
    Axis.DECISIONS: 15.0,
    Axis.HARM: 20.0,
    Axis.OBLIGATIONS: 10.0,
    Axis.REPORT: 12.0,
    Axis.COMMUNICATION: 6.0,
    Axis.RECOVERY: 6.0,
    Axis.ANSWERS: 6.0,
}
"""Points of each axis; together 100. A third is for what was prevented and decided."""

AXIS_NAMES = {
    Axis.SCOPE: N_("Scope: which machines, accounts and data"),
    Axis.TIMELINE: N_("Timeline: order and times"),
    Axis.DECISIONS: N_("Decisions: the right measure at the right time"),
    Axis.HARM: N_("Harm averted"),
    Axis.OBLIGATIONS: N_("Reports that are owed to others"),
    Axis.REPORT: N_("The written report"),
    Axis.COMMUNICATION: N_("Answers to those who asked"),
    Axis.RECOVERY: N_("Recovery: cause removed, order kept"),
    Axis.ANSWERS: N_("Answers to the questions"),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One axis judged.

    Attributes:
        axis: which.
        share: what was reached, 0 to 1.
        reasons: why, for the team to read.
        by_hand: whether the instructor set it.
    """

    axis: Axis
    share: float
    reasons: tuple[Message, ...] = ()
    by_hand: bool = False

    @property
    def points(self) -> float:
        """Points reached."""
        return self.share * self.out_of

    @property
    def out_of(self) -> float:
        """Points to be had."""
        return WEIGHTS[self.axis]


@dataclass(frozen=True, slots=True)
class Grade:
    """All axes of one team."""

    marks: tuple[Mark, ...]

    @property
    def points(self) -> float:
        """Points reached, of 100."""
        return sum(mark.points for mark in self.marks)
