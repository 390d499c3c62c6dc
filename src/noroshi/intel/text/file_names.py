"""Where a file name begins: names with blanks, Japanese names, names with a number in brackets.

The dotted word ends a file name but need not be all of it: ``"Payment advice 2024.xlsm"`` in
quotation marks is one name, and so are the kanji and katakana before ``.zip``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from noroshi.intel.text.candidate import Candidate
from noroshi.intel.text.extraction import ValueType
from noroshi.intel.text.hosts import EXTENSIONS
from noroshi.intel.text.refang import Refanged
from noroshi.intel.text.shadow import CJK

_FARTHEST = 80
_CLOSING = {ord('"'): b'"', ord("'"): b"'", ord("`"): b"`"}
_SENTENCE = re.compile(rb"[.!?] |, | (?:is|was|are|were|and|or|to|the|a|drops|named|called) ")
_INSIDE = re.compile(rb"[\w .()+&,\x90\x91-]+")
_NUMBERED = re.compile(rb"([\w.-]{1,60}\(\d{1,3}\))\.(\w{1,10})(?![\w.])")
_AFTER_JAPANESE = re.compile(rb"\x90\.([A-Za-z0-9]{2,10})(?![\w.-])")
_JAPANESE_QUOTES = {"」": "「", "』": "『", "”": "“"}
_JAPANESE_NAME = re.compile(r"[\u30a0-\u30ff\u3400-\u9fff々ー0-9A-Za-z_-]{1,60}\Z")


def whole_name(block: Refanged, start: int, end: int) -> int:
    """Return where the name that ends with the dotted word ``start`` to ``end`` begins."""
    data = block.data
    closing = data[end : end + 1]
    before = data[max(0, start - _FARTHEST) : start]
    if before[-1:] == b" " and (begin := _set_apart(before, data[end : end + 4])) is not None:
        return start - len(before) + begin
    if closing and closing[0] in _CLOSING and before[-1:] in (b" ", b")", bytes([CJK])):
        opening = before.rfind(_CLOSING[closing[0]])
        if opening >= 0 and _INSIDE.fullmatch(before, opening + 1):
            return start - len(before) + opening + 1
    if before and not (before[-1:] + closing).isascii():
        return _japanese(block, start, end)
    return start


def _set_apart(before: bytes, after: bytes) -> int | None:
    """Return where a name in bold type (``**…**``) or alone in a table's cell begins."""
    if after.startswith(b"**"):
        opening = before.rfind(b"**")
        begin = opening + 2
    elif after.startswith(b" |"):
        opening = before.rfind(b"| ")
        begin = opening + 2
    else:
        return None
    if opening < 0 or not _INSIDE.fullmatch(before, begin):
        return None
    return None if _SENTENCE.search(before, begin) else begin


def is_end_of_name(block: Refanged, start: int) -> bool:
    """Whether a name such as ``2020.exe`` is only the last word of one with blanks in it."""
    word = block.data[start : start + 12].partition(b".")[0]
    before = block.data[max(0, start - 20) : start]
    last = before.rsplit(b" ", 2)[-2] if before.count(b" ") > 1 else b""
    return word.isdigit() and before[-1:] == b" " and (last[:1].isupper() or last.isdigit())


def _japanese(block: Refanged, start: int, end: int) -> int:
    """In Japanese quotation marks all of it; else kanji and katakana, which no particle is."""
    low = max(0, start - _FARTHEST)
    before = block.string(low, start)
    if len(before) == start - low and (after := block.string(end, end + 1)) in _JAPANESE_QUOTES:
        opening = before.rfind(_JAPANESE_QUOTES[after])
        if opening >= 0 and "\n" not in before[opening:]:
            return start - (len(before) - opening - 1)
    if block.data[start - 1] != CJK:
        return start
    name = _JAPANESE_NAME.search(before)
    return start - len(name[0]) if name else start


def japanese_names(block: Refanged) -> Iterator[Candidate]:
    """Yield names of kanji and kana before a known extension."""
    if block.data.isascii():
        return
    for found in _AFTER_JAPANESE.finditer(block.data):
        if found[1].decode("ascii").lower() in EXTENSIONS:
            begin = _japanese(block, found.start() + 1, found.end())
            if begin <= found.start():
                value = block.string(begin, found.end())
                yield Candidate(ValueType.FILE_NAME, value, begin, found.end(), 0.8)


def numbered_names(block: Refanged) -> Iterator[Candidate]:
    """Yield names like ``invoice(1).docm``, whose dot stands after a bracket."""
    place = block.data.find(b").")
    while place >= 0:
        line = max(0, place - _FARTHEST)
        found = _NUMBERED.search(block.data, line, place + 12)
        if found and found.end(1) == place + 1 and found[2].decode("ascii").lower() in EXTENSIONS:
            value = block.string(*found.span())
            yield Candidate(ValueType.FILE_NAME, value, found.start(), found.end(), 0.85)
        place = block.data.find(b").", place + 2)
