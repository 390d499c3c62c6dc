"""Every value of a store is given without the store filling the memory."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from noroshi.intel.indicators import Indicator, IndicatorStore, IndicatorType
from noroshi.intel.indicators import by_value as module

MANY = 60_000


def _store(folder: Path) -> IndicatorStore:
    store = IndicatorStore(folder)
    kind = IndicatorType.DOMAIN
    store.add(
        Indicator(kind, f"host{number}.example", "a feed", description=f"number {number} " * 4)
        for number in range(MANY)
    )
    return store


def _resident(path: Path) -> int:
    """Return how many bytes of a mapped file are in this process's memory (proc(5), smaps)."""
    text = Path("/proc/self/smaps").read_text()
    return sum(
        int(part) << 10
        for part in re.findall(rf"{re.escape(str(path))}\n(?:.*\n)*?Rss: +(\d+) kB", text)
    )


@pytest.mark.skipif(not Path("/proc/self/smaps").is_file(), reason="proc(5) is Linux's")
def test_what_was_passed_does_not_stay_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_KEPT", 2)
    store = _store(tmp_path)
    (path,) = tmp_path.glob("*.arrow")
    most = 0
    for number, _ in enumerate(store.by_value(), 1):
        most = max(most, _resident(path)) if number % 3_000 == 0 else most
    assert number == MANY
    assert 0 < most < path.stat().st_size / 2


def test_segments_that_go_meanwhile_are_read_to_the_end(tmp_path: Path) -> None:
    store = _store(tmp_path)
    groups = store.by_value()
    for path in tmp_path.glob("*.arrow"):
        path.unlink()
    assert sum(1 for _ in groups) == MANY
