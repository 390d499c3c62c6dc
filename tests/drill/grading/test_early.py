"""Before anything could be known there is no grade, and before a report no answers are told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from noroshi.drill.clock import MINUTE
from noroshi.drill.exercise.clock import Clock
from noroshi.drill.exercise.engine import Exercise
from noroshi.drill.exercise.roles import Role
from noroshi.drill.exercise.stage import ScenarioStage
from noroshi.drill.exercise.state import State
from noroshi.drill.grading.attempt import Attempt
from noroshi.drill.grading.document import Document
from noroshi.drill.grading.errors import GradingError
from noroshi.drill.grading.grade import grade, judge
from noroshi.drill.grading.mark import Axis, Mark

STAGE = ScenarioStage()
READ = (Axis.SCOPE, Axis.TIMELINE, Axis.REPORT, Axis.ANSWERS)


def marks(minutes: int, document: Document | None = None) -> dict[Axis, Mark]:
    settings = STAGE.open("insider", 1, 1, "")
    untouched = STAGE.tell(settings, ())
    time = min(settings.alert + minutes * MINUTE, settings.end)
    state = State(settings, Clock(settings.begin, settings.end, time, 0))
    attempt = Attempt(state, document or Document(), untouched, untouched, 2.0)
    return {mark.axis: mark for mark in judge(attempt).marks}


def test_at_the_alarm_it_is_too_early(tmp_path: Path) -> None:
    exercise = Exercise(tmp_path, STAGE)
    settings = STAGE.open("insider", 1, 1, "")
    state = exercise.start(settings)
    with pytest.raises(GradingError, match=r"too early to grade: the alarm came at \d\d:\d\d"):
        grade(exercise, STAGE)
    exercise.advance(state.clock.time + 11 * MINUTE, Role.ALL)
    result = grade(exercise, STAGE)
    told = " ".join(str(reason) for mark in result.grade.marks for reason in mark.reasons)
    assert all(answer not in told for question in result.questions for answer in question.answers)


def test_no_answers_are_told_while_a_report_can_be_handed_in() -> None:
    for axis in READ:
        mark = marks(60)[axis]
        assert mark.points == 0
        assert [reason.template for reason in mark.reasons] == [
            "Not judged yet: no report has been handed in."
        ]


def test_at_the_end_they_are_told() -> None:
    over = marks(10**6)
    assert any("Not named" in reason.template for reason in over[Axis.SCOPE].reasons)


def test_a_report_that_was_handed_in_is_judged_at_once() -> None:
    handed = replace(Document(), scope={"hosts": ("PC001",)})
    assert any("Machines" in reason.template for reason in marks(60, handed)[Axis.SCOPE].reasons)
