"""Every question has one answer, and the emitted files hold it."""

from __future__ import annotations

from pathlib import Path

import pytest

from noroshi.drill.clock import MINUTE, at
from noroshi.drill.demo import SCENARIO as NAME
from noroshi.drill.exercise.engine import Exercise
from noroshi.drill.exercise.outcome import Outcome
from noroshi.drill.exercise.roles import Role
from noroshi.drill.exercise.stage import ScenarioStage
from noroshi.drill.grading.ask import ask
from noroshi.drill.grading.questions import Question

STAGE = ScenarioStage()


@pytest.fixture(scope="module")
def exercise(tmp_path_factory: pytest.TempPathFactory) -> Exercise:
    made = Exercise(tmp_path_factory.mktemp("ask") / "t", STAGE)
    made.start(STAGE.open(NAME, 6, 1, ""))
    return made


def questions(exercise: Exercise) -> list[Question]:
    settings = exercise.state().settings
    return ask(settings, STAGE.tell(settings, ()), exercise.evidence)


def outcome(exercise: Exercise) -> Outcome:
    return exercise.outcome(exercise.state())


def test_questions_are_asked(exercise: Exercise) -> None:
    made = questions(exercise)
    assert [question.id for question in made] == [f"Q{n}" for n in range(1, len(made) + 1)]
    assert 4 <= len(made) <= 6


def test_each_proof_is_a_line_that_names_the_artefact(exercise: Exercise) -> None:
    needles = {each.text.params["text"]: each.needle for each in outcome(exercise).brief.questions}
    for question in questions(exercise):
        params = question.text.params
        artefact = str(params.get("artefact") or needles[params["text"]])
        assert question.proof
        for where in question.proof:
            name, _, number = where.rpartition(":")
            lines = (exercise.evidence / name).read_bytes().splitlines()
            assert artefact.encode() in lines[int(number) - 1]


def test_no_other_machine_stands_beside_the_artefact(exercise: Exercise) -> None:
    """Looked for in another way: every line of every file, every client address."""
    hosts = outcome(exercise).hosts
    for question in questions(exercise):
        if question.tolerance or question.answers[0] not in hosts:
            continue
        artefact = str(question.text.params["artefact"])
        clients = {
            host.name
            for path in exercise.evidence.rglob("*")
            if path.is_file()
            for line in path.read_text("utf-8", "replace").splitlines()
            if artefact in line
            for host in hosts.values()
            if host.role == "pc" and host.ip in line.replace("\t", " ").replace(":", " ").split()
        }
        assert clients <= set(question.answers)


def test_time_questions_ask_for_a_time_in_the_evidence(exercise: Exercise) -> None:
    times = [int(q.answers[0]) for q in questions(exercise) if q.tolerance]
    assert times
    assert all(at(6) <= time <= exercise.state().settings.alert for time in times)
    assert all(q.tolerance <= 5 * MINUTE for q in questions(exercise))


def test_questions_do_not_change_while_the_exercise_goes_on(exercise: Exercise) -> None:
    before = questions(exercise)
    exercise.advance(at(12), Role.ALL)
    assert questions(exercise) == before


def test_no_question_tells_the_answer_to_another(tmp_path: Path) -> None:
    """The gateway's flaw: the outside address is asked for, so no other question names it."""
    made = Exercise(tmp_path / "t", STAGE)
    made.start(STAGE.open("vpn-flaw", 1, 1, ""))
    asked = questions(made)
    answers = {answer for each in asked for answer in each.answers}
    assert "192.0.2.92" in answers
    assert not [each for each in asked if each.text.params.get("artefact") in answers]
    assert len(asked) > 1


def test_nothing_is_asked_twice(tmp_path: Path) -> None:
    """The scenario asks which machine visited the false page; that is not asked once more."""
    made = Exercise(tmp_path / "t", STAGE)
    made.start(STAGE.open("open-cloud", 1, 1, ""))
    asked = questions(made)
    machines = [each for each in asked if not each.tolerance and each.answers[0].startswith("PC")]
    assert len(machines) == 1
