"""The benchmark of grading answers with its figures."""

from __future__ import annotations

from noroshi.app.bench.trainees import LEVELS, run


def test_one_scenario_is_measured_in_every_level() -> None:
    figures = run(tries=2, names=["insider"])
    assert figures["exercises"] == len(LEVELS)
    assert figures["correct_actions_tried"] == 2 * len(LEVELS)
    assert figures["scores_lowered"] == 0
    assert figures["spearman_mean"] > 0.9
    assert 0 < figures["retelling_cpu_seconds_median"] <= figures["retelling_cpu_seconds_most"]
