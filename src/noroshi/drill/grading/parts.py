"""The parts that a report on an incident must have, and how the template asks for them.

The parts follow what Japanese reporting forms have in common (the local governments' incident form,
the follow-up report under the Act on the Protection of Personal Information, Enforcement Rules
Art. 43): what, when, how far, why, what was done, who was told, what comes next.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from noroshi.lang import N_


class Part(StrEnum):
    """A part of a report; the value is its key in JSON."""

    SUMMARY = "summary"
    SCOPE = "scope"
    TIMELINE = "timeline"
    CAUSE = "cause"
    MEASURES = "measures"
    IMPACT = "impact"
    CONTACTS = "contacts"
    NEXT = "next"
    ANSWERS = "answers"


@dataclass(frozen=True, slots=True)
class About:
    """Heading and guidance of a part."""

    heading: str
    guidance: str


PARTS = {
    Part.SUMMARY: About(
        N_("Summary"), N_("What happened, in three sentences that the mayor understands.")
    ),
    Part.SCOPE: About(
        N_("Scope"), N_("Names after each colon, separated by commas; leave nothing out.")
    ),
    Part.TIMELINE: About(
        N_("Timeline"), N_("One line a step of the intruder; the ATT&CK technique if you know it.")
    ),
    Part.CAUSE: About(N_("Cause"), N_("How the intruder came in, and what made it possible.")),
    Part.MEASURES: About(
        N_("Measures taken"), N_("What you did, when, on which machine or account.")
    ),
    Part.IMPACT: About(
        N_("Impact on residents and services"),
        N_("Which services stood still, whose data may be in whose hands."),
    ),
    Part.CONTACTS: About(N_("Who was told"), N_("Who was told what, and when.")),
    Part.NEXT: About(
        N_("Next steps and prevention"), N_("What is still to do, by whom; what must change.")
    ),
    Part.ANSWERS: About(N_("Answers to the questions"), N_("Write after the colon.")),
}

SCOPE_LINES = {
    "hosts": N_("Machines"),
    "accounts": N_("Accounts"),
    "data": N_("Data"),
}
TIMELINE_HEADS = (N_("Time"), N_("Machine"), N_("What happened"), N_("Technique"))
REQUIRED = tuple(part for part in Part if part is not Part.ANSWERS)
"""Questions are the exercise's, not the report's."""
