"""Everything that one team's marks rest on.

Three futures of the same seed are compared: the one that came to pass, the one in which nobody did
anything, and the one under the best policy that the simulator found. What the intruder would have
reached without the team counts as rightly named wherever a team names it: a good measure must not
make a report wrong after the fact.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from noroshi.drill.action import Action, ActionKind, Defences
from noroshi.drill.clock import MINUTE
from noroshi.drill.exercise.injects import is_outside
from noroshi.drill.exercise.outcome import Outcome, StepFact
from noroshi.drill.exercise.state import State
from noroshi.drill.grading.document import Document

READING = 10 * MINUTE
"""From a sensor's line to an analyst who has read it: before that nobody could know."""


@dataclass(frozen=True)
class Attempt:
    """What is graded.

    Attributes:
        state: the exercise at its last line.
        document: the report that counts; empty if none was handed in.
        outcome: the future that the team brought about.
        untouched: the future without any action.
        best_harm: harm under the best policy found.
    """

    state: State
    document: Document
    outcome: Outcome
    untouched: Outcome
    best_harm: float

    @property
    def actions(self) -> tuple[Action, ...]:
        """What the team did."""
        return self.state.actions

    @cached_property
    def defences(self) -> Defences:
        """What it changed."""
        return Defences(self.actions)

    @property
    def now(self) -> int:
        """When the exercise stands."""
        return self.state.clock.time

    @cached_property
    def steps(self) -> tuple[StepFact, ...]:
        """What the intruder did and a sensor saw."""
        return tuple(step for step in self.outcome.done(self.now) if step.seen)

    @cached_property
    def averted(self) -> tuple[StepFact, ...]:
        """What the intruder would have done by now, had nobody done anything, and did not do."""
        done = {step.id for step in self.outcome.done(self.now)}
        return tuple(step for step in self.untouched.done(self.now) if step.id not in done)

    @cached_property
    def affected(self) -> dict[str, dict[str, int]]:
        """Return ``hosts``, ``accounts``, ``data``, ``outside`` -> name -> knowable from when."""
        return knowable(self.steps, self.state.settings.alert)

    @cached_property
    def spared(self) -> dict[str, dict[str, int]]:
        """Return the same for what would have been affected without the team."""
        would = knowable(self.untouched.done(self.state.settings.end), self.state.settings.alert)
        return {
            kind: {name: time for name, time in names.items() if name not in self.affected[kind]}
            for kind, names in would.items()
        }

    @cached_property
    def provoked(self) -> dict[str, frozenset[str]]:
        """Return what was touched only because the team had driven the intruder elsewhere.

        It counts where a team deals with it or names it, and costs nothing where not: a good
        measure must not create a debt.
        """
        would = knowable(self.untouched.done(self.state.settings.end), self.state.settings.alert)
        return {kind: frozenset(names.keys() - would[kind].keys())
                for kind, names in self.affected.items()}  # fmt: skip

    @cached_property
    def detours(self) -> frozenset[str]:
        """Ids of the steps by which the intruder got round the team's measures."""
        would = {step.id for step in self.untouched.done(self.state.settings.end)}
        return frozenset(step.id for step in self.steps if step.id not in would)

    def first(self, kinds: Iterable[ActionKind], target: str) -> int:
        """Return when a target was first treated in one of several ways; 0 for never."""
        times = (self.defences.times(kind, target) for kind in kinds)
        return min((time for each in times for time in each), default=0)


def knowable(steps: Iterable[StepFact], alert: int) -> dict[str, dict[str, int]]:
    """Return what steps touched, and from when on a team on alert could have known."""
    found: dict[str, dict[str, int]] = {"hosts": {}, "accounts": {}, "data": {}, "outside": {}}
    for step in steps:
        when = max(step.seen or step.time, alert) + READING
        touched = {
            "hosts": step.hosts,
            "accounts": step.accounts,
            "data": step.data,
            "outside": tuple(filter(is_outside, step.artefacts)),
        }
        for kind, names in touched.items():
            for name in names:
                found[kind][name] = min(when, found[kind].get(name, when))
    return found
