"""A feed is left when its time is over, however it spends it, and says the same thing once."""

from __future__ import annotations

import json
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.collect.feeds.conftest import Desk

from noroshi.intel.indicators.read import parse_indicators
from noroshi.lang import render

LINES = 9000
GOOD = [f"198.51.{at // 200}.{at % 200}" for at in range(LINES)]
EVENT = {
    "uuid": "5f0a5d62-3d5b-4f51-9d0a-60e9c3a3f9e1", "info": "Long", "date": "2026-03-01",
    "Attribute": [{"type": "ip-dst", "value": one, "to_ids": True} for one in GOOD],
}  # fmt: skip
SCORES = "\n".join(f"CVE-2026-{at + 10_000},0.9" for at in range(LINES))
SAID = {
    "list": ("list", "\n".join(GOOD)),
    "table": ("list", "\n".join(["ip,comment", *(f"{one},x" for one in GOOD)])),
    "values": ("list", json.dumps(GOOD)),
    "rubbish": ("list", "\n".join(f"nothing{at}" for at in range(LINES))),
    "event": ("misp", json.dumps({"Event": EVENT})),
    "scores": ("epss", "cve,epss\n" + SCORES),
}  # fmt: skip


@pytest.mark.parametrize("what", SAID)
def test_a_long_file_is_left_when_the_time_is_over(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    kind, text = SAID[what]
    (tmp_path / "feed.txt").write_text(text)
    desk.add("long", kind, tmp_path / "feed.txt", seconds=1000.0)
    ticks = count(step=200)  # every look at the clock takes so many seconds
    clock = SimpleNamespace(monotonic=lambda: float(next(ticks)))
    monkeypatch.setattr("noroshi.collect.feeds.door.time", clock)
    pulled = desk.pull("long")
    assert "not done in 1000 seconds" in render(pulled.told, "en")
    assert pulled.entries < LINES
    # What was read until then is kept.
    assert pulled.new == pulled.entries == desk.store.state("long").known
    assert (pulled.new > 0) == (what not in ("rubbish", "event"))


def test_equal_lines_are_one_and_are_counted(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "feed.txt").write_text("# list\n\n" * 500 + "198.51.100.1\n198.51.100.2\n" * LINES)
    desk.add("same", "list", tmp_path / "feed.txt")
    pulled = desk.pull("same")
    assert (pulled.new, pulled.entries, pulled.refused) == (2, 2, 0)
    assert pulled.repeated == 2 * LINES - 2
    assert len(desk.armed()) == 2


@pytest.mark.parametrize("line", ["198.51.100.1", "no value"])
def test_equal_lines_are_not_held_in_memory(line: str) -> None:
    found = parse_indicators(f"{line}\n".encode() * LINES, "s", "n")
    table = parse_indicators(b"ip,comment\n" + f"{line},x\n".encode() * LINES, "s", "n")
    for one in (found, table):
        entries = len(one.indicators) + one.refused_count
        assert 0 < entries < 20
        assert entries + one.repeated == LINES


def test_equal_wrong_lines_do_not_make_a_page_a_list(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "page").write_text("<br>\n" * LINES + "198.51.100.1\n")
    desk.add("page", "list", tmp_path / "page")
    assert "no list of indicators" in render(desk.pull("page").told, "en")
