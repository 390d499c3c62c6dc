"""Words with a dot inside: addresses, domains, mail addresses, bare URLs, file names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import numpy as np

from noroshi.intel.text.addresses import ipv4_candidate
from noroshi.intel.text.candidate import Candidate, Taken, Trait, distinct, mask_of, runs
from noroshi.intel.text.extraction import ValueType
from noroshi.intel.text.file_names import (
    is_end_of_name,
    japanese_names,
    numbered_names,
    whole_name,
)
from noroshi.intel.text.hosts import EXTENSIONS, Kind, Surroundings, is_domain, kind_of
from noroshi.intel.text.refang import Refanged
from noroshi.intel.text.shadow import LETTER, WEAK_DOT, Offsets
from noroshi.intel.text.suffixes import Suffixes
from noroshi.intel.text.system_files import is_system_file
from noroshi.intel.text.urls import bare_url

_ALNUM = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_INSIDE = _ALNUM + bytes([LETTER])
_WORD = _INSIDE + b"-_." + bytes([WEAK_DOT])
_HEX = b"0123456789abcdefABCDEF"
_LOCAL = _ALNUM + b"._%+-'"
_MAX_LOCAL = 64
"""Longest local part (RFC 5321 section 4.5.3.1.1)."""
_NUMBER = re.compile(rb"(\d{1,2})\.(?=[A-Za-z])")
_PERCENT, _NEWLINE = b"%\n"
_EDGES = b".-_\x81"
_MAX_WORD = 300
_MAX_LINK = 200


def mail_candidates(block: Refanged, taken: Taken, suffixes: Suffixes) -> Iterator[Candidate]:
    """Yield mail addresses."""
    data, at = block.data, block.data.find(b"@")
    while at >= 0:
        if (found := _mail(block, at, suffixes)) and taken.take(found.start, found.end):
            yield found
        at = data.find(b"@", at + 1)


def _mail(block: Refanged, at: int, suffixes: Suffixes) -> Candidate | None:
    before = block.data[max(0, at - _MAX_LOCAL) : at]
    local = before[len(before.rstrip(_LOCAL)) :].lstrip(b"'.-%")
    after = block.data[at + 1 : at + 1 + _MAX_WORD]
    name = after[: len(after) - len(after.lstrip(_WORD))].rstrip(b"-_.\x81")
    if not local or local.endswith(b".") or b"." not in name:
        return None
    host = _mail_host(block.string(at + 1, at + 1 + len(name)), suffixes)
    if not host:
        return None
    return Candidate(
        ValueType.EMAIL,
        f"{local.decode('ascii')}@{host.lower()}",
        at - len(local),
        at + 1 + len(host),
        host=host.lower(),
    )


def _mail_host(host: str, suffixes: Suffixes) -> str:
    """Return the domain that a run of name characters begins with."""
    for _ in range(4):
        if is_domain(host, suffixes):
            return host
        host = host.rpartition(".")[0] if host.count(".") > 1 else ""
    return ""


def dotted_candidates(block: Refanged, taken: Taken, suffixes: Suffixes) -> Iterator[Candidate]:
    """Yield what the words with an inner dot are."""
    for found in (*numbered_names(block), *japanese_names(block)):
        if taken.take(found.start, found.end):
            yield found
    starts, ends = _dotted_words(block, taken)
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        for found in _parse(block, start, end, suffixes):
            if taken.take(found.start, found.end):
                yield found


def _dotted_words(block: Refanged, taken: Taken) -> tuple[Offsets, Offsets]:
    dots = np.flatnonzero(mask_of(block.data, b"." + bytes([WEAK_DOT])))
    dots = dots[(dots > 0) & (dots < len(block.array) - 1)]
    inside = mask_of(block.data, _INSIDE + b"-_")
    dots = dots[inside[dots - 1] & inside[dots + 1]]
    dots = dots[taken.marks()[dots] == 0] if len(dots) else dots
    if not len(dots):
        return dots, dots
    starts, ends = runs(mask_of(block.data, _WORD))
    chosen = distinct(np.searchsorted(starts, dots, "right") - 1)
    return starts[chosen], ends[chosen]


def _parse(block: Refanged, start: int, end: int, suffixes: Suffixes) -> Iterable[Candidate]:
    """A run of word characters is one value, or several joined by a sentence or a dash."""
    if end - start > _MAX_WORD:
        return ()
    piece = block.data[start:end]
    if piece[0] in _EDGES or piece[-1] in _EDGES:
        start += len(piece) - len(piece.lstrip(b".-\x81"))
        end -= len(piece) - len(piece.rstrip(_EDGES))
        start += piece[:1] == piece[-1:] == b"_"  # emphasis in Markdown
    if start and block.data[start - 1] == _PERCENT:
        start += _percent_encoded(block.data, start, end)
    if piece[:1].isdigit() and (start == 0 or block.data[start - 1] == _NEWLINE):
        start += _list_number(block.data, start, end)
    whole = _one(block, start, end, suffixes) if start < end else None
    several = block.weak and WEAK_DOT in piece and _sentence_inside(block, start, end, suffixes)
    if whole is not None and not several:
        return (whole,)
    pieces = (_one(block, *place, suffixes) for place in _pieces(block, start, end))
    return (found for found in pieces if found is not None)


def _percent_encoded(data: bytes, start: int, end: int) -> int:
    """Return how long the rest of an escape is that a word begins with: ``2F`` of ``%2F``."""
    two = data[start : start + 2]
    return 2 if end - start > 2 and all(byte in _HEX for byte in two) else 0


def _list_number(data: bytes, start: int, end: int) -> int:
    """Return the length of ``2.`` before a word that begins the second item of a list."""
    number = _NUMBER.match(data, start, end)
    if number is None:
        return 0
    here, before = int(number[1]), data[max(0, start - _MAX_LINK) : max(0, start - 1)]
    following = data.find(b"\n", end, end + _MAX_LINK) + 1
    listed = before.rpartition(b"\n")[2].startswith(b"%d." % (here - 1)) or (
        following > 0 and data.startswith(b"%d." % (here + 1), following)
    )
    return len(number[0]) if listed else 0


def _sentence_inside(block: Refanged, start: int, end: int, suffixes: Suffixes) -> bool:
    """Whether an ideographic full stop separates sentences rather than labels."""
    parts = block.data[start:end].split(bytes([WEAK_DOT]))
    return len(parts) > 1 and any(
        is_domain(part.decode("latin-1"), suffixes) for part in parts if b"." in part
    )


def _pieces(block: Refanged, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Split at full stops and dashes, then cut a sentence that begins without a blank."""
    piece = block.data[start:end]
    place = start
    for part in piece.replace(b"\x81", b"\x00").split(b"\x00"):
        yield from _without_tail(part, place)
        place += len(part) + 1


