"""Scenarios of packs and of one's own files are found, and an exercise keeps the one it has."""

from __future__ import annotations

from pathlib import Path

import pytest

from noroshi.drill.clock import HOUR
from noroshi.drill.errors import DrillError
from noroshi.drill.exercise.engine import Exercise
from noroshi.drill.exercise.roles import Role
from noroshi.drill.exercise.stage import ScenarioStage
from noroshi.drill.scenario.scaffold import scaffold
from noroshi.drill.scenario.shelf import added, opened, scenarios
from noroshi.intel.packs import PackStore


def pack(folder: Path, **texts: str) -> Path:
    """A pack of scenarios, as somebody else would make it."""
    folder.mkdir()
    (folder / "pack.yaml").write_text(
        "name: theirs\nversion: 1.0.0\nkind: scenarios\ntitle: {en: Theirs, ja: よその}\n"
        "licence: Apache-2.0\norigin: them\ndescription: {en: d, ja: d}\n",
        "utf-8",
    )
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return folder


def test_scenarios_of_added_packs_are_found(tmp_path: Path) -> None:
    store = PackStore(tmp_path / "packs")
    broken = scaffold("broken").replace("course: A", "course: Z")
    texts = {"a": scaffold("theirs"), "b": broken, "c": scaffold("mail-macro")}
    store.add(pack(tmp_path / "theirs", **texts), None)
    found = {each.path.stem: each for each in added(store.list())}
    assert set(found) == {"a", "b", "c"}
    assert found["a"].scenario is not None
    assert found["a"].scenario.name == "theirs"
    assert found["b"].problem.startswith("theirs: b.yaml: course: ")
    assert "'mail-macro' is taken; rename it" in found["c"].problem


def test_ones_own_file_is_opened_with_its_text(tmp_path: Path) -> None:
    path = tmp_path / "ours.yaml"
    path.write_text(scaffold("ours"), "utf-8")
    raw, text = opened(str(path))
    assert (raw.name, text) == ("ours", scaffold("ours"))
    assert opened("mail-macro") == (scenarios()["mail-macro"], "")
    with pytest.raises(DrillError, match=r"missing\.yaml: cannot be read"):
        opened(str(tmp_path / "missing.yaml"))
    with pytest.raises(DrillError, match=r"no scenario 'mail-makro'; there are .*mail-macro"):
        opened("mail-makro")


def test_an_exercise_goes_on_when_its_file_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "ours.yaml"
    path.write_text(scaffold("ours"), "utf-8")
    stage = ScenarioStage()
    exercise = Exercise(tmp_path / "exercise", stage)
    state = exercise.start(stage.open(str(path), 1, 1, ""))
    assert state.settings.scenario == "ours"
    path.write_text(scaffold("ours").replace('at: "19:30"', 'at: "12:00"'), "utf-8")
    before = exercise.outcome(state).harm
    path.unlink()
    later = Exercise(tmp_path / "exercise", ScenarioStage())
    assert later.outcome(later.state()).harm == before
    assert later.advance(state.clock.time + HOUR, Role.ALL).clock.time == state.clock.time + HOUR
