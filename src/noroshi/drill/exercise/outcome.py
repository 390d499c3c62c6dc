"""What came to pass under the actions taken, as far as exercise and grading ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from noroshi.drill.action import Action
from noroshi.drill.exercise.state import Settings
from noroshi.drill.scenario.brief import PLAIN, Brief
from noroshi.lang import Message


class Status(StrEnum):
    """How a step of the intruder went."""

    DONE = "done"
    FAILED = "failed"
    BLOCKED = "blocked"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class StepFact:
    """One step of the intruder.

    Attributes:
        id: of the story's graph.
        technique: ATT&CK id.
        title: what it is, for people.
        status: how it went.
        time: when it began, µs since 1970 UTC; of a step that never began, when it would have.
        seen: when the first sensor wrote something about it; 0 for never.
        hosts, accounts, data: what it touched.
        artefacts: addresses, names and digests that it left in the evidence.
        because: why it did not succeed.
    """

    id: str
    technique: str
    title: Message
    status: Status
    time: int
    seen: int = 0
    hosts: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    artefacts: tuple[str, ...] = ()
    because: Message | None = None

    @property
    def happened(self) -> bool:
        """Whether it left its mark."""
        return self.status is Status.DONE


@dataclass(frozen=True, slots=True)
class Harm:
    """Damage done at a moment.

    Attributes:
        time: when.
        amount: in the scenario's points, the same for all kinds; about 100 in all.
        what: what was done.
        host: where.
        noticed: whether the people who work there see it, as with files that no longer open.
    """

    time: int
    amount: float
    what: Message
    host: str = ""
    noticed: bool = False


@dataclass(frozen=True, slots=True)
class HostFact:
    """A machine of the organisation."""

    name: str
    ip: str
    role: str
    department: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class PersonFact:
    """A member of staff."""

    login: str
    name: str
    department: str
    host: str = ""


@dataclass(frozen=True)
class Outcome:
    """The future under certain actions.

    Attributes:
        organisation: its name. organisation_en: its English name.
        hosts: by name. people: by login. accounts: every login there is.
        services: service id -> machines without which it stands still.
        steps: of the intruder, in order of time.
        harm: in order of time.
        brief: what the scenario says to the people in the exercise.
        segments: parts of the network that can be cut off, and the machines in them.
        hostile: names and addresses of outside servers that belong to the story: to block one is
            never needless, whether it was used or not.
    """

    organisation: str
    hosts: Mapping[str, HostFact]
    people: Mapping[str, PersonFact]
    accounts: frozenset[str]
    services: Mapping[str, tuple[str, ...]]
    steps: tuple[StepFact, ...]
    harm: tuple[Harm, ...]
    brief: Brief = PLAIN
    segments: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hostile: frozenset[str] = frozenset()
    organisation_en: str = ""

    def done(self, until: int) -> tuple[StepFact, ...]:
        """Return the steps that succeeded by a time."""
        return tuple(step for step in self.steps if step.happened and step.time <= until)

    def harm_until(self, time: int) -> float:
        """Return the damage done by a time."""
        return sum(harm.amount for harm in self.harm if harm.time <= time)


class Stage(Protocol):
    """Where an exercise plays: tells futures and writes evidence."""

    def open(self, scenario: str, seed: int, difficulty: int, team: str) -> Settings:
        """Return what is fixed for an exercise."""

    def tell(self, settings: Settings, actions: tuple[Action, ...]) -> Outcome:
        """Return the future under actions: the same for the same arguments."""

    def write(
        self, settings: Settings, actions: tuple[Action, ...], begin: int, end: int, folder: Path
    ) -> None:
        """Write the evidence of a window of time into an empty folder."""
