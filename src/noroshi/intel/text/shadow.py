"""A text's shadow: one byte for one character, in which values can be sought at memory speed.

ASCII stays. Full-width forms (Unicode block FF01-FF5E) become the ASCII they stand for, the many
hyphens, blanks and quotation marks become the ASCII one, letters become one of two letter bytes
and everything else one punctuation byte. Since every character keeps its place, an offset in the
shadow is an offset in the text.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Bytes: TypeAlias = npt.NDArray[np.uint8]
Codes: TypeAlias = npt.NDArray[np.uint32]
Offsets: TypeAlias = npt.NDArray[np.int64]

DROPPED = 0x80
"""Invisible: zero-width, soft hyphen, direction marks, variation selectors."""
WEAK_DOT = 0x81
"""An ideographic full stop: the end of a sentence, or a defanged dot."""
OTHER = 0x82
"""Punctuation and symbols that mean nothing here."""
CJK = 0x90
"""Kana, kanji, hangul: letters written without blanks between words."""
LETTER = 0x91
"""Letters of other alphabets, with diacritics or not."""

_INVISIBLE = (
    *(0x00AD, 0x034F, 0x061C, 0x180E, 0xFEFF),
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    *range(0xFE00, 0xFE10),
)
_PAIRS = {
    "\u2010\u2011\u2012\u2013\u2212\ufe63": "-",
    "\u2018\u2019\u201a\u201b\u2032": "'",
    "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb": '"',
    "\u3010\u3014\uff3b": "[",
    "\u3011\u3015\uff3d": "]",
    "\u2024": ".",
    "\u2044\u2215": "/",
    "\ua789\u2236": ":",
}


def shadow(points: Codes | Bytes) -> Bytes:
    """Return one byte for each character of a text, given by its code points."""
    if points.dtype == np.uint8:
        return points.astype(np.uint8, copy=False)
    return _table()[np.minimum(points, 0xFFFF)]


def folded(text: str) -> str:
    """Return the text in lower case and half width, every character in its place."""
    if text.isascii():
        return text.lower()
    points = codes(text)
    if points.max() < 0x10000:
        small = _fold_table()[points]
    else:
        small = np.where(points < 0x10000, _fold_table()[np.minimum(points, 0xFFFF)], points)
    return small.astype("<u4", copy=False).tobytes().decode("utf-32-le")


def codes(text: str) -> Codes | Bytes:
    """Return the code points of a text, one byte each where all are ASCII; surrogates are kept."""
    if text.isascii():
        return np.frombuffer(text.encode(), dtype=np.uint8)
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


@cache
def _table() -> Bytes:
    table = np.full(0x10000, OTHER, dtype=np.uint8)
    for point in range(0x80, 0x10000):
        table[point] = _byte(point)
    table[:0x80] = np.arange(0x80)
    table[0xFF01:0xFF5F] = np.arange(0x21, 0x7F)
    for many, one in _PAIRS.items():
        table[[ord(char) for char in many]] = ord(one)
    table[list(_INVISIBLE)] = DROPPED
    table[[0x3002, 0xFF61]] = WEAK_DOT
    table[[0x85, 0x2028, 0x2029]] = ord("\n")
    return table


def _byte(point: int) -> int:
    category = unicodedata.category(chr(point))
    if category == "Zs":
        return ord(" ")
    if category[0] not in "LM":
        return OTHER
    return CJK if _unspaced(point) else LETTER


def _unspaced(point: int) -> bool:
    return (
        0x2E80 <= point <= 0x9FFF
        or 0xAC00 <= point <= 0xD7FF
        or 0xF900 <= point <= 0xFAFF
        or (0xFF66 <= point <= 0xFFDC)
    )


@cache
def _fold_table() -> Codes:
    table = np.arange(0x10000, dtype=np.uint32)
    table[0xFF01:0xFF5F] = np.arange(0x21, 0x7F)
    table[0x3000] = table[0xA0] = ord(" ")
    table[[0x2010, 0x2011, 0x2012, 0x2013]] = ord("-")
    table[[0x2018, 0x2019]] = ord("'")
    # A lone surrogate has no UTF-8 form, which is what the automata read.
    table[0xD800:0xE000] = 0xFFFD
    for point in range(0x10000):
        if not 0xD800 <= point < 0xE000:
            low = chr(int(table[point])).lower()
            table[point] = ord(low) if len(low) == 1 else table[point]
    return table
