"""Grading: scripted trainees ranked, correct actions tried, futures told anew; every scenario."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from noroshi.drill.action import Action, ActionKind
from noroshi.drill.clock import MINUTE
from noroshi.drill.exercise.stage import ScenarioStage
from noroshi.drill.exercise.state import Settings
from noroshi.drill.scenario.shelf import scenarios
from noroshi.drill.trainee import SKILLS, play, spearman
from noroshi.drill.trainee.monotone import drops

LEVELS = (1, 2, 3)
_TRIES = 100
_RETOLD = 20


def run(data: Path | None = None, tries: int = _TRIES, names: Sequence[str] = ()) -> dict[str, Any]:
    """Measure scenarios in all levels; each trainee notices by dice of its own.

    Args:
        data: not used; every benchmark takes it.
        tries: correct actions tried in each.
        names: scenarios; all if left out.
    """
    del data
    stage = ScenarioStage()
    ranked, fallen, retold = [], 0, []
    for name in names or scenarios():
        for level in LEVELS:
            settings = stage.open(name, 20 + level, level, "")
            points = [
                play(stage, settings, skill, 100 * level + place).grade.points
                for place, skill in enumerate(SKILLS)
            ]
            ranked.append(spearman(points))
            fallen += sum(1 for _ in drops(stage, settings, tries, level))
            retold.append(_retelling(stage, settings))
    return {
        "exercises": len(ranked),
        "spearman_mean": statistics.mean(ranked),
        "spearman_least": min(ranked),
        "correct_actions_tried": tries * len(ranked),
        "scores_lowered": fallen,
        "retelling_cpu_seconds_median": statistics.median(retold),
        "retelling_cpu_seconds_most": max(retold),
    }


def _retelling(stage: ScenarioStage, settings: Settings) -> float:
    """CPU-seconds to tell the future anew after one more action; the mean of several."""
    hosts = sorted(stage.tell(settings, ()).hosts)
    begin = time.process_time()
    for number in range(_RETOLD):
        moment = settings.alert + (number + 1) * MINUTE
        action = Action(moment, ActionKind.ISOLATE_HOST, hosts[number % len(hosts)], "bench")
        stage.tell(settings, (action,))
    return (time.process_time() - begin) / _RETOLD
