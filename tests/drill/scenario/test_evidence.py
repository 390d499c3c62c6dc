"""The evidence of every scenario, written as an exercise writes it, contradicts itself nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from noroshi.drill.clock import MINUTE
from noroshi.drill.exercise.engine import Exercise
from noroshi.drill.exercise.stage import ScenarioStage
from noroshi.drill.invariants import check
from noroshi.drill.scenario.shelf import scenarios

NAMES = sorted(scenarios())
FEWEST = 35
"""Invariants that have something to look at, whatever a level takes away."""


@pytest.mark.parametrize(
    ("name", "level"), [(name, (number + 1) % 3 + 1) for number, name in enumerate(NAMES)]
)
def test_windows_of_a_scenario_hold_every_invariant(name: str, level: int, tmp_path: Path) -> None:
    stage = ScenarioStage()
    settings = stage.open(name, 1, level, "")
    exercise = Exercise(tmp_path / "exercise", stage)
    exercise.start(settings)
    exercise.advance(settings.alert + 20 * MINUTE)
    exercise.advance(settings.end)
    found = check(exercise.evidence)
    assert {each.invariant.id: each.examples for each in found if each.violations} == {}
    assert sum(1 for each in found if each.looked_at) >= FEWEST
