"""Labelled lists, and what is measured on them."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from noroshi.intel.attack_text import TechniqueModel, TechniqueModelError
from noroshi.intel.attack_text.labelled import (
    Labelled,
    measure_labelled,
    parse_labelled,
    read_labelled,
)


def test_hits_misses_and_false_claims_are_counted() -> None:
    rows = [
        Labelled("T1056.001", "The malware logs keystrokes."),
        Labelled("T1190", "We met on Tuesday."),
        Labelled("-", "It dumps the memory of LSASS to obtain credentials."),
        Labelled("-", "The office is closed."),
    ]
    found = measure_labelled(TechniqueModel.load(), rows)
    assert (found["sentences"], found["telling"]) == (4, 2)
    assert found["recall"] == found["surest_right"] == found["none_kept"] == 0.5
    assert 0 < found["precision"] <= 0.5
    assert {row["label"] for row in found["missed"]} >= {"T1190", "-"}


@pytest.mark.parametrize("line", ["no tab", "T12\tx", "T1059\t  ", "\tx"])
def test_a_wrong_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "x.tsv"
    path.write_text(f"# fine\nT1059\tfine\n{line}\n")
    with pytest.raises(TechniqueModelError, match=r"x\.tsv, line 3"):
        read_labelled(path)


def test_an_empty_or_binary_list_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.tsv"
    for data in (b"", b"# only a remark\n", b"\xff\xfe"):
        path.write_bytes(data)
        with pytest.raises(TechniqueModelError, match=r"x\.tsv"):
            read_labelled(path)


@pytest.mark.parametrize(("name", "least"), [("attack_ja", 0.8), ("attack_ja_unseen", 0.75)])
def test_japanese_sentences(name: str, least: float) -> None:
    """Falls when tokens, lexicon or model are damaged; the figures are in the model card."""
    text = files("noroshi.app.made_up").joinpath(f"{name}.tsv").read_text(encoding="utf-8")
    found = measure_labelled(TechniqueModel.load(), parse_labelled(text.splitlines(), name))
    assert found["f1"] >= least
    assert found["none_kept"] >= 0.8
