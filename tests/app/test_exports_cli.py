"""``noroshi intel export`` as a user runs it: no door gives a reader what is above them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.intel.objects.conftest import made

from noroshi.app.cli import main
from noroshi.app.cli.intel.export import OBJECTS
from noroshi.intel.objects import TLP_IDS, Tlp
from noroshi.share.exports import all_formats

FORMATS = (*OBJECTS, *all_formats())
UNKNOWN = "marking-definition--11111111-1111-4111-8111-111111111111"


def indicator(value: str, marks: list[str]) -> dict[str, Any]:
    item = made("indicator", value, pattern=f"[domain-name:value = '{value}']", pattern_type="stix",
                valid_from="2026-01-01T00:00:00Z")  # fmt: skip
    return item | ({"object_marking_refs": marks} if marks else {})


def imported(tmp_path: Path, *items: dict[str, Any]) -> tuple[str, ...]:
    path = tmp_path / "world.json"
    path.write_text(json.dumps({"type": "bundle", "id": "bundle--1", "objects": items}))
    home = ("--home", str(tmp_path / "home"))
    assert main(["intel", "import", str(path), "--source", "us", "--json", *home]) == 0
    return home


def everything(place: Path) -> str:
    paths = [place] if place.is_file() else sorted(place.rglob("*"))
    beside = place.with_name(f"{place.name}.about.json")
    paths += [beside] if beside.is_file() else []
    text = "".join(path.read_text() for path in paths if path.is_file())
    return re.sub(r'"sha256": \{[^}]*\}', "", text)


@settings(max_examples=12)
@given(
    marks=st.lists(st.sampled_from([*TLP_IDS, UNKNOWN]), max_size=2, unique=True),
    reader=st.sampled_from(Tlp),
)
def test_no_format_gives_out_what_is_above_the_reader(
    marks: list[str], reader: Tlp, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("doors")
    home = imported(folder, indicator("secret.example", marks), indicator("open.example", []))
    level = max((TLP_IDS.get(mark, Tlp.RED) for mark in marks), default=Tlp.CLEAR)
    for form in FORMATS:
        place = folder / form
        call = ["intel", "export", "--format", form, "--tlp", reader.word, "--min-score", "0"]
        assert main([*call, "-o", str(place), *home]) == 0
        text = everything(place)
        if form == "suricata":  # its names are in base64
            text = text.replace("c2VjcmV0LmV4YW1wbGU=", "secret.example")
            text = text.replace("b3Blbi5leGFtcGxl", "open.example")
        assert ("open.example" in text) is True
        if level > reader:
            assert "secret" not in text
        elif UNKNOWN not in marks:
            assert "secret.example" in text


def test_a_dry_run_counts_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = imported(
        tmp_path, indicator("evil.example", []), indicator("co.jp", []),
        indicator("secret.example", [UNKNOWN]),
    )  # fmt: skip
    capsys.readouterr()
    call = ["intel", "export", "--format", "rpz", "--min-score", "0", "--dry-run", *home]
    assert main([*call, "-o", str(tmp_path / "z"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["written"] == 1
    assert {why: one["count"] for why, one in told["left_out"].items()} == {
        "too-broad": 1, "marking": 1,
    }  # fmt: skip
    assert not (tmp_path / "z").exists()
    assert main([*call, "--lang", "ja"]) == 0
    assert "除外 1 件" in capsys.readouterr().out


def test_mistakes_say_the_way_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = imported(tmp_path, indicator("evil.example", []))
    assert main(["intel", "export", "--format", "edl", *home]) == 1
    assert "name a folder" in capsys.readouterr().err
    assert main(["intel", "export", "--format", "parchment", *home]) == 1
    assert main(["intel", "export", "--format", "rpz", "--type", "malware", *home]) == 2


@pytest.mark.parametrize("form", ["stix", "rpz", "csv", "suricata"])
def test_an_export_makes_no_folder_for_its_folder(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "slip" / "out"
    call = ["intel", "export", "--format", form, "-o", str(place), "--lang", "en"]
    assert main([*call, "--home", str(tmp_path / "home")]) == 1
    assert f"{place}: there is no folder {place.parent};" in capsys.readouterr().err
    assert not place.parent.exists()


@pytest.mark.parametrize("form", ["stix", "rpz"])
def test_a_folder_in_place_of_a_file_is_named(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["intel", "export", "--format", form, "-o", str(tmp_path), "--lang", "en"]
    assert main([*call, "--home", str(tmp_path / "home")]) == 1
    assert f"Error: {tmp_path} is a folder;" in capsys.readouterr().err
