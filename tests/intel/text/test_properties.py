"""Whatever the text: spans point to their words, and the cost grows with the length alone."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from noroshi.app.made_up.hard_kinds import HARD_KINDS
from noroshi.app.quality.growth import NASTY
from noroshi.intel.text import Document, extract, read_bytes

PIECES = st.sampled_from(
    [
        *(line.text for line in HARD_KINDS),
        *(
            "[.]",
            "hxxp://",
            "\u200b",
            "\u202e",
            "\0",
            "\ud800",
            "。",
            "．",
            "\n",
            " dot ",
            "](",
            "\\",
        ),
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=20), max_size=12).map("".join)


@given(TEXTS)
@example("\ud800evil[.]example\udfff")
@example("\u202eelpmaxe[.]live")
@settings(max_examples=200)
def test_a_span_points_to_the_very_characters(text: str) -> None:
    found = extract(Document("any", text))
    for value in found.indicators:
        start, end = value.span
        assert 0 <= start < end <= len(text)
        assert text[start:end] == value.quote
        assert 0 < value.confidence <= 1
        assert value.value
    spans = [value.span for value in found.indicators]
    assert spans == sorted(spans)


@given(TEXTS)
@settings(max_examples=50)
def test_words_before_move_the_spans_and_nothing_else(text: str) -> None:
    before = "Nothing to see in this line.\n\n"
    plain = extract(Document("any", text)).indicators
    moved = extract(Document("any", before + text)).indicators
    assert [(one.type, one.value) for one in plain] == [(one.type, one.value) for one in moved]
    assert [one.span[0] + len(before) for one in plain] == [one.span[0] for one in moved]


@given(st.binary(max_size=400))
@settings(max_examples=150)
def test_any_bytes_are_read(data: bytes) -> None:
    for head in (
        b"",
        b"%PD",
        b"PK\x03\x04",
        b"<html>",
        b"Subject: x\nFrom: y\nTo: z\n",
        b"\xff\xfe",
    ):
        document = read_bytes(head + data)
        assert isinstance(extract(document).indicators, tuple)


@pytest.mark.parametrize("name", sorted(NASTY))
def test_hostile_text_costs_in_proportion(name: str) -> None:
    """Sixteen times the text may cost thirty-two times as much and a constant, not 256 times.

    A busy machine may disturb one measurement, not three.
    """
    assert any(cost(name, 320_000) < 32 * cost(name, 20_000) + 0.5 for _ in range(3))


def cost(name: str, size: int) -> float:
    """Return the CPU-seconds of one hostile text."""
    text = NASTY[name](size)
    begin = time.process_time()
    extract(Document(name, text))
    return time.process_time() - begin
