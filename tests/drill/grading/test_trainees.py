"""In every kind of story better trainees get more points, and correct actions never cost any."""

from __future__ import annotations

from dataclasses import replace

import pytest

from noroshi.drill.action import Action, ActionKind
from noroshi.drill.clock import MINUTE
from noroshi.drill.exercise.clock import Clock
from noroshi.drill.exercise.stage import ScenarioStage
from noroshi.drill.exercise.state import State
from noroshi.drill.grading.attempt import Attempt
from noroshi.drill.grading.document import Document
from noroshi.drill.grading.grade import judge
from noroshi.drill.grading.mark import Axis
from noroshi.drill.grading.policies import best_policy
from noroshi.drill.trainee import SKILLS, play, spearman
from noroshi.drill.trainee.monotone import correct, drops

STAGE = ScenarioStage()
STORIES = (("mail-macro", 2), ("vpn-flaw", 1), ("invoice-fraud", 2), ("supplier-stick", 3),
           ("open-cloud", 3), ("insider", 1))  # fmt: skip


@pytest.mark.parametrize(("name", "level"), STORIES)
def test_five_levels_of_skill_are_ranked_right(name: str, level: int) -> None:
    settings = STAGE.open(name, 10 + level, level, "")
    points = [play(STAGE, settings, skill, level).grade.points for skill in SKILLS]
    assert spearman(points) >= 0.95
    assert points[0] < 45 < 75 < points[-1]


@pytest.mark.parametrize(("name", "level"), STORIES)
def test_an_extra_correct_action_never_lowers_a_score(name: str, level: int) -> None:
    settings = STAGE.open(name, level, level, "")
    assert list(drops(STAGE, settings, 20, level)) == []


def test_getting_round_a_good_measure_does_not_cost_its_score() -> None:
    """A blocked storage service drives the intruder to another server, which nobody has blocked."""
    settings = STAGE.open("mail-macro", 2, 2, "")
    untouched = STAGE.tell(settings, ())
    owner = Action(settings.alert + 290 * MINUTE, ActionKind.RESET_PASSWORD, "m.onishi", "csirt")
    block = Action(
        settings.alert + 310 * MINUTE, ActionKind.BLOCK, "upload.sorairo-storage.example", "csirt"
    )
    clock = Clock(settings.begin, settings.end, settings.end - MINUTE, 0)
    attempts = []
    for actions in ((owner,), (owner, block)):
        state = replace(State(settings, clock), actions=actions)
        told = STAGE.tell(settings, actions)
        attempts.append(Attempt(state, Document(), told, untouched, 2.0))
    assert attempts[1].provoked["outside"]
    assert not attempts[0].provoked["outside"]
    assert judge(attempts[1]).points >= judge(attempts[0]).points


def test_nobody_can_do_better_than_the_best_policy_by_much() -> None:
    settings = STAGE.open("vpn-flaw", 4, 2, "")
    worst = STAGE.tell(settings, ()).harm_until(settings.end)
    best = best_policy(lambda actions: STAGE.tell(settings, actions), settings)
    turn = play(STAGE, settings, SKILLS[-1], 1)
    came = STAGE.tell(settings, turn.state.actions).harm_until(settings.end)
    assert best.harm - 10 <= came < worst
    assert best.harm < worst - 15


def test_correct_actions_include_what_the_scenario_owes() -> None:
    settings = STAGE.open("invoice-fraud", 1, 1, "")
    right = {(kind.value, target) for kind, target in correct(settings, STAGE.tell(settings, ()))}
    assert ("call", "bank") in right
    assert ("reset-password", "search") not in right


def test_a_trainee_who_notices_more_does_more() -> None:
    settings = STAGE.open("vpn-flaw", 1, 1, "")
    turns = [play(STAGE, settings, skill, 5) for skill in (SKILLS[0], SKILLS[-1])]
    marks = [{mark.axis: mark.points for mark in turn.grade.marks} for turn in turns]
    assert len(turns[0].state.actions) < len(turns[1].state.actions)
    for axis in (Axis.SCOPE, Axis.HARM, Axis.DECISIONS, Axis.OBLIGATIONS):
        assert marks[0][axis] < marks[1][axis]


@pytest.mark.parametrize(
    ("values", "wanted"),
    [([1.0, 2.0, 3.0], 1.0), ([3.0, 2.0, 1.0], -1.0), ([1.0, 1.0], 0.0), ([1.0, 3.0, 2.0], 0.5)],
)
def test_rank_correlation(values: list[float], wanted: float) -> None:
    assert spearman(values) == pytest.approx(wanted)


def test_a_trainee_is_graded_as_an_exercise_is() -> None:
    settings = STAGE.open("insider", 1, 1, "")
    grade = play(STAGE, settings, SKILLS[-1], 1).grade
    assert {mark.axis for mark in grade.marks} == set(Axis)
    assert all(mark.reasons for mark in grade.marks)
