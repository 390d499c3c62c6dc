"""Where in a document a place lies: its line, the words on it, the section it belongs to."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from noroshi.intel.text.cues import PLAINEST_HEADINGS, Cue, cue_automaton
from noroshi.intel.text.shadow import Offsets, codes

_ASCII_WORD = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_HEADS = frozenset({Cue.IOC_HEADING, Cue.REFERENCE_HEADING})
_REACH = 160
"""Characters of a line to either side of a value that can speak for or against it."""
_CONTEXT = 200
_PIECE = 1 << 20
_AT_ONCE = 1 << 16
"""Spans placed at a time."""
_MOST_WORDS = 64
"""Words looked at around one value."""
_HEADING = 90
"""Longest line that can be a heading, in characters."""
_ORNAMENT = "".join(sorted(set(" \t*_:#=-[]【】■●◆◇□▼・.0123456789()()")))
"""What a heading wears around its words."""


class Word(NamedTuple):
    """A word on the line of a value that says something.

    Attributes:
        far: characters between the two.
        word: the word, in folded form.
        cues: what it says.
    """

    far: int
    word: str
    cues: frozenset[Cue]


class Section(NamedTuple):
    """What a section announces, and its heading."""

    cue: Cue | None
    heading: str


_NO_SECTION = Section(None, "")


class Place(NamedTuple):
    """Where a span lies in its document.

    Attributes:
        start: first character.
        end: character after the last.
        left: begin of the lines that it touches, cut to a few hundred characters.
        right: end of these lines.
        first: number of the first word nearby that says something.
        last: number after the last; not above ``first`` where there is none.
        section: number of the section.
    """

    start: int
    end: int
    left: int
    right: int
    first: int
    last: int
    section: int


@dataclass(slots=True)
class Context:
    """The lines, words and sections of a document. Filled block by block, then asked."""

    text: str
    _places: list[int] = field(default_factory=list)
    _cues: list[tuple[str, frozenset[Cue]]] = field(default_factory=list)
    _section_at: list[int] = field(default_factory=list)
    _sections: list[Section] = field(default_factory=list)
    _line_ends: Offsets = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def add(self, folded: str, base: int) -> None:
        """Read the words of the block that begins at ``base``, given in folded form."""
        automaton, words = cue_automaton()
        headings = dict.fromkeys(self._marked_headings(folded, base))
        for index, start, _end in automaton.find_matches_as_indexes(folded):
            pair = words[index]
            if start and folded[start - 1] in _ASCII_WORD and pair[0][0] < "\x80":
                continue
            self._places.append(base + start)
            self._cues.append(pair)
            if not _HEADS.isdisjoint(pair[1]):
                self._plain_heading(base + start, len(pair[0]), headings)
        for begin in headings:
            self._open_section(begin, folded, base)

    def _marked_headings(self, folded: str, base: int) -> Iterator[int]:
        """Lines that begin with the marks of Markdown or AsciiDoc."""
        if folded.startswith(("#", "=")):
            yield base
        for mark in ("\n#", "\n="):
            place = folded.find(mark)
            while place >= 0:
                yield base + place + 1
                place = folded.find(mark, place + 2)

    def _plain_heading(self, place: int, length: int, headings: dict[int, None]) -> None:
        """A short line of which such a word is a good part is a heading without marks."""
        begin, end = self.line(place)
        line = self.text[begin:end].strip(_ORNAMENT)
        if len(line) <= 40 and length * 2 >= len(line) and "|" not in line:
            headings[begin] = None

    def _open_section(self, begin: int, folded: str, base: int) -> None:
        end = self.text.find("\n", begin, begin + _HEADING)
        end = end if end >= 0 else begin + _HEADING
        line = folded[begin - base : end - base]
        self._section_at.append(begin)
        self._sections.append(Section(_heading_cue(line), self.text[begin:end].strip(" #=*\t")))

    def finish(self) -> None:
        """Put sections in order and find the lines; call once after the last block."""
        order = sorted(range(len(self._section_at)), key=self._section_at.__getitem__)
        self._sections = [self._sections[place] for place in order]
        self._section_at = [self._section_at[place] for place in order]
        self._line_ends = _line_ends(self.text)

    def line(self, place: int) -> tuple[int, int]:
        """Return the bounds of the line around a place, cut to a few hundred characters."""
        low, high = max(0, place - _CONTEXT), min(len(self.text), place + _CONTEXT)
        begin = self.text.rfind("\n", low, place) + 1
        end = self.text.find("\n", place, high)
        return begin or low, end if end >= 0 else high

    def places(self, starts: Offsets, ends: Offsets) -> Iterator[Place]:
        """Yield where each of many spans lies. Only after the last block."""
        cues = np.array(self._places, dtype=np.int64)
        sections = np.array(self._section_at, dtype=np.int64)
        for base in range(0, len(starts), _AT_ONCE):
            start, end = starts[base : base + _AT_ONCE], ends[base : base + _AT_ONCE]
            left, right = _lines(self._line_ends, start, end, len(self.text))
            first = np.maximum(cues.searchsorted(start - _REACH), cues.searchsorted(left))
            last = np.minimum(
                cues.searchsorted(end + _REACH, "right"), cues.searchsorted(right, "right")
            )
            section = sections.searchsorted(start, "right") - 1
            columns = (start, end, left, right, first, last, section)
            yield from map(Place, *(column.tolist() for column in columns))

    def words(self, place: Place) -> list[Word]:
        """Return the words on the line of a value that say something, the nearest first."""
        start, end, _, _, first, last, _ = place
        found = []
        for number in range(first, min(last, first + _MOST_WORDS)):
            at, (word, cues) = self._places[number], self._cues[number]
            if at < start:
                found.append(Word(max(0, start - at - len(word)), word, cues))
            elif at >= end:
                found.append(Word(at - end, word, cues))
        found.sort(key=itemgetter(0))
        return found

    def near(self, cue: Cue, low: int, high: int) -> bool:
        """Whether a word of a cue begins between two places."""
        first = bisect_left(self._places, low)
        last = bisect_right(self._places, high, first)
        return any(cue in cues for _, cues in self._cues[first:last])

    def introduces(self, start: int) -> bool:
        """Whether the words that end in front of a value, perhaps a line above, name a source."""
        low = max(0, start - _REACH // 2)
        begin = max(low, self.text.rfind("\n\n", low, start) + 2)
        first = bisect_left(self._places, begin)
        said = self._cues[first : bisect_left(self._places, start, first)]
        if "://" in self.text[begin:start] or any(Cue.BAD in cues for _, cues in said):
            return False
        return any(Cue.SOURCE in cues for _, cues in said)

    def says(self, cue: Cue) -> bool:
        """Whether a cue stands anywhere in the document."""
        return any(cue in cues for _, cues in self._cues)

    def section(self, place: Place) -> Section:
        """Return the section around a place."""
        return self._sections[place.section] if place.section >= 0 else _NO_SECTION

    def around(self, place: Place) -> str:
        """Return the line around a span, the span whole."""
        left, right = place.left, place.right
        if place.end > right:
            right = max(right, min(place.end, left + 2 * _CONTEXT))
        return self.text[left:right].strip()


def _line_ends(text: str) -> Offsets:
    """Return the places of the line feeds, found piece by piece to spare memory."""
    found = [np.empty(0, dtype=np.int64)]
    for base in range(0, len(text), _PIECE):
        piece = text[base : base + _PIECE]
        found.append(np.flatnonzero(codes(piece) == ord("\n")) + base)
    return np.concatenate(found)


def _lines(
    line_ends: Offsets, starts: Offsets, ends: Offsets, size: int
) -> tuple[Offsets, Offsets]:
    """Return the bounds of the lines that spans touch, cut to a few hundred characters."""
    padded = np.concatenate(([-1 - _CONTEXT], line_ends, [size + 2 * _CONTEXT]))
    low, high = np.maximum(starts - _CONTEXT, 0), ends + _CONTEXT
    before = padded[line_ends.searchsorted(starts)]
    after = padded[line_ends.searchsorted(np.maximum(ends - 1, starts)) + 1]
    left = np.where(before >= low, before + 1, low)
    right = np.where(after < high, after, np.minimum(high, size))
    return left, right


def _heading_cue(line: str) -> Cue | None:
    """Return what a heading announces; the IOC words win over the reference words.

    "Network" heads a list of indicators, "The network of the victim" does not: but for the plainest
    words, a word must make up a good part of the heading.
    """
    automaton, words = cue_automaton()
    bare = line.strip(" #=*_:\t0123456789.")
    said = frozenset[Cue]().union(
        *(
            words[index][1]
            for index, _, _ in automaton.find_matches_as_indexes(bare)
            if words[index][0] in PLAINEST_HEADINGS or len(words[index][0]) * 2 >= len(bare)
        )
    )
    for cue in (Cue.IOC_HEADING, Cue.REFERENCE_HEADING):
        if cue in said:
            return cue
    return None
