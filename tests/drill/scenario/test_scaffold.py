"""The beginning of a scenario of one's own can be played, and says what each part is for."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from noroshi.drill.errors import DrillError
from noroshi.drill.scenario.lint import lint
from noroshi.drill.scenario.scaffold import scaffold
from noroshi.drill.scenario.schema import ScenarioOf, parse


def test_it_passes_the_linter(tmp_path: Path) -> None:
    path = tmp_path / "our-town.yaml"
    path.write_text(scaffold("our-town"), "utf-8")
    assert lint(str(path), [1]) == []
    assert parse(path.read_text("utf-8"), "x").name == "our-town"


def test_every_part_is_explained_in_both_languages() -> None:
    lines = scaffold("ours").splitlines()
    tops = {line.partition(":")[0] for line in lines if line[:1].isalpha()}
    assert tops <= set(ScenarioOf.model_fields)
    comments = "\n".join(line.partition("#")[2] for line in lines if "#" in line)
    for word in ("cast", "fallbacks", "about", "harm", "levels", "hints"):
        assert word in comments or word in tops
    japanese = [
        line for line in comments.splitlines() if any("\u3040" <= c <= "\u30ff" for c in line)
    ]
    assert len(japanese) >= len(tops)
    assert yaml.safe_load("\n".join(lines))["name"] == "ours"


@pytest.mark.parametrize("name", ["", "Ours", "our town", "x" * 41, "a/b", "町"])
def test_a_name_that_cannot_be_is_refused(name: str) -> None:
    with pytest.raises(DrillError, match="lower-case letters"):
        scaffold(name)
