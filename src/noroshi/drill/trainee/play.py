"""A trainee plays an exercise without hands and without files.

Every half hour the trainee looks at what can be known, deals with what is noticed, answers, and at
the end reports. What is noticed is drawn once a thing from the seed and the trainee's skill, so
that under the same seed a better trainee notices everything that a lesser one does.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from noroshi.drill.action import Action, ActionKind
from noroshi.drill.clock import HOUR, MINUTE
from noroshi.drill.exercise.clock import Clock
from noroshi.drill.exercise.injects import due
from noroshi.drill.exercise.letter import Channel, Letter, own_words
from noroshi.drill.exercise.outcome import Outcome, Stage
from noroshi.drill.exercise.parties import Party
from noroshi.drill.exercise.roles import Role
from noroshi.drill.exercise.scene import Scene
from noroshi.drill.exercise.state import Settings, State, Submission
from noroshi.drill.grading.attempt import Attempt, knowable
from noroshi.drill.grading.grade import document_of, judge
from noroshi.drill.grading.mark import Grade
from noroshi.drill.grading.policies import best_policy
from noroshi.drill.trainee.report import report
from noroshi.drill.trainee.skill import Skill

_LOOK = 30 * MINUTE
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
_CAREFUL = 7
"""From so many parts of the report on a trainee also preserves before isolating."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one trainee did, and what it was worth."""

    state: State
    grade: Grade


def play(stage: Stage, settings: Settings, skill: Skill, seed: int) -> Turn:
    """Let a trainee play an exercise to its end and grade it, but for the questions.

    Args:
        stage: where it plays.
        settings: of the exercise.
        skill: of the trainee.
        seed: of what the trainee notices.
    """
    trainee = _Trainee(stage, settings, skill, seed)
    state = trainee.play()
    policy = best_policy(lambda actions: stage.tell(settings, actions), settings)
    attempt = Attempt(
        state, document_of(state), stage.tell(settings, state.actions), stage.tell(settings, ()),
        policy.harm,
    )  # fmt: skip
    return Turn(state, judge(attempt))


@dataclass
class _Trainee:
    stage: Stage
    settings: Settings
    skill: Skill
    seed: int
    actions: tuple[Action, ...] = ()
    letters: tuple[Letter, ...] = ()
    done: set[tuple[ActionKind, str]] = field(default_factory=set)

    def play(self) -> State:
        settings = self.settings
        time = settings.alert
        for kind, target in _DUTIES[: self.skill.duties]:
            self._act(kind, str(target), time)
        hosts = sorted(self._outcome().hosts)[10:]
        for host in random.Random(self.seed).sample(hosts, self.skill.wrong):  # noqa: S311
            self._act(ActionKind.ISOLATE_HOST, host, time)
        while time < settings.end - HOUR:
            time += _LOOK
            self._look(time)
        seen = {name: set(found) for name, found in self._noticed(time, 0).items()}
        steps = [step for step in self._outcome().done(time) if self._may(f"step/{step.id}")]
        clock = Clock(settings.begin, settings.end, time, 0)
        state = replace(State(settings, clock), actions=self.actions, letters=self.letters)
        text = report(self.skill, seen, steps)
        return replace(state, submissions=(Submission(time, Role.ALL, "report.md", text),))

    def _look(self, time: int) -> None:
        scene = Scene(self.settings, self._outcome(), self.actions, self.letters, time)
        self.letters = (*self.letters, *due(scene))
        for kind, names in self._noticed(time, self.skill.reacts).items():
            for name in names if kind in _TREAT else ():
                if kind == "hosts" and self.skill.parts >= _CAREFUL:
                    self._act(ActionKind.PRESERVE, name, time)
                self._act(_TREAT[kind], name, time)
        for letter in self._unanswered():
            said = Letter(
                f"said-{len(self.letters)}", time, Role.ALL, letter.sender, Channel.CHAT,
                own_words("調査中です。"), letter.id,
            )  # fmt: skip
            self.letters = (*self.letters, said)

    def _unanswered(self) -> Iterator[Letter]:
        answered = {each.answer_to for each in self.letters}
        for letter in self.letters:
            asks = letter.wants_answer_by and letter.id not in answered
            if asks and self._may(f"letter/{letter.id}"):
                yield letter

    def _noticed(self, now: int, delay: int) -> dict[str, list[str]]:
        known = knowable(self._outcome().done(now), self.settings.alert)
        return {
            kind: [name for name, since in names.items()
                   if since + delay <= now and self._may(f"{kind}/{name}")]
            for kind, names in known.items()
        }  # fmt: skip

    def _may(self, what: str) -> bool:
        return random.Random(f"{self.seed}/{what}").random() < self.skill.notices  # noqa: S311

    def _act(self, kind: ActionKind, target: str, time: int) -> None:
        if (kind, target) not in self.done:
            self.done.add((kind, target))
            self.actions = (*self.actions, Action(time, kind, target, Role.ALL))

    def _outcome(self) -> Outcome:
        return self.stage.tell(self.settings, self.actions)
