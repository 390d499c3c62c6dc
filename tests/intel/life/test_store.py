"""Verdicts, and what they say about sources."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from noroshi.intel.indicators import IndicatorType
from noroshi.intel.knowledge import Knowledge
from noroshi.intel.life import LifeStore, Source, Verdict

ONE = Verdict(IndicatorType.DOMAIN, "c2.example", "CERT", "ai", False, "shared host", 10)


@pytest.fixture
def life(tmp_path: Path) -> LifeStore:
    return LifeStore(Knowledge(tmp_path / "knowledge.sqlite"))


def test_a_verdict_counts_against_its_source_and_dismisses_the_value(life: LifeStore) -> None:
    life.judge([ONE, replace(ONE, source="a list", right=True, time=9)])
    assert life.verdicts(ONE.kind, ONE.value)[0] == ONE
    assert life.sources() == {"CERT": Source("CERT", 0, 1), "a list": Source("a list", 1, 0)}
    assert life.dismissed() == {("domain", "c2.example")}


def test_a_second_thought_replaces_the_first(life: LifeStore) -> None:
    life.judge([ONE])
    life.judge([replace(ONE, right=True, time=20)])
    assert life.sources() == {"CERT": Source("CERT", 1, 0)}
    assert life.dismissed() == set()


def test_the_newest_word_of_two_people_decides(life: LifeStore) -> None:
    life.judge([ONE, replace(ONE, by="ken", right=True, time=20)])
    assert life.dismissed() == set()
    assert [verdict.by for verdict in life.verdicts(ONE.kind, ONE.value)] == ["ken", "ai"]
    assert life.verdicts(IndicatorType.DOMAIN, "other.example") == []
