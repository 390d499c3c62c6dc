"""``noroshi intel`` on a small world of our own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.intel.objects.conftest import made, related

from noroshi.app.cli import main

KUMA = made("intrusion-set", "Kuma Group", aliases=["UNC-77"])
RAKE = made("malware", "Rake")
C2 = made("indicator", "c2", pattern="[domain-name:value = 'c2.example']", pattern_type="stix",
          valid_from="2026-01-01T00:00:00Z") | {"name": "Rake C2"}  # fmt: skip
HOUSE = made("malware", "Rake house", object_marking_refs=[
    "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"])  # fmt: skip
WORLD = [KUMA, RAKE, C2, HOUSE, related(KUMA, "uses", RAKE), related(C2, "indicates", RAKE)]


@pytest.fixture
def home(tmp_path: Path) -> tuple[str, ...]:
    path = tmp_path / "world.json"
    path.write_text(json.dumps({"type": "bundle", "id": "bundle--1", "objects": WORLD}))
    home = ("--home", str(tmp_path / "home"))
    assert main(["intel", "import", str(path), "--source", "us", "--json", *home]) == 0
    return home


def answer(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> Any:
    capsys.readouterr()
    assert main([*arguments, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_what_was_imported_is_found_shown_and_pivoted(
    home: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(capsys, "intel", "search", "rake", *home)
    assert {item["id"] for item in found} == {RAKE["id"], C2["id"], HOUSE["id"]}
    shown = answer(capsys, "intel", "show", "unc77", *home)
    assert shown["object"] == KUMA
    assert shown["provenance"]["source"] == "us"
    beside = answer(capsys, "intel", "pivot", "c2.example", "--depth", "2", *home)
    assert [(item["depth"], item["id"]) for item in beside] == [(1, RAKE["id"]), (2, KUMA["id"])]
    way = answer(capsys, "intel", "pivot", "c2.example", "--to", "UNC-77", *home)
    assert [item["verb"] for item in way] == ["indicates", "uses"]
    assert main(["intel", "pivot", "c2.example", *home, "--lang", "ja"]) == 0
    assert "示す" in capsys.readouterr().out


def test_imported_indicators_are_matched(
    home: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(capsys, "indicators", "list", "c2.example", *home)
    assert [item["value"] for item in found] == ["c2.example"]


def test_export_keeps_to_the_reader(home: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    assert main(["intel", "export", "--tlp", "amber", "-o", str(path), *home]) == 0
    assert HOUSE["id"] not in path.read_text()
    assert main(["intel", "export", "--tlp", "red", "-o", str(path), *home]) == 0
    assert {item["id"] for item in json.loads(path.read_text())["objects"]} == {
        item["id"] for item in WORLD
    }
    assert main(["intel", "export", "--tlp", "purple", *home]) == 1


def test_an_import_is_taken_back(home: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["intel", "undo", "9", *home]) == 1
    assert "newest is 1" in capsys.readouterr().err
    undone = answer(capsys, "intel", "undo", "1", *home)
    assert undone == {"removed": len(WORLD), "disarmed": 1}
    assert answer(capsys, "indicators", "list", *home) == []
    assert main(["intel", "show", "unc77", *home]) == 1
    assert "nothing known" in capsys.readouterr().err


def test_one_bad_file_of_many_is_named_and_the_others_are_imported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, good = tmp_path / "a.json", tmp_path / "b.json"
    bad.write_text("{")
    good.write_text(json.dumps({"type": "bundle", "id": "bundle--1", "objects": WORLD}))
    arguments = ("intel", "import", str(bad), str(good), "--home", str(tmp_path / "home"))
    first, second = answer(capsys, *arguments, code=1)
    assert "a.json" in first["error"]
    assert second["new"] == len(WORLD)
