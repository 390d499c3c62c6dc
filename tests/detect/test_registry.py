"""Analytics are found, complete, and readable in both languages."""

from __future__ import annotations

import re
import string
from pathlib import Path
from typing import Any

import pytest
from tests.detect.events import START, Files, logon

from noroshi.detect.analyse import analyse
from noroshi.detect.registry import Detector, Window, detectors
from noroshi.lake.engine import Engine
from noroshi.lang import gettext
from noroshi.model import EVENT_CLASSES, Finding


def test_the_folder_is_walked() -> None:
    names = [item.name for item in detectors()]
    assert names == sorted({"password_guessing", "password_spraying", "rare_parent_child"})


@pytest.mark.parametrize("item", detectors(), ids=lambda item: item.name)
def test_declarations_hold(item: Detector) -> None:
    assert set(item.reads) <= set(EVENT_CLASSES)
    assert all(re.fullmatch(r"T\d{4}(\.\d{3})?", name) for name in item.techniques)
    assert gettext(item.title, "ja") != item.title


@pytest.mark.parametrize("item", detectors(), ids=lambda item: item.name)
def test_every_message_is_translated(item: Detector) -> None:
    code = item.finding.__code__
    templates = [
        text
        for text in code.co_consts
        if (isinstance(text, str) and " " in text and text[0].isupper()) or "{" in str(text)
    ]
    assert templates
    for template in (text for text in templates if isinstance(text, str)):
        japanese = gettext(template, "ja")
        assert japanese != template, template
        assert _fields(japanese) == _fields(template)


def test_the_walk_through_works(duckdb_engine: Engine, tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "add-an-analytic.md").read_text()
    example = page.split("```python\n")[1].split("```")[0]
    names: dict[str, Any] = {"__name__": "example"}
    exec(compile(example, "example", "exec"), names)
    item = names["many_addresses"].__noroshi_detector__
    events = [logon(START + n, "sato", f"203.0.113.{n % 5}", ok=True) for n in range(9)]
    events += [logon(START + n, "kato", f"203.0.113.{n % 4}", ok=True) for n in range(9)]
    files = Files(tmp_path, "authentication", events)
    (finding,) = analyse(duckdb_engine, files, Window(), [item])
    assert isinstance(finding, Finding)
    assert (finding.subject, finding.count, len(finding.evidence)) == ("sato", 9, 9)


def _fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}
