"""Bytes to text: Unicode with or without a mark, and the encodings of Japanese.

A byte order mark decides; then what the page declares, if it fits; then UTF-8 if it is valid; then
ISO-2022-JP by its escape sequences, UTF-16 by its zero bytes, and Shift_JIS (as cp932) or EUC-JP by
which of them reads as Japanese. What remains is read as Windows-1252, in which nothing is invalid
that matters.
"""

from __future__ import annotations

import codecs
import re

from noroshi.lang import N_, Message

_SAMPLE = 1 << 18
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"(?:charset|encoding)\s{0,4}=\s{0,4}[\"']?([A-Za-z0-9_.:-]{2,40})")
_ESCAPES = (b"\x1b$B", b"\x1b$@", b"\x1b(J", b"\x1b(I", b"\x1b$(D")
_ALIASES = {"shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932"}
_ALIASES |= {"windows-31j": "cp932", "iso-8859-1": "cp1252", "latin-1": "cp1252"}
_ALLOWED = re.compile(
    r"utf-?(?:8|16|32)|cp\d+|windows-125\d|iso-?8859|iso2022_jp|iso-2022-jp|euc[_-]?(?:jp|kr)|gb"
    r"|big5|koi8|ascii|us-ascii|shift|latin|tis|johab|hz",
    re.IGNORECASE,
)


def decode(data: bytes, name: str, declared: str = "") -> tuple[str, tuple[Message, ...]]:
    """Return the text of bytes and what was unreadable in them.

    Args:
        data: the bytes.
        name: of the report, for messages.
        declared: encoding that a mail part or the like declares.
    """
    encoding, skip = _encoding(data, declared)
    text = data[skip:].decode(encoding, "replace")
    wrong = text.count("\ufffd") - data.count("\ufffd".encode())
    if wrong <= 0 or encoding.startswith("cp125"):
        return text, ()
    what: dict[str, str | int | float] = {"name": name, "count": wrong, "encoding": encoding}
    problem = Message(N_("{name}: {count} places are not valid {encoding}"), what)
    return text, (problem,)


def _encoding(data: bytes, declared: str) -> tuple[str, int]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, len(mark)
    head = data[:_SAMPLE]
    if any(escape in head for escape in _ESCAPES):
        return "iso2022_jp_ext", 0
    if (wide := _without_mark(head)) is not None:
        return wide, 0
    if _fits(head, "utf-8"):
        return "utf-8", 0
    named = _DECLARED.search(head[:4096])
    for candidate in (declared, named[1].decode("ascii") if named else ""):
        known = _known(candidate)
        if known and _fits(head, known):
            return known, 0
    scores = {encoding: _japanese(head, encoding) for encoding in ("cp932", "euc_jp")}
    best = max(scores, key=lambda encoding: scores[encoding])
    if scores[best] > 0:
        return best, 0
    mostly_utf8 = head.decode("utf-8", "replace").count("\ufffd") * 50 < len(head)
    return ("utf-8" if mostly_utf8 else "cp1252"), 0


def _known(name: str) -> str:
    name = _ALIASES.get(name.lower(), name)
    if not name or not _ALLOWED.match(name):
        return ""
    try:
        return codecs.lookup(name).name
    except LookupError:
        return ""


def _fits(head: bytes, encoding: str) -> bool:
    """Whether a sample is valid; the end may cut a character in two."""
    try:
        codecs.getincrementaldecoder(encoding)("strict").decode(head, len(head) < _SAMPLE)
    except (UnicodeError, LookupError):
        return False
    return True


def _without_mark(head: bytes) -> str | None:
    """UTF-16 of mostly ASCII text has a zero in every second byte."""
    sample = head[:2048]
    if len(sample) < 4 or b"\0" not in sample:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > half * 0.3 and even * 8 < odd:
        return "utf-16-le"
    if even > half * 0.3 and odd * 8 < even:
        return "utf-16-be"
    return None


def _japanese(head: bytes, encoding: str) -> float:
    """Return how Japanese a sample reads in an encoding; not above 0 if it does not."""
    text = head.decode(encoding, "replace")
    kana = sum("\u3041" <= char <= "\u30ff" for char in text)
    kanji = sum("\u4e00" <= char <= "\u9fff" for char in text)
    half = sum("\uff61" <= char <= "\uff9f" for char in text)
    return kana * 2.0 + kanji - half * 2.0 - text.count("\ufffd") * 8.0
