"""Watched words in text: all at once, by NFKC, at word boundaries where the script has them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from typing import Any

import ahocorasick_rs

from noroshi.intel.watch.entry import Entry, plain

_QUOTE = 160
"""Characters of the line that are quoted."""


class Keywords:
    """Words to look for.

    Args:
        entries: of kind keyword.
    """

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._by_word: dict[str, list[Entry]] = {}
        for entry in entries:
            self._by_word.setdefault(entry.value, []).append(entry)
        self._words = list(self._by_word)

    def __bool__(self) -> bool:
        return bool(self._words)

    @cached_property
    def _automaton(self) -> Any:
        return ahocorasick_rs.AhoCorasick(self._words)

    def find(self, text: str) -> Iterator[tuple[Entry, str]]:
        """Yield each entry once with the line of the text, as written, that first holds it."""
        if not self._words or not text:
            return
        folded = _spaced(plain(text))
        told: set[int] = set()
        hits = self._automaton.find_matches_as_indexes(folded, overlapping=True)
        for word, start, end in hits:
            if word not in told and _stands_alone(folded, start, end):
                told.add(word)
                quote = _line(text, folded, start)
                for entry in self._by_word[self._words[word]]:
                    yield entry, quote


def _spaced(text: str) -> str:
    """Make every blank a plain one, letter for letter: a word may hold a wide or no-break one."""
    return text.translate(_BLANKS)


_BLANKS = dict.fromkeys((9, 160, 5760, *range(8192, 8203), 8239, 12288), " ")


def _stands_alone(text: str, start: int, end: int) -> bool:
    return not (
        (start and _joined(text[start - 1], text[start]))
        or (end < len(text) and _joined(text[end - 1], text[end]))
    )


def _joined(left: str, right: str) -> bool:
    """Whether two characters side by side are of one word, in a script that parts its words."""
    return _in_word(left) and _in_word(right)


@cache
def _in_word(character: str) -> bool:
    if unicodedata.category(character)[0] in "LMN":
        name = unicodedata.name(character, "")
        return not name.startswith(_UNPARTED)
    return character == "_"


_UNPARTED = (
    "CJK ", "HIRAGANA ", "KATAKANA", "HANGUL ", "THAI ", "LAO ", "KHMER ", "MYANMAR ",
    "IDEOGRAPHIC", "BOPOMOFO ",
)  # fmt: skip
"""Scripts without blanks between words; Korean has them, but not before its particles."""


def _line(text: str, folded: str, place: int) -> str:
    """Return the line as written: NFKC neither makes nor takes line ends."""
    number = folded.count("\n", 0, place)
    begin = 0
    for _ in range(number):
        begin = text.index("\n", begin) + 1
    end = text.find("\n", begin)
    line = text[begin : len(text) if end < 0 else end]
    if len(line) <= _QUOTE:
        return line.strip()
    before = place - (folded.rfind("\n", 0, place) + 1)
    middle = _place(line, before)
    first = max(0, middle - _QUOTE // 3)
    return line[first : first + _QUOTE].strip()


def _place(line: str, before: int) -> int:
    """Return about where a place of the folded line is in the line as written."""
    low, high = 0, len(line)
    while low < high:
        middle = (low + high) // 2
        if len(plain(line[:middle])) < before:
            low = middle + 1
        else:
            high = middle
    return low
