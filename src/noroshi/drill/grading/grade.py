"""All marks of one team."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from noroshi.drill.clock import local
from noroshi.drill.exercise.engine import Exercise
from noroshi.drill.exercise.outcome import Stage
from noroshi.drill.exercise.state import Appeal, State
from noroshi.drill.grading.ask import ask
from noroshi.drill.grading.attempt import READING, Attempt
from noroshi.drill.grading.communication import communication
from noroshi.drill.grading.decisions import decisions
from noroshi.drill.grading.document import Document, read_document
from noroshi.drill.grading.errors import GradingError
from noroshi.drill.grading.harm import harm
from noroshi.drill.grading.mark import Axis, Grade, Mark
from noroshi.drill.grading.obligations import obligations
from noroshi.drill.grading.policies import Policy, best_policy
from noroshi.drill.grading.questions import Question
from noroshi.drill.grading.recovery import recovery
from noroshi.drill.grading.replies import replies
from noroshi.drill.grading.report import report
from noroshi.drill.grading.scope import scope
from noroshi.drill.grading.timeline import timeline
from noroshi.lang import N_, Message


@dataclass(frozen=True)
class Result:
    """A grade and everything it rests on."""

    grade: Grade
    attempt: Attempt
    policy: Policy
    questions: tuple[Question, ...]


def grade(exercise: Exercise, stage: Stage) -> Result:
    """Grade an exercise as it stands.

    Raises:
        GradingError: it is too early, or the document that counts cannot be read.
    """
    state = exercise.state()
    settings = state.settings
    first = settings.alert + READING
    if state.clock.time < first:
        raise GradingError(
            f"too early to grade: the alarm came at {local(settings.alert):%H:%M} and nothing "
            f"could be known before {local(first):%H:%M}; let time pass: noroshi drill advance"
        )
    policy = best_policy(lambda actions: stage.tell(settings, actions), settings)
    untouched = stage.tell(settings, ())
    attempt = Attempt(
        state, document_of(state), stage.tell(settings, state.actions), untouched, policy.harm
    )
    questions = tuple(ask(settings, untouched, exercise.evidence))
    return Result(judge(attempt, questions), attempt, policy, questions)


def judge(attempt: Attempt, questions: Sequence[Question] = ()) -> Grade:
    """Return the marks of an attempt, with the instructor's corrections."""
    marks = (
        _read(Axis.SCOPE, attempt, scope), _read(Axis.TIMELINE, attempt, timeline),
        decisions(attempt), harm(attempt), obligations(attempt),
        _read(Axis.REPORT, attempt, report), communication(attempt), recovery(attempt),
        _read(Axis.ANSWERS, attempt, lambda each: replies(each, questions)),
    )  # fmt: skip
    return Grade(tuple(_corrected(mark, attempt.state.appeals) for mark in marks))


def _read(axis: Axis, attempt: Attempt, mark: Callable[[Attempt], Mark]) -> Mark:
    """Judge what a report says; while it can still be handed in, its absence tells no answers."""
    if attempt.document == Document() and not attempt.state.clock.over:
        return Mark(axis, 0.0, (Message(N_("Not judged yet: no report has been handed in.")),))
    return mark(attempt)


def document_of(state: State) -> Document:
    """Return the document that counts: the last one handed in, or an empty one."""
    if not state.submissions:
        return Document()
    last = state.submissions[-1]
    return read_document(last.text, last.name, state.settings.begin, state.settings.end)


def checked_appeal(mark: str, points: float) -> Axis:
    """Return the axis that an appeal names.

    Raises:
        GradingError: no such axis, or points that cannot be had.
    """
    try:
        axis = Axis(mark)
    except ValueError as error:
        raise GradingError(f"there is no mark {mark!r}; one of {', '.join(Axis)}") from error
    most = Mark(axis, 1.0).out_of
    if not 0 <= points <= most:
        raise GradingError(f"{mark}: 0 to {most:g} points, not {points:g}")
    return axis


def _corrected(mark: Mark, appeals: Sequence[Appeal]) -> Mark:
    for appeal in reversed(appeals):
        if appeal.mark == mark.axis:
            why = Message(
                N_("Set by the instructor from {before} to {after}: {reason}"),
                {"before": round(mark.points, 1), "after": appeal.points, "reason": appeal.reason},
            )
            return replace(
                mark, share=appeal.points / mark.out_of, reasons=(why, *mark.reasons), by_hand=True
            )
    return mark
