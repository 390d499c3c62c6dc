"""Answers to the questions, held against the one right answer each has."""

from __future__ import annotations

from collections.abc import Sequence

from noroshi.drill.clock import local
from noroshi.drill.grading.attempt import Attempt
from noroshi.drill.grading.mark import Axis, Mark
from noroshi.drill.grading.moments import moments
from noroshi.drill.grading.questions import Question
from noroshi.lang import N_, Message


def replies(attempt: Attempt, questions: Sequence[Question]) -> Mark:
    """Judge each answer right or wrong; the reason names the right one and where it stands."""
    if not questions:
        return Mark(Axis.ANSWERS, 1.0, (Message(N_("No questions were asked.")),))
    right, reasons = 0, []
    for question in questions:
        given = attempt.document.answers.get(question.id, "")
        good = _right(question, given, attempt)
        right += good
        about = {
            "id": question.id,
            "answer": shown(question),
            "where": ", ".join(question.proof[:2]),
        }
        reasons.append(
            Message(
                N_("{id} right.") if good else N_("{id}: it is {answer}; see {where}."),
                {"id": question.id} if good else about,
            )
        )  # fmt: skip
    return Mark(Axis.ANSWERS, right / len(questions), tuple(reasons))


def shown(question: Question) -> str:
    """Return the right answer for people to read."""
    if question.tolerance:
        return f"{local(int(question.answers[0])):%m-%d %H:%M}"
    return question.answers[0]


def _right(question: Question, given: str, attempt: Attempt) -> bool:
    if question.tolerance:
        settings = attempt.state.settings
        wanted = int(question.answers[0])
        times = moments(given, settings.begin, settings.end)
        return any(abs(time - wanted) <= question.tolerance for time in times)
    plain = given.strip(" 　`\"'。.").casefold().rpartition("\\")[2]
    return plain in {answer.casefold() for answer in question.answers}