def _without_tail(part: bytes, place: int) -> Iterator[tuple[int, int]]:
    yield place, place + len(part)
    if b"-" in part:
        left = place
        for item in part.split(b"-"):
            yield left, left + len(item)
            left += len(item) + 1
    head, dot, tail = part.rpartition(b".")
    if dot and b"." in head and tail[:1].isupper():
        yield place, place + len(head)


def _one(block: Refanged, start: int, end: int, suffixes: Suffixes) -> Candidate | None:
    word = block.string(start, end)
    if "." not in word:
        return None
    if word[0].isdigit() and word.replace(".", "").isdigit():
        found = ipv4_candidate(block, word, start, end)
        if found is None or found.type is ValueType.CIDR:
            return found
        return _bare_url(block, word, start, end) or found
    low = word[word.rindex(".") + 1 :].lower()
    if low.isascii() and low not in EXTENSIONS and not suffixes.knows(low):
        return None
    defanged = block.defanged(start, end)
    kind = kind_of(word, Surroundings(block.lower, start, end, defanged), suffixes)
    if kind is Kind.DOMAIN:
        trait = Trait.BRAND if word[:1].isupper() and word[1:].islower() else Trait.PLAIN
        return _bare_url(block, word, start, end) or Candidate(
            ValueType.DOMAIN, word.lower(), start, end, 0.95 if defanged else 0.85, trait
        )
    if kind is Kind.FILE:
        begin = whole_name(block, start, end)
        word = block.string(begin, end)
        trait = Trait.SYSTEM if is_system_file(word) else Trait.PLAIN
        if _of_a_link(block.data, begin):
            trait = Trait.ASSET
        elif begin == start and is_end_of_name(block, start):
            trait = Trait.PART
        return Candidate(ValueType.FILE_NAME, word, begin, end, 0.9, trait)
    return None


def _of_a_link(data: bytes, start: int) -> bool:
    """Whether a file name is the end of a relative link of the page: ``](/images/a.png)``."""
    before = data[max(0, start - _MAX_LINK) : start].rpartition(b"\n")[2]
    opening = before.rfind(b"](")
    return (
        opening >= 0
        and before[opening + 2 : opening + 3] in (b"/", b".")
        and not (b" " in before[opening:] or b")" in before[opening:])
    )


def _bare_url(block: Refanged, word: str, start: int, end: int) -> Candidate | None:
    if block.data[end : end + 1] not in (b"/", b":"):
        return None
    return bare_url(block, word, start, end)
