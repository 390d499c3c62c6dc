"""Finished English sentences, such as those of errors, told in another language.

An error is raised as a plain English sentence with its values already in it. Here the template and
the values are found again: the templates are the message ids of the catalogues in ``ja/errors``,
read when the first sentence is asked for. A template is matched by its fixed pieces, each sought
once from where the one before it ends: as an anchored regular expression whose holes take as
little as they can, in time linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Self

from babel.messages.pofile import read_po

from noroshi.lang.catalogue import Language
from noroshi.lang.message import Message

HOLDS_A_SENTENCE = frozenset({"error", "reason"})
"""Names of holes whose value may be such a sentence again; every other value stays as it is."""
LONGEST = 4_000
"""Characters; a longer text is no sentence of ours and stays as it is."""

_DEEPEST = 4
_CUTS = 8
_HOLE = re.compile(r"\{(\w+)\}")
_CHECKED = re.compile(r"(^|: )Value error, ")
"""What pydantic puts before a validator's own sentence."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One template in English and Japanese.

    Attributes:
        template: English, with ``{name}`` holes, no two side by side.
        japanese: the same with the same holes, in any order.
        names: of the holes, in the template's order.
        pieces: the fixed text around the holes, one more than there are holes.
    """

    template: str
    japanese: str
    names: tuple[str, ...]
    pieces: tuple[str, ...]

    @classmethod
    def of(cls, template: str, japanese: str) -> Self:
        """Return the sentence of a catalogue's entry."""
        pieces = _HOLE.split(template)
        return cls(template, japanese, tuple(pieces[1::2]), tuple(pieces[::2]))

    @property
    def weight(self) -> int:
        """Fixed characters: of two templates that fit a text, the heavier one says more of it."""
        return sum(map(len, self.pieces))

    def read(self, text: str) -> dict[str, str] | None:
        """Return the values in a finished sentence, by the names of the holes; None if no such."""
        first, last = self.pieces[0], self.pieces[-1]
        if not self.names:
            return {} if text == first else None
        start, end = len(first), len(text) - len(last)
        if start > end or not text.startswith(first) or not text.endswith(last):
            return None
        values: list[str] = []
        for piece in self.pieces[1:-1]:
            at = text.find(piece, start, end)
            if at < 0:
                return None
            values.append(text[start:at])
            start = at + len(piece)
        return dict(zip(self.names, [*values, text[start:end]], strict=True))


def recognised(text: str) -> Message | None:
    """Return template and values of a finished English sentence; None if nobody here says it."""
    found = _recognised(text) if len(text) <= LONGEST else None
    return Message(found[0].template, found[1]) if found else None


def translated(text: str, language: Language) -> str:
    """Return a finished English sentence in a language; the text itself if nobody here says it.

    Of ``file: sentence`` the sentence alone is told in the language. Values stay letter by letter,
    except those of holes that hold a sentence.
    """
    if language == "en" or len(text) > LONGEST:
        return text
    return _told(_CHECKED.sub(r"\1", text), _DEEPEST) or text


def with_errors(message: Message, language: Language) -> Message:
    """Return a message whose errors and reasons are told in a language, the rest as it was."""
    told = {
        name: translated(str(message.params[name]), language)
        for name in HOLDS_A_SENTENCE & message.params.keys()
    }
    return Message(message.template, {**message.params, **told}) if told else message


def _told(text: str, depth: int) -> str | None:
    if depth == 0:
        return None
    if found := _recognised(text):
        sentence, values = found
        return _filled(sentence.japanese, values, depth)
    for head, rest in _cuts(text):
        if found := _recognised(rest):
            sentence, values = found
            return f"{head}：{_filled(sentence.japanese, values, depth)}"
    return None


def _filled(japanese: str, values: Mapping[str, str], depth: int) -> str:
    def value(hole: re.Match[str]) -> str:
        name = hole[1]
        said = values[name]
        return (_told(said, depth - 1) if name in HOLDS_A_SENTENCE else None) or said

    return _HOLE.sub(value, japanese)


def _recognised(text: str) -> tuple[Sentence, dict[str, str]] | None:
    for sentence in _sentences():
        values = sentence.read(text)
        if values is not None:
            return sentence, values
    return None


def _cuts(text: str) -> Iterator[tuple[str, str]]:
    """Yield what stands before and after a colon, the first few colons from the left."""
    parts = text.split(": ", _CUTS)
    for number in range(1, len(parts)):
        yield ": ".join(parts[:number]), ": ".join(parts[number:])


@cache
def _sentences() -> Sequence[Sentence]:
    """Read the templates, the heaviest first."""
    found: list[Sentence] = []
    for room in files("noroshi.lang").joinpath("ja", "errors").iterdir():
        with room.open("rb") as handle:
            entries = read_po(handle, locale="ja")
        found += [Sentence.of(str(one.id), str(one.string)) for one in entries if one.id]
    return sorted(found, key=lambda one: (-one.weight, one.template))
