"""The indicator bench compares like with like."""

from __future__ import annotations

from pathlib import Path

from noroshi.app.bench.indicators import run


def test_every_way_finds_the_same(tmp_path: Path) -> None:
    figures = run(indicators=5_000, events=20_000, folder=tmp_path)
    assert len(set(figures["hits"].values())) == 1
    assert figures["hits"]["new_events"] > 0
    assert min(figures["events_per_cpu_second"].values()) > 0
    assert list(tmp_path.iterdir()) == []
