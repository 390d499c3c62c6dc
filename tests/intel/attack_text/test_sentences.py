"""Where sentences begin and end, in two languages."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noroshi.intel.attack_text import sentences


def cut(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentences(text)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("It ran cmd.exe. Then e.g. Mimikatz ran.", ["It ran cmd.exe.", "Then e.g. Mimikatz ran."]),
        ("検体は通信する。設定を読む。", ["検体は通信する。", "設定を読む。"]),
        ("「停止。」と表示された。", ["「停止。」と表示された。"]),
        ("- first\n- second", ["first", "second"]),
        ("a wrapped\nline goes on", ["a wrapped\nline goes on"]),
        ("Heading\n\nText", ["Heading", "Text"]),
        ("……\n\n***", []),
    ],
)
def test_boundaries(text: str, parts: list[str]) -> None:
    assert cut(text) == parts


@given(st.text(alphabet="ab.。!\n 1「」-・"))
def test_spans_are_in_order_and_lose_no_letter(text: str) -> None:
    spans = list(sentences(text))
    assert all(a.end <= b.start for a, b in pairwise(spans))
    inside = "".join(text[span.start : span.end] for span in spans)
    assert sorted(c for c in inside if c in "ab") == sorted(c for c in text if c in "ab")
