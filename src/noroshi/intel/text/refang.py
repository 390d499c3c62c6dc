"""Values written so that nobody clicks them, read as they were, with the way back to the text.

Reports write ``hxxp://evil[.]example``, ``evil(dot)example``, ``user[at]evil.example``, full-width
letters, or an invisible character in the middle. Every form here is at least as long as what it
stands for, so the plain form is made by overwriting and leaving out, and an array remembers where
each byte came from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

import ahocorasick_rs
import numpy as np
import numpy.typing as npt

from noroshi.intel.text.shadow import CJK, DROPPED, LETTER, WEAK_DOT, Bytes, shadow

_LOOKBACK = 200


@dataclass(frozen=True, slots=True)
class Refanged:
    """A block of text in its plain form.

    Attributes:
        text: the text as written.
        data: its plain form, one byte per character (see :mod:`noroshi.intel.text.shadow`).
        array: the same bytes as an array.
        lower: the same bytes, ASCII in lower case.
        base: offset of the block in the document.
        origin: offset in ``text`` of each byte, one more for the end; None where they are equal.
    """

    text: str
    data: bytes
    array: Bytes
    lower: bytes
    base: int = 0
    origin: npt.NDArray[np.int64] | None = field(default=None)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the document of bytes ``start`` to ``end``."""
        if self.origin is None:
            return self.base + start, self.base + end
        last = int(self.origin[end - 1]) + 1
        return self.base + int(self.origin[start]), self.base + last

    def defanged(self, start: int, end: int) -> bool:
        r"""Whether bytes were written otherwise: brackets, words, invisible characters, 。.

        Markdown's escaped underscore (``\_``) is no defanging.
        """
        if WEAK_DOT in self.data[start:end]:
            return True
        left, right = self.span(start, end)
        longer = right - left - (end - start)
        written = self.text[left - self.base : right - self.base] if longer > 0 else ""
        return longer > written.count("\\_")

    def place(self, offset: int) -> int:
        """Return the byte at or after an offset of the document, within the block."""
        inside = min(max(0, offset - self.base), len(self.text))
        if self.origin is None:
            return inside
        return int(np.searchsorted(self.origin, inside))

    def string(self, start: int, end: int) -> str:
        """Return bytes as text, letters beyond ASCII as they were written."""
        piece = self.data[start:end]
        if piece.isascii():
            return piece.decode("ascii")
        return "".join(
            chr(byte) if byte < DROPPED else self._char(start + place)
            for place, byte in enumerate(piece)
        )

    def _char(self, place: int) -> str:
        if self.data[place] == WEAK_DOT:
            return "."
        return self.text[place if self.origin is None else int(self.origin[place])]


def refang(text: str, base: int = 0) -> Refanged:
    """Return the plain form of a block of text that begins at offset ``base``."""
    array = shadow(text)
    origin: npt.NDArray[np.int64] | None = None
    if not text.isascii() and (array == DROPPED).any():
        origin = np.flatnonzero(array != DROPPED)
        array = array[origin]
    data = array.tobytes()
    edits = list(_edits(data, data.lower()))
    if edits:
        plain, kept = _apply(array, edits)
        origin = kept if origin is None else origin[kept]
        array, data = plain, plain.tobytes()
    return Refanged(text, data, array, data.lower(), base, origin)


def _apply(
    array: Bytes, edits: list[tuple[int, int, bytes]]
) -> tuple[Bytes, npt.NDArray[np.int64]]:
    plain, keep = array.copy(), np.ones(len(array), dtype=bool)
    for start, end, form in edits:
        plain[start : start + len(form)] = list(form)
        keep[start + len(form) : end] = False
    kept = np.flatnonzero(keep)
    return plain[kept], kept


