"""Scripted trainees of five levels, who play the built-in day without hands."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from noroshi.drill.action import Action, ActionKind
from noroshi.drill.clock import HOUR, MINUTE, local
from noroshi.drill.demo import SCENARIO as NAME
from noroshi.drill.exercise.engine import Exercise
from noroshi.drill.exercise.outcome import Outcome
from noroshi.drill.exercise.parties import Party
from noroshi.drill.exercise.roles import Role
from noroshi.drill.exercise.stage import ScenarioStage
from noroshi.drill.exercise.state import Settings, State
from noroshi.drill.grading.attempt import knowable
from noroshi.drill.grading.grade import Result
from noroshi.drill.grading.grade import grade as grade_exercise
from noroshi.drill.grading.parts import PARTS, REQUIRED, Part


class QuietStage(ScenarioStage):
    """The built-in day without its files: grading reads them only for the questions."""

    def write(
        self, settings: Settings, actions: tuple[Action, ...], begin: int, end: int, folder: Path
    ) -> None:
        """Write nothing."""


@dataclass(frozen=True)
class Skill:
    """What a trainee is able to do."""

    notices: float
    reacts: int
    wrong: int
    parts: int
    minutes_off: int
    duties: int


SKILLS = (
    Skill(0.15, 400 * MINUTE, 4, 1, 50, 0),
    Skill(0.4, 200 * MINUTE, 3, 3, 30, 1),
    Skill(0.65, 100 * MINUTE, 2, 5, 15, 3),
    Skill(0.85, 45 * MINUTE, 1, 7, 6, 4),
    Skill(1.0, 10 * MINUTE, 0, 8, 1, 6),
)
_TREAT = {
    "hosts": ActionKind.ISOLATE_HOST,
    "accounts": ActionKind.RESET_PASSWORD,
    "outside": ActionKind.BLOCK,
}
_DUTIES = (
    (ActionKind.DECLARE, "high"),
    (ActionKind.NOTIFY, Party.PREFECTURE),
    (ActionKind.NOTIFY, Party.POLICE),
    (ActionKind.NOTIFY, Party.MAYOR),
    (ActionKind.NOTIFY, Party.COMMISSION),
    (ActionKind.PUBLISH, "web"),
)


class Trainee:
    """One trainee in one exercise."""

    def __init__(self, exercise: Exercise, level: int, seed: int) -> None:
        self._exercise = exercise
        self._skill = SKILLS[level]
        self._seed = seed

    def play(self) -> None:
        """Look every half hour, treat what is noticed, tell whom one must, report."""
        state = self._exercise.state()
        for kind, target in _DUTIES[: self._skill.duties]:
            self._exercise.act(kind, target, Role.ALL)
        hosts = sorted(self._exercise.outcome(state).hosts)
        for host in random.Random(self._seed).sample(hosts[10:], self._skill.wrong):
            self._exercise.act(ActionKind.ISOLATE_HOST, host, Role.ALL)
        time = state.settings.alert
        while time < state.settings.end - HOUR:
            time += 30 * MINUTE
            self._look(self._exercise.advance(time))
        self._exercise.submit(Role.ALL, "report.md", self._report(self._exercise.state()))

    def _look(self, state: State) -> None:
        outcome = self._exercise.outcome(state)
        for kind, target in self._noticed(outcome, state, self._skill.reacts):
            done = {(action.kind, action.target) for action in state.actions}
            if kind in _TREAT and (_TREAT[kind], target) not in done:
                if kind == "hosts" and self._skill.parts >= 7:
                    self._exercise.act(ActionKind.PRESERVE, target, Role.ALL)
                self._exercise.act(_TREAT[kind], target, Role.ALL)
        for letter in state.letters:
            if letter.wants_answer_by and self._may(f"letter/{letter.id}"):
                said = {each.answer_to for each in self._exercise.state().letters}
                if letter.id not in said:
                    self._exercise.message(Role.ALL, letter.sender, "調査中。", answer_to=letter.id)

    def _noticed(self, outcome: Outcome, state: State, delay: int) -> Iterator[tuple[str, str]]:
        now = state.clock.time
        for kind, names in knowable(outcome.done(now), state.settings.alert).items():
            for name, since in names.items():
                if since + delay <= now and self._may(f"{kind}/{name}"):
                    yield kind, name

    def _may(self, what: str) -> bool:
        return random.Random(f"{self._seed}/{what}").random() < self._skill.notices

    def _report(self, state: State) -> str:
        outcome = self._exercise.outcome(state)
        found: dict[str, list[str]] = {"hosts": [], "accounts": [], "data": [], "outside": []}
        for kind, name in self._noticed(outcome, state, 0):
            found[kind].append(name)
        steps = [
            f"| {local(step.time + self._skill.minutes_off * MINUTE):%m-%d %H:%M} "
            f"| {', '.join(step.hosts[:1])} | x | {step.technique} |"
            for step in outcome.done(state.clock.time)
            if self._may(f"step/{step.id}")
        ]
        wrong = ", ".join(f"PC{900 + number}" for number in range(self._skill.wrong))
        text = {
            Part.SUMMARY: f"{', '.join(found['hosts'])} が侵害された。"
            f"{wrong} も感染した疑いがある。",
            Part.SCOPE: f"- 端末: {', '.join([*found['hosts'], wrong])}\n"
            f"- アカウント: {', '.join(found['accounts'])}\n- データ: {', '.join(found['data'])}\n"
            "以上が影響範囲として確認できたものである。",
            Part.TIMELINE: "\n".join(steps) + "\n以上が確認できたできごとの一覧である。",
            Part.CAUSE: f"{', '.join(found['outside'])} との通信を許していたことによる。",
        }
        lines = []
        for number, part in enumerate(PARTS, 1):
            lines.append(f"## {number}. {PARTS[part].heading}")
            if part in REQUIRED[: self._skill.parts]:
                lines.append(
                    text.get(part, "詳細は別紙のとおりであり、引き続き調査を行うものとする。")
                )
        return "\n".join(lines)


@pytest.fixture(scope="session")
def stage() -> QuietStage:
    return QuietStage()


def play(folder: Path, stage: QuietStage, level: int, seed: int, difficulty: int) -> Result:
    """Let a trainee play and grade it."""
    exercise = Exercise(folder, stage)
    exercise.start(stage.open(NAME, seed, difficulty, ""))
    (folder / "evidence").mkdir(exist_ok=True)
    Trainee(exercise, level, seed).play()
    return grade_exercise(exercise, stage)


@pytest.fixture(scope="session")
def results(
    tmp_path_factory: pytest.TempPathFactory, stage: QuietStage
) -> dict[tuple[int, int], list[Result]]:
    """(seed, difficulty) -> results by level."""
    return {
        (seed, difficulty): [
            play(tmp_path_factory.mktemp("ex") / "t", stage, level, seed, difficulty)
            for level in range(len(SKILLS))
        ]
        for seed, difficulty in ((1, 1), (2, 2), (3, 3))
    }
