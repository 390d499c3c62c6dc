"""Does an extra correct action ever lower a score? Tried with chance, many times."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from noroshi.drill.action import Action, ActionKind
from noroshi.drill.clock import MINUTE
from noroshi.drill.exercise.clock import Clock
from noroshi.drill.exercise.outcome import Outcome, Stage
from noroshi.drill.exercise.parties import Party
from noroshi.drill.exercise.roles import Role
from noroshi.drill.exercise.state import Settings, State
from noroshi.drill.grading.attempt import Attempt, knowable
from noroshi.drill.grading.document import Document, read_document
from noroshi.drill.grading.grade import judge
from noroshi.drill.grading.policies import best_policy
from noroshi.drill.trainee.report import report
from noroshi.drill.trainee.skill import SKILLS

_MOST_BEFORE = 7
_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Drop:
    """A correct action that lowered a score: what had been done, what came, the points."""

    before: tuple[Action, ...]
    extra: Action
    points: float
    then: float


def correct(settings: Settings, untouched: Outcome) -> list[tuple[ActionKind, str]]:
    """Return what is right to do in an exercise: what is touched is treated, who must know told."""
    touched = knowable(untouched.done(settings.end), settings.alert)
    owed = [(each.kind, each.target) for each in untouched.brief.obligations if each.target]
    told = (Party.POLICE, Party.PREFECTURE, Party.MAYOR, Party.COMMISSION)
    return [
        *((ActionKind.ISOLATE_HOST, name) for name in touched["hosts"]),
        *((ActionKind.PRESERVE, name) for name in touched["hosts"]),
        *((ActionKind.RESET_PASSWORD, name) for name in touched["accounts"]),
        *((ActionKind.BLOCK, name) for name in touched["outside"]),
        (ActionKind.DECLARE, "high"),
        *((ActionKind.NOTIFY, party.value) for party in told),
        (ActionKind.PUBLISH, "web"),
        *owed,
    ]


def drops(stage: Stage, settings: Settings, tries: int, seed: int) -> Iterator[Drop]:
    """Yield every case in which an extra correct action lowered the score.

    Each try draws a handful of actions, needless ones among them, a report of some quality, and one
    more correct action at some time.

    Args:
        stage: where the exercise plays.
        settings: of the exercise.
        tries: how many.
        seed: of the draws.
    """
    rng = random.Random(f"{seed}/{settings.scenario}")  # noqa: S311
    untouched = stage.tell(settings, ())
    best = best_policy(lambda actions: stage.tell(settings, actions), settings).harm
    right = correct(settings, untouched)
    affected = {name for kind, name in right if kind is ActionKind.ISOLATE_HOST}
    idle = sorted(set(untouched.hosts) - affected)
    wrong = [(ActionKind.ISOLATE_HOST, idle[-1]), (ActionKind.BLOCK, "search.sagasu.example")]
    last = max(1, (settings.end - settings.alert) // (10 * MINUTE) - 1)

    def points(actions: tuple[Action, ...], document: Document) -> float:
        ordered = tuple(sorted(actions, key=lambda action: action.time))
        clock = Clock(settings.begin, settings.end, settings.end - MINUTE, 0)
        state = replace(State(settings, clock), actions=ordered)
        outcome = stage.tell(settings, ordered)
        return judge(Attempt(state, document, outcome, untouched, best)).points

    def drawn(among: list[tuple[ActionKind, str]]) -> Action:
        kind, target = rng.choice(among)
        time = settings.alert + rng.randrange(last) * 10 * MINUTE
        return Action(time, kind, target, Role.CSIRT)

    for _ in range(tries):
        before = tuple(drawn(right + wrong) for _ in range(rng.randrange(_MOST_BEFORE)))
        extra, document = drawn(right), _document(settings, untouched, rng)
        without, with_it = points(before, document), points((*before, extra), document)
        if with_it < without - _SAME:
            yield Drop(before, extra, without, with_it)


def _document(settings: Settings, untouched: Outcome, rng: random.Random) -> Document:
    """Return a report that names some of what would be touched, and some of what would not."""
    touched = knowable(untouched.done(settings.end), settings.alert)
    seen = {kind: {name for name in names if rng.random() < 0.6} for kind, names in touched.items()}
    steps = [step for step in untouched.done(settings.end) if rng.random() < 0.6]
    text = report(rng.choice(SKILLS), seen, steps)
    return read_document(text, "report.md", settings.begin, settings.end)
