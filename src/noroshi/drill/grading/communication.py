"""Communication: who asked, got an answer, and in time."""

from __future__ import annotations

from noroshi.drill.exercise.letter import Letter
from noroshi.drill.exercise.parties import PARTY_NAMES, party_of
from noroshi.drill.grading.attempt import Attempt
from noroshi.drill.grading.mark import Axis, Mark
from noroshi.lang import N_, Message

_SILENT, _LATE = 0.34, 0.17


def communication(attempt: Attempt) -> Mark:
    """Judge the answers to those who asked unbidden.

    Questions that the team's own action brought on earn nothing and cost nothing: telling the
    police must not cost the marks of a team that had no time for their next question.
    """
    letters = attempt.state.letters
    share, reasons = 1.0, []
    for letter in letters:
        if not letter.wants_answer_by or letter.wants_answer_by > attempt.now:
            continue
        if letter.answer_to or letter.id.startswith("standstill-"):
            continue
        answered = _answered(letter, letters)
        party = party_of(letter.sender)
        who = {"who": PARTY_NAMES[party] if party else letter.sender}
        if not answered:
            share -= _SILENT
            reasons.append(Message(N_("{who} asked and heard nothing."), who))
        elif answered > letter.wants_answer_by:
            share -= _LATE
            reasons.append(Message(N_("{who} was answered late."), who))
        else:
            reasons.append(Message(N_("{who} was answered in time."), who))
    nobody = Message(N_("Nobody has waited for an answer so far."))
    return Mark(Axis.COMMUNICATION, max(0.0, share), tuple(reasons) or (nobody,))


def _answered(asked: Letter, letters: tuple[Letter, ...]) -> int:
    """When the sender next heard from the team; 0 for never."""
    times = (
        letter.time
        for letter in letters
        if letter.time >= asked.time
        and (letter.answer_to == asked.id or letter.recipient == asked.sender)
    )
    return min(times, default=0)
