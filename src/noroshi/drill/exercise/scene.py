"""What the world looks at when it decides what to say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from noroshi.drill.action import Action, Defences
from noroshi.drill.exercise.letter import Letter
from noroshi.drill.exercise.outcome import Outcome
from noroshi.drill.exercise.state import Settings


@dataclass(frozen=True)
class Scene:
    """The exercise at a moment, with the future under the actions so far."""

    settings: Settings
    outcome: Outcome
    actions: tuple[Action, ...]
    letters: tuple[Letter, ...]
    now: int

    @cached_property
    def defences(self) -> Defences:
        """What the actions have changed."""
        return Defences(self.actions)

    def stopped_since(self, service: str) -> int:
        """Return since when a service has stood still because of the team's actions; 0: it runs."""
        moments = [action.time for action in self.actions if self._stands(service, action.time)]
        if not moments or not self._stands(service, self.now):
            return 0
        running = [action.time for action in self.actions if not self._stands(service, action.time)]
        return min(time for time in moments if time > max(running, default=0))

    def _stands(self, service: str, time: int) -> bool:
        if self.defences.stopped(service, time):
            return True
        machines = self.outcome.services.get(service, ())
        return any(self.defences.isolated(machine, time) for machine in machines)
