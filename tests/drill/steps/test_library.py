"""Every step is declared whole."""

from __future__ import annotations

import re

import pytest

from noroshi.drill.steps import Need, Step, by_technique, library
from noroshi.lang import render

STEPS = list(library().values())


def test_the_library_is_broad() -> None:
    assert len(STEPS) >= 45
    assert len({step.tactic for step in STEPS}) >= 11
    assert len({step.technique for step in STEPS}) >= 45


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.id)
def test_a_step_says_everything(step: Step) -> None:
    assert re.fullmatch(r"T\d{4}(\.\d{3})?", step.technique)
    assert render(step.title, "en") != render(step.title, "ja")
    assert step.leaves or step.silent
    assert (step.chance > 0) == (step.because is not None)
    if step.needs - {Need.PERSON, Need.RECORDS}:
        assert step.counters


def test_a_technique_without_a_step_of_its_own_finds_its_family() -> None:
    assert [step.id for step in by_technique("T1003.001")] == ["lsass"]
    assert {step.technique[:5] for step in by_technique("T1003.008")} == {"T1003"}
    assert by_technique("T9999") == ()
