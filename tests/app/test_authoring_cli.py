"""Writing scenarios and profiles of one's own through the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from noroshi.app.cli import main
from noroshi.drill.scenario.scaffold import scaffold


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    capsys.readouterr()
    assert main(["drill", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_pack_of_scenarios_is_listed_and_played(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    theirs, home = tmp_path / "theirs", str(tmp_path / "home")
    theirs.mkdir()
    (theirs / "pack.yaml").write_text(
        "name: theirs\nversion: 1.0.0\nkind: scenarios\ntitle: {en: T, ja: T}\nlicence: MIT\n"
        "origin: them\ndescription: {en: d, ja: d}\n",
        "utf-8",
    )
    (theirs / "one.yaml").write_text(scaffold("from-them"), "utf-8")
    assert main(["packs", "add", str(theirs), "--home", home]) == 0
    listed = {each["name"]: each["pack"] for each in answer(capsys, "list", "--home", home)}
    assert listed["from-them"] == "theirs"
    assert listed["mail-macro"] == "noroshi-scenarios"
    only_a = answer(capsys, "list", "--home", home, "--course", "B")
    assert {each["course"] for each in only_a} == {"B"}
    out = str(tmp_path / "exercise")
    played = answer(capsys, "play", "from-them", "--out", out, "--seed", "1", "--home", home)
    assert played["scenario"] == "from-them"
    assert main(["packs", "remove", "theirs", "--home", home]) == 0
    assert answer(capsys, "advance", out, "--for", "10")["scenario"] == "from-them"


def test_a_scenario_is_begun_and_never_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "ours.yaml"
    assert answer(capsys, "new", "our-town", "--out", str(path))["scenario"] == str(path)
    assert path.read_text("utf-8") == scaffold("our-town")
    assert main(["drill", "new", "our-town", "--out", str(path), "--lang", "en"]) == 1
    assert "is there already" in capsys.readouterr().err


def test_the_steps_are_listed_by_tactic(capsys: pytest.CaptureFixture[str]) -> None:
    moves = answer(capsys, "steps", "--tactic", "ta0008")
    assert {"smb-service", "rdp"} <= {each["step"] for each in moves}
    assert {each["tactic"] for each in moves} == {"TA0008"}
    assert main(["drill", "steps", "--tactic", "moving", "--lang", "en"]) == 1
    assert "no tactic 'moving'; one of TA0001" in capsys.readouterr().err


@pytest.mark.parametrize("language", ["en", "ja"])
def test_an_organisation_is_shown(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["drill", "profile", "show", "town", "--lang", language]) == 0
    shown = capsys.readouterr().out
    assert {"en": "My-Number use", "ja": "マイナンバー利用事務系"}[language] in shown
    assert "10.90.10.0/24" in shown


def test_profiles_are_listed_shown_and_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert {"town", "county"} <= {each["kind"] for each in answer(capsys, "profile", "list")}
    path = tmp_path / "ours.yaml"
    path.write_text("{name: Ours, kind: water, staff: 40}", "utf-8")
    assert answer(capsys, "profile", "check", str(path))["staff"] == 40
    shown = answer(capsys, "profile", "show", str(path))
    assert len(shown["people"]) == 40
    assert any(road["to"] == "control" for road in shown["roads"])
    path.write_text("{name: Ours, kind: water, staff: forty}", "utf-8")
    assert main(["drill", "profile", "check", str(path), "--lang", "en"]) == 1
    assert "ours.yaml: staff: " in capsys.readouterr().err.replace("\n", "")
