"""A story small enough to hold in the head: one clerk, then three machines, then the files go."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from noroshi.drill.action import Action, Defences
from noroshi.drill.clock import MINUTE, at
from noroshi.drill.exercise.engine import Exercise
from noroshi.drill.exercise.outcome import (
    Harm,
    HostFact,
    Outcome,
    PersonFact,
    Status,
    StepFact,
)
from noroshi.drill.exercise.state import Settings
from noroshi.lang import Message

TITLE = Message("A step")
SETTINGS = Settings("toy", 1, 1, "red", at(8), at(10), at(18), "0")


class ToyStage:
    """Machine after machine falls, unless it or the one before it is off the network in time."""

    def open(self, scenario: str, seed: int, difficulty: int, team: str) -> Settings:
        """Return the settings."""
        return SETTINGS

    def tell(self, settings: Settings, actions: tuple[Action, ...]) -> Outcome:
        """Return the future."""
        defences = Defences(actions)
        steps = [
            StepFact(
                "entry", "T1204.002", TITLE, Status.DONE, at(9), at(9), ("PC001",), ("a.mori",),
                artefacts=("198.51.100.7", "c2.example"),
            )
        ]  # fmt: skip
        harm = []
        for number, hour in ((2, 11), (3, 13), (4, 15)):
            stopped = any(
                defences.isolated(f"PC{n:03d}", at(hour)) for n in (1, number)
            ) or defences.blocked("c2.example", at(hour))
            steps.append(
                StepFact(
                    f"spread-{number}", "T1021.002", TITLE,
                    Status.BLOCKED if stopped else Status.DONE, at(hour), at(hour, 1),
                    (f"PC{number:03d}",), ("adm",),
                )
            )  # fmt: skip
            if not stopped:
                harm.append(Harm(at(hour, 5), 10.0, TITLE, f"PC{number:03d}"))
        hosts = {f"PC{n:03d}": HostFact(f"PC{n:03d}", f"10.0.0.{n}", "pc") for n in range(1, 9)}
        people = {"a.mori": PersonFact("a.mori", "森 彩", "会計課", "PC001")}
        return Outcome(
            "みどり野町", hosts, people, frozenset({"a.mori", "adm"}), {"counter": ("PC008",)},
            tuple(steps), tuple(harm),
        )  # fmt: skip

    def write(
        self, settings: Settings, actions: tuple[Action, ...], begin: int, end: int, folder: Path
    ) -> None:
        """Write one line a minute."""
        lines = (f"{time}\n" for time in range(begin, end, MINUTE))
        (folder / "minutes.log").write_text("".join(lines), "utf-8")


class Wall:
    """A clock on the wall that tests turn."""

    def __init__(self) -> None:
        self.time = 1_000_000

    def __call__(self) -> int:
        """Return the time."""
        return self.time


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def toy(tmp_path: Path, wall: Wall) -> Iterator[Exercise]:
    """An exercise that has just begun: it is ten o'clock and the monitoring desk has called."""
    exercise = Exercise(tmp_path / "red", ToyStage(), wall)
    exercise.start(SETTINGS)
    yield exercise
