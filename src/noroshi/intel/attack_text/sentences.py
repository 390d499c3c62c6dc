"""Sentences of a report with their places, in English, Japanese and mixtures of the two.

One pass over the candidates for a boundary, a bounded look at each: linear in the text's length
whatever the text. Lines that a page's width has broken are joined again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

LONGEST = 2_000
"""Characters; a longer run without a boundary is cut, so that a bad page costs no more than a
good one."""

_BOUNDARY = re.compile(
    r"(?P<full>[。｡！？]++[」』）)”’\"']*+)|(?P<stop>[.!?…]++[\"')\]”’»]*+)|(?P<line>\n\s*+)"
)
_BULLET = re.compile(r"(?:[-*+•・●○■□◆◇▪◦‣–—>#|]{1,6}[ \t　]+|[(（]?\d{1,3}[.)）][ \t　]+|[・●■◆])")
_ABBREVIATION_LIST = (
    "e.g i.e eg ie etc cf vs al fig figs no nos inc ltd corp co mr mrs ms dr prof st jr sr approx"
    " resp ver vol sec dept est u.s u.k u.n a.k.a aka pp ed jan feb mar apr jun jul aug sep sept"
    " oct nov dec"
)
_ABBREVIATIONS = frozenset(_ABBREVIATION_LIST.split())
_WORD_BEFORE = 12
_WRAPPED = 25
"""Characters: a Japanese line shorter than this was ended by its writer, not by the page."""


class Span(NamedTuple):
    """Half-open range of character positions."""

    start: int
    end: int


def sentences(text: str) -> Iterator[Span]:
    """Yield the spans of the sentences in order, without surrounding white space and bullets."""
    start = 0
    for boundary in _BOUNDARY.finditer(text):
        if _ends(text, start, boundary):
            yield from _trimmed(text, start, boundary.end())
            start = boundary.end()
    yield from _trimmed(text, start, len(text))


def _ends(text: str, start: int, boundary: re.Match[str]) -> bool:
    kind, here, after = boundary.lastgroup, boundary.start(), boundary.end()
    following = text[after : after + 2]
    if not following:
        return True
    if kind == "full":
        # A quotation's full stop does not end the sentence that quotes it.
        return not (text[after - 1] in "」』" and following[0] in "とはがをにのでも")
    if kind == "line":
        return _line_ends(text, start, boundary, following)
    if not following[0].isspace():
        return False
    first = following.lstrip()[:1] or text[after : after + 8].lstrip()[:1]
    return not first.islower() and not _abbreviated(text, start, here)


def _line_ends(text: str, start: int, boundary: re.Match[str], following: str) -> bool:
    if boundary.group().count("\n", 0, 16) > 1:
        return True
    before = text[boundary.start() - 1 : boundary.start()]
    if _BULLET.match(text, boundary.end()) or not before.strip() or before in ".!?。！？:：":
        return True
    if following[0].islower():
        return False
    line = boundary.start() - max(start, text.rfind("\n", start, boundary.start()))
    return not (_is_japanese(before) and _is_japanese(following[0]) and line >= _WRAPPED)


def _abbreviated(text: str, start: int, stop: int) -> bool:
    """Whether the full stop at ``stop`` belongs to an abbreviation, an initial or a list number."""
    if text[stop] != ".":
        return False
    words = text[max(start, stop - _WORD_BEFORE) : stop].split()
    if not words:
        return False
    word = words[-1].lstrip("([\"'“（")
    if word.isdigit():
        return stop - start <= _WORD_BEFORE and len(words) == 1  # a list number, not a year
    return word.lower() in _ABBREVIATIONS or (len(word) == 1 and word.isupper())


def _is_japanese(character: str) -> bool:
    return "\u3041" <= character <= "\u30ff" or "\u4e00" <= character <= "\u9fff"


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end = start + len(piece.strip())
    while start < end and (bullet := _BULLET.match(text, start, end)):
        start = bullet.end()
    while end - start > LONGEST:
        cut = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        cut = cut if cut > 0 else start + LONGEST
        yield Span(start, cut)
        start = cut + (text[cut] == " ")
    if start < end and any(map(str.isalnum, text[start:end])):
        yield Span(start, end)
