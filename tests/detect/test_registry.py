"""Analytics are found, complete, and readable in both languages."""

from __future__ import annotations

import re
import string

import pytest

from noroshi.detect.registry import Detector, detectors
from noroshi.lang import gettext
from noroshi.model import EVENT_CLASSES


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


def _fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}
