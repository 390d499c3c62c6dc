"""Where in a document a place lies: its line, the words on it, the section it belongs to."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from noroshi.intel.text.cues import PLAINEST_HEADINGS, Cue, cue_automaton

_ASCII_WORD = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_HEADS = frozenset({Cue.IOC_HEADING, Cue.REFERENCE_HEADING})
_REACH = 160
"""Characters of a line to either side of a value that can speak for or against it."""
_CONTEXT = 200
_HEADING = 90
"""Longest line that can be a heading, in characters."""
_ORNAMENT = "".join(sorted(set(" \t*_:#=-[]【】■●◆◇□▼・.0123456789()()")))
"""What a heading wears around its words."""


@dataclass(slots=True)
class Context:
    """The lines, words and sections of a document. Filled block by block, then asked."""

    text: str
    _places: list[int] = field(default_factory=list)
    _cues: list[tuple[str, frozenset[Cue]]] = field(default_factory=list)
    _section_at: list[int] = field(default_factory=list)
    _sections: list[tuple[Cue | None, str]] = field(default_factory=list)

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
        self._sections.append((_heading_cue(line), self.text[begin:end].strip(" #=*\t")))

    def finish(self) -> None:
        """Put sections in order; call once after the last block."""
        order = sorted(range(len(self._section_at)), key=self._section_at.__getitem__)
        self._sections = [self._sections[place] for place in order]
        self._section_at = [self._section_at[place] for place in order]

    def line(self, place: int) -> tuple[int, int]:
        """Return the bounds of the line around a place, cut to a few hundred characters."""
        low, high = max(0, place - _CONTEXT), min(len(self.text), place + _CONTEXT)
        begin = self.text.rfind("\n", low, place) + 1
        end = self.text.find("\n", place, high)
        return begin or low, end if end >= 0 else high

    def lines(self, start: int, end: int) -> tuple[int, int]:
        """Return the bounds of the lines that a span touches, cut to a few hundred characters."""
        low, high = start - _CONTEXT if start > _CONTEXT else 0, end + _CONTEXT
        begin = self.text.rfind("\n", low, start) + 1
        close = self.text.find("\n", end - 1 if end > start else end, high)
        return begin or low, close if close >= 0 else min(high, len(self.text))

    def words(self, start: int, end: int) -> list[tuple[int, str, frozenset[Cue]]]:
        """Return the cues on the line of a value, each with its distance, the nearest first."""
        places = self._places
        first = bisect_left(places, start - _REACH)
        last = bisect_right(places, end + _REACH, first)
        if first == last:
            return []
        left, right = self.lines(start, end)
        first, last = bisect_left(places, left, first, last), bisect_right(places, right, first)
        last = min(last, bisect_right(places, end + _REACH, first))
        found = []
        for place in range(first, min(last, first + 64)):
            at, (word, cues) = places[place], self._cues[place]
            if not start <= at < end:
                distance = start - at - len(word) if at < start else at - end
                found.append((max(0, distance), word, cues))
        return sorted(found, key=lambda item: item[0])

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

    def section(self, place: int) -> tuple[Cue | None, str]:
        """Return what the section around a place is, and its heading."""
        index = bisect_right(self._section_at, place) - 1
        return self._sections[index] if index >= 0 else (None, "")

    def around(self, start: int, end: int) -> str:
        """Return the line around a span, the span whole."""
        left, right = self.lines(start, end)
        return self.text[left : max(right, min(end, left + 2 * _CONTEXT))].strip()


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
