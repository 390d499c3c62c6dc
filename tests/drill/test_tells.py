"""What gives a story away is found, and nothing is found where nothing does."""

from __future__ import annotations

import random

import pytest

from noroshi.drill.tells import Sample, area, ranked

pytest.importorskip("sklearn")


def samples(*, late: float = 0.0, apart: float = 0.0) -> list[Sample]:
    """Return records of four runs; the story's lie later in the second, or farther apart."""
    rng = random.Random(7)
    return [
        Sample(
            "flow", "pc1", str(run), (rng.random() + late * story, rng.random()),
            rng.random() + apart * story, story,
        )
        for run in range(4)
        for story in [True] * 15 + [False] * 100
    ]  # fmt: skip


def test_an_artefact_is_found_in_runs_not_seen() -> None:
    assert area(ranked(samples(late=2.0), rhythm=False)) > 0.95


def test_where_there_is_none_nothing_is_found() -> None:
    assert 0.35 < area(ranked(samples(), rhythm=False)) < 0.65


def test_rhythm_is_judged_apart() -> None:
    found = samples(apart=2.0)
    assert area(ranked(found, rhythm=True)) > 0.95
    assert 0.35 < area(ranked(found, rhythm=False)) < 0.65
