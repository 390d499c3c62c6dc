"""Values written so that nobody clicks them, read as they were, with the way back to the text.

Reports write ``hxxp://evil[.]example``, ``evil(dot)example``, ``user[at]evil.example``, full-width
letters, or an invisible character in the middle. Every form here is at least as long as what it
stands for, so the plain form is made by overwriting and leaving out, and an array remembers where
each byte came from.
"""

from __future__ import annotations

import string
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import ahocorasick_rs
import numpy as np

from noroshi.intel.text.shadow import (
    CJK,
    DROPPED,
    LETTER,
    WEAK_DOT,
    Bytes,
    Codes,
    Offsets,
    codes,
    shadow,
)

_LOOKBACK = 200
_WORDLIKE = frozenset(
    (string.ascii_letters + string.digits + "-_[]*").encode() + bytes([LETTER, CJK])
)


@dataclass(frozen=True, slots=True)
class Refanged:
    """A block of text in its plain form.

    Attributes:
        text: the text as written.
        data: its plain form, one byte per character (see :mod:`noroshi.intel.text.shadow`).
        array: the same bytes as an array.
        lower: the same bytes, ASCII in lower case.
        plain: its plain form as text, letters beyond ASCII as they were written.
        base: offset of the block in the document.
        origin: offset in ``text`` of each byte; None where they are equal.
        gaps: 1 for each byte that something is left out after; empty where nothing is.
        weak: whether there is an ideographic full stop in it.
    """

    text: str
    data: bytes
    array: Bytes
    lower: bytes
    plain: str
    base: int = 0
    origin: Offsets | None = None
    gaps: bytes = b""
    weak: bool = False

    def spans(self, starts: Offsets, ends: Offsets) -> tuple[Offsets, Offsets]:
        """Return the places in the document of the bytes between starts and ends."""
        if self.origin is None:
            return starts + self.base, ends + self.base
        return self.origin[starts] + self.base, self.origin[ends - 1] + (self.base + 1)

    def defanged(self, start: int, end: int) -> bool:
        r"""Whether bytes were written otherwise: brackets, words, invisible characters, 。.

        Markdown's escaped underscore (``\_``) is no defanging.
        """
        if self.weak and self.data.find(WEAK_DOT, start, end) >= 0:
            return True
        if self.origin is None or self.gaps.find(1, start, end - 1) < 0:
            return False
        left, right = int(self.origin[start]), int(self.origin[end - 1]) + 1
        return right - left - (end - start) > self.text.count("\\_", left, right)

    def place(self, offset: int) -> int:
        """Return the byte at or after an offset of the document, within the block."""
        inside = min(max(0, offset - self.base), len(self.text))
        if self.origin is None:
            return inside
        return int(np.searchsorted(self.origin, inside))

    def string(self, start: int, end: int) -> str:
        """Return bytes as text, letters beyond ASCII as they were written."""
        return self.plain[start:end]


def refang(text: str, base: int = 0) -> Refanged:
    """Return the plain form of a block of text that begins at offset ``base``."""
    written = codes(text)
    array = shadow(written)
    origin: Offsets | None = None
    if not text.isascii() and (array == DROPPED).any():
        origin = np.flatnonzero(array != DROPPED)
        array = array[origin]
    data = array.tobytes()
    edits = list(_edits(data, data.lower()))
    if edits:
        array, kept = _apply(data, edits)
        origin = kept if origin is None else origin[kept]
        data = array.tobytes()
    gaps = b"" if origin is None else (np.diff(origin) > 1).tobytes()
    plain, weak = _plain(written, data, array, origin), WEAK_DOT in data
    return Refanged(text, data, array, data.lower(), plain, base, origin, gaps, weak)


def _apply(data: bytes, edits: list[tuple[int, int, bytes]]) -> tuple[Bytes, Offsets]:
    plain, keep = bytearray(data), bytearray(b"\x01") * len(data)
    for start, end, form in edits:
        middle = start + len(form)
        plain[start:middle] = form
        keep[middle:end] = bytes(end - middle)
    kept = np.flatnonzero(np.frombuffer(keep, dtype=bool))
    return np.frombuffer(plain, dtype=np.uint8)[kept], kept


def _plain(written: Codes | Bytes, data: bytes, array: Bytes, origin: Offsets | None) -> str:
    """Return the plain form as text: ASCII from the bytes, other letters as they were written."""
    if data.isascii():
        return data.decode("ascii")
    points = np.where(array < DROPPED, array, written if origin is None else written[origin])
    points[array == WEAK_DOT] = ord(".")
    return points.astype("<u4", copy=False).tobytes().decode("utf-32-le", "surrogatepass")


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
    floor, size = 0, len(data)
    for index, start, end in automaton.find_matches_as_indexes(lower):
        if start < floor:
            continue
        form, plain = pairs[index]
        inside = form[0] in b"[({<" and start > 0 and end < size
        if inside and data[start - 1] in _WORDLIKE and data[end] in _WORDLIKE:
            yield start, end, plain
            floor = end
        elif edit := _edit(data, lower, form, plain, start, end):
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
    return 0 <= place < len(data) and data[place] in _WORDLIKE


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