@cache
def _forms() -> tuple[ahocorasick_rs.BytesAhoCorasick, tuple[tuple[bytes, bytes], ...]]:
    """The defanged forms and what each stands for; the longest at a place is taken.

    Altered schemes (``hxxp``) keep their letters: whoever reads the URL knows them.
    """
    forms = {"[.": ".", ".]": ".", "\\.": ".", "\\_": "_", " dot ": ".", ":[/][/]": "://"}
    inner = {".": ".", "dot": ".", "d0t": ".", "punkt": ".", "@": "@", "at": "@", ":": ":"}
    inner |= {"://": "://", ":/": ":/", "/": "/", "//": "//", ",": ".", "::": "::"}
    for left, right in ("[]", "()", "{}"):
        for word, plain in inner.items():
            forms[left + word + right] = plain
            forms[f"{left} {word} {right}"] = plain
    forms |= {"<.>": ".", "<dot>": ".", "<at>": "@", "<@>": "@"}
    del forms["(,)"], forms["( , )"]
    for scheme in ("http", "hxxp"):
        for tail in (":", "s:"):
            forms[f"{scheme}{tail}\\\\"] = f"{scheme}{tail}//"
    pairs = tuple((form.encode(), plain.encode()) for form, plain in forms.items())
    automaton = ahocorasick_rs.BytesAhoCorasick(
        [form for form, _ in pairs], matchkind=ahocorasick_rs.MatchKind.LeftmostLongest
    )
    return automaton, pairs


def _edits(data: bytes, lower: bytes) -> Iterator[tuple[int, int, bytes]]:
    automaton, pairs = _forms()
    floor = 0
    for index, start, end in automaton.find_matches_as_indexes(lower):
        if start >= floor and (edit := _edit(data, lower, *pairs[index], start, end)):
            yield edit
            floor = edit[1]


def _edit(
    data: bytes, lower: bytes, form: bytes, plain: bytes, start: int, end: int
) -> tuple[int, int, bytes] | None:
    if form[:1] == b"\\":
        joined = _wordlike(data, start - 1) and _wordlike(data, end)
        return (start, end, plain) if joined and not _in_path(data, start) else None
    if form == b" dot ":
        return (start, end, plain) if _spelled_out(lower, start, end) else None
    if plain in (b".", b"@"):
        return _joint(data, form, plain, start, end)
    return start, end, plain


def _joint(
    data: bytes, form: bytes, plain: bytes, start: int, end: int
) -> tuple[int, int, bytes] | None:
    """A dot or at sign joins two words; around a bracketed one there may be a blank."""
    if _wordlike(data, start - 1) and _wordlike(data, end):
        return start, end, plain
    if len(form) < len("[.]"):
        return None
    before = start - (data[start - 1 : start] in (b" ", b"\t"))
    after = end + (data[end : end + 1] in (b" ", b"\t"))
    if _wordlike(data, before - 1) and _wordlike(data, after):
        return before, after, plain
    return None


def _wordlike(data: bytes, place: int) -> bool:
    char = data[place : place + 1] if place >= 0 else b""
    return char.isalnum() or char in (b"-", b"_", bytes([LETTER]), bytes([CJK]), b"]", b"[", b"*")


def _in_path(data: bytes, place: int) -> bool:
    """Whether a backslash belongs to a path: another one of its word stands before a letter."""
    piece = data[max(0, place - _LOOKBACK) : place]
    word = piece[max(piece.rfind(b" "), piece.rfind(b"\n")) + 1 :]
    return any(part[:1].isalnum() or not part for part in word.split(b"\\")[1:])


_SPOKEN = frozenset(b"com net org info biz io jp ru cn br de fr uk kr tw xyz top onion".split())


def _spelled_out(lower: bytes, start: int, end: int) -> bool:
    """``evil dot com``: only before an ending that is no everyday word."""
    tail = lower[end : end + 8]
    word = tail[: len(tail) - len(tail.lstrip(b"abcdefghijklmnopqrstuvwxyz"))]
    return _wordlike(lower, start - 1) and word in _SPOKEN
