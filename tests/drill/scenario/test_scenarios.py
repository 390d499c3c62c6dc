"""The contract that every scenario keeps."""

from __future__ import annotations

import json

import pytest

from noroshi.drill.action import Action, ActionKind
from noroshi.drill.clock import MINUTE
from noroshi.drill.errors import DrillError
from noroshi.drill.exercise.clock import Clock
from noroshi.drill.exercise.stage import ScenarioStage
from noroshi.drill.exercise.state import Settings, State
from noroshi.drill.grading.attempt import Attempt
from noroshi.drill.grading.document import Document
from noroshi.drill.grading.grade import judge
from noroshi.drill.grading.policies import best_policy
from noroshi.drill.scenario.lint import lint
from noroshi.drill.scenario.schema import parse
from noroshi.drill.scenario.shelf import scenario, scenarios

STAGE = ScenarioStage()
NAMES = sorted(scenarios())


def points(settings: Settings, actions: tuple[Action, ...], best: float) -> float:
    clock = Clock(settings.begin, settings.end, settings.end, 0)
    state = State(settings, clock, actions=actions)
    outcome, untouched = STAGE.tell(settings, actions), STAGE.tell(settings, ())
    return judge(Attempt(state, Document(), outcome, untouched, best)).points


def test_the_library_holds_twelve() -> None:
    assert len(NAMES) >= 12
    assert {each.course for each in scenarios().values()} == {"A", "B", "C"}


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_can_be_played_at_every_level(name: str) -> None:
    assert lint(name, (1, 2)) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_best_policy_beats_nothing_and_nothing_beats_nonsense(name: str) -> None:
    settings = STAGE.open(name, 1, 1, "")
    best = best_policy(lambda actions: STAGE.tell(settings, actions), settings)
    hosts = sorted(STAGE.tell(settings, ()).hosts)
    touched = {host for step in STAGE.tell(settings, ()).steps for host in step.hosts}
    wrong = tuple(
        Action(settings.alert + 20 * MINUTE, ActionKind.ISOLATE_HOST, host, "csirt")
        for host in [host for host in hosts if host not in touched and host.startswith("PC")][:5]
    )
    good = points(settings, best.actions, best.harm)
    nothing = points(settings, (), best.harm)
    assert good > nothing + 15
    assert points(settings, wrong, best.harm) <= nothing


@pytest.mark.parametrize("name", NAMES)
def test_every_measure_of_the_model_answer_counts_for_something(name: str) -> None:
    """An extra correct action never lowers a score."""
    settings = STAGE.open(name, 2, 1, "")
    best = best_policy(lambda actions: STAGE.tell(settings, actions), settings)
    before = points(settings, (), best.harm)
    taken: tuple[Action, ...] = ()
    for measure in STAGE.tell(settings, ()).brief.model:
        time = settings.alert + 25 * MINUTE
        taken = (*taken, Action(time, measure.kind, measure.target, "csirt"))
        after = points(settings, taken, best.harm)
        assert after >= before - 1e-9, measure
        before = after


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": "UPPER"}, "name"),
        ({"levels": {"1": {"alert": "nine"}}}, r"levels\.1\.alert"),
        ({"steps": {}}, "steps"),
        ({"title": {"en": "only one"}}, r"title\.ja"),
        ({"cast": {"c2": {"site": 'a.example","SourceIp":"'}}}, r"cast\.c2\.site"),
        ({"cast": {"c2": {"site": ["a.example\nforged line"]}}}, r"cast\.c2\.site"),
        ({"alarm": {"from": "nobody", "text": {"en": "a", "ja": "b"}}}, r"alarm\.from"),
    ],
)
def test_a_mistake_is_named_with_its_place(change: dict[str, object], told: str) -> None:
    raw = json.loads(scenario("mail-macro").model_dump_json(by_alias=True))
    parse(json.dumps(raw), "ours.yaml")
    with pytest.raises(DrillError, match=told):
        parse(json.dumps(raw | change), "ours.yaml")


def test_an_unknown_scenario_names_those_there_are() -> None:
    with pytest.raises(DrillError, match="mail-macro"):
        scenario("nothing")
