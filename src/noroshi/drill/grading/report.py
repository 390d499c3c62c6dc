"""The report: are its parts there, and are its facts facts?"""

from __future__ import annotations

from noroshi.drill.grading.attempt import Attempt
from noroshi.drill.grading.claims import Claim, Verdict, claims
from noroshi.drill.grading.mark import Axis, Mark
from noroshi.drill.grading.parts import PARTS, REQUIRED, Part
from noroshi.lang import N_, Message

_SHORTEST = 15
"""A part with fewer characters says nothing."""
ENOUGH = 6
"""So many right claims show that a report rests on evidence."""
_PROSE = (Part.SUMMARY, Part.CAUSE, Part.MEASURES, Part.IMPACT, Part.CONTACTS, Part.NEXT)


def report(attempt: Attempt) -> Mark:
    """Judge half by the parts, half by the claims."""
    sections = attempt.document.sections
    there = [part for part in REQUIRED if _says_something(sections.get(part, ""))]
    missing = [part for part in REQUIRED if part not in there]
    said = N_("Missing, or too short to say anything: {part}.")
    reasons = [Message(said, {"part": PARTS[each].heading}) for each in missing]
    checked = claims_of(attempt)
    right = sum(claim.verdict is Verdict.RIGHT for claim in checked)
    wrong = [claim for claim in checked if claim.verdict is Verdict.WRONG]
    reasons.append(
        Message(
            N_("{right} facts agree with the evidence, {wrong} do not."),
            {"right": right, "wrong": len(wrong)},
        )
    )
    reasons += [_wrong(claim) for claim in wrong[:6]]
    true = right / len(checked) if checked else 0.0
    share = 0.5 * len(there) / len(REQUIRED) + 0.5 * true * min(1.0, right / ENOUGH)
    return Mark(Axis.REPORT, share, tuple(reasons))


def _wrong(claim: Claim) -> Message:
    """A reason may have a parameter of its own; a message within a message cannot."""
    if "time" in claim.reason.params:
        return Message(
            N_("“{mention}”: nothing happened there then; the nearest is {time}."),
            {"mention": claim.mention, "time": claim.reason.params["time"]},
        )
    about = {"mention": claim.mention, "reason": claim.reason.template}
    return Message(N_("“{mention}”: {reason}"), about)


def claims_of(attempt: Attempt) -> list[Claim]:
    """Return the checked claims of all prose of a report."""
    sections = attempt.document.sections
    return [claim for part in _PROSE for claim in claims(attempt, sections.get(part, ""))]


def _says_something(text: str) -> bool:
    letters = sum(character.isalnum() for character in text)
    return letters >= _SHORTEST
