"""Where a span lies: its line, its section and the words beside it."""

from __future__ import annotations

import random

import numpy as np
import pytest

from noroshi.intel.text.context import Context, Place
from noroshi.intel.text.shadow import folded

FAR = 200


def read(text: str) -> Context:
    context = Context(text)
    context.add(folded(text), 0)
    context.finish()
    return context


def place(context: Context, start: int, end: int) -> Place:
    (found,) = context.places(np.array([start]), np.array([end]))
    return found


def line_around(text: str, start: int, end: int) -> str:
    """The lines that a span touches, cut 200 characters before and behind it."""
    head = text[max(0, start - FAR) : start].rpartition("\n")[2]
    tail = text[end - 1 : end + FAR].partition("\n")[0]
    return head + text[start : end - 1] + tail


@pytest.mark.parametrize("seed", range(20))
def test_a_span_lies_on_the_lines_that_it_touches(seed: int) -> None:
    chance = random.Random(seed)
    text = "".join(chance.choices("ab\u6f22\n", (30, 30, 30, chance.choice((0, 1, 30))), k=900))
    starts = [chance.randrange(880) for _ in range(60)]
    spans = [(start, start + chance.randrange(1, 20)) for start in sorted(starts)]
    context = read(text)
    found = list(context.places(*(np.array(side) for side in zip(*spans, strict=True))))
    assert [(one.start, one.end) for one in found] == spans
    expected = [line_around(text, *span).strip() for span in spans]
    assert [context.around(one) for one in found] == expected


def test_words_come_from_the_same_line_the_nearest_first() -> None:
    text = "malicious\nvictim, who knew 1.2.3.4 as malware\nbenign"
    start = text.index("1.2")
    context = read(text)
    found = context.words(place(context, start, start + 7))
    assert [(word.word, word.far) for word in found] == [("malware", 4), ("victim", 11)]


def test_a_section_holds_what_follows_its_heading() -> None:
    context = read("evil.example\n# References\nsee a.example\n# Indicators\nb.example\n")
    headings = [context.section(place(context, start, start + 9)).heading for start in (0, 30, 54)]
    assert headings == ["", "References", "Indicators"]
