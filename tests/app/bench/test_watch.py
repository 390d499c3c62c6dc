"""The watchlist bench compares like with like."""

from __future__ import annotations

from noroshi.app.bench.watch import run


def test_both_ways_meet_the_same_and_every_planted_line_is_met() -> None:
    figures = run(entries=2_000, values=30_000, lines=5_000)
    assert figures["same_values_met_as_peer"]
    assert 10 < figures["met"] < 100
    assert 0 < figures["lines_met"] < 20
