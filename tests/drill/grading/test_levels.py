"""Better trainees get more points, whatever the seed."""

from __future__ import annotations

from statistics import mean

from noroshi.drill.grading.grade import Result
from noroshi.drill.grading.mark import Axis


def spearman(values: list[float]) -> float:
    """Rank correlation with the order in which they stand; no two are alike."""
    assert len(set(values)) == len(values)
    ranks = [sorted(values).index(value) for value in values]
    n = len(values)
    return 1 - 6 * sum((rank - place) ** 2 for place, rank in enumerate(ranks)) / (n**3 - n)


def test_five_levels_are_ranked_right(
    results: dict[tuple[int, int], list[Result]],
) -> None:
    ranked = [spearman([result.grade.points for result in levels]) for levels in results.values()]
    assert mean(ranked) >= 0.95


def test_levels_differ_and_use_the_scale(results: dict[tuple[int, int], list[Result]]) -> None:
    for levels in results.values():
        assert levels[0].grade.points < 45
        assert levels[-1].grade.points > 80


def test_every_mark_of_every_trainee_is_explained(
    results: dict[tuple[int, int], list[Result]],
) -> None:
    for levels in results.values():
        for result in levels:
            marks = {mark.axis: mark for mark in result.grade.marks}
            assert set(marks) == set(Axis)
            assert all(0 <= mark.share <= 1 for mark in marks.values())
            assert all(mark.reasons for mark in marks.values())


def test_no_trainee_does_better_than_the_best_policy_by_much(
    results: dict[tuple[int, int], list[Result]],
) -> None:
    for levels in results.values():
        for result in levels:
            end = result.attempt.state.settings.end
            assert result.policy.harm <= result.attempt.untouched.harm_until(end)
