r"""File paths and registry keys: ``C:\x\y.exe``, ``\\host\share``, ``%APPDATA%\x``, ``/tmp/x``.

Windows names may hold blanks, so a path is read part by part: a part between two backslashes may
hold blanks, the last one only up to a known extension or inside quotation marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import ahocorasick_rs

from noroshi.intel.text.candidate import Candidate, Taken, Trait
from noroshi.intel.text.extraction import ValueType
from noroshi.intel.text.hosts import EXTENSIONS
from noroshi.intel.text.refang import Refanged
from noroshi.intel.text.shadow import CJK
from noroshi.intel.text.wordlist import words

MAX_PATH = 1024
_HIVES = {
    "hklm": "HKEY_LOCAL_MACHINE",
    "hkcu": "HKEY_CURRENT_USER",
    "hkcr": "HKEY_CLASSES_ROOT",
    "hku": "HKEY_USERS",
    "hkcc": "HKEY_CURRENT_CONFIG",
}
_HIVES |= {name.lower(): name for name in list(_HIVES.values())}
_FOLDERS = """
    etc tmp usr var home opt bin sbin root dev proc lib lib64 library users applications system
    private mnt boot run srv sdcard volumes data/local data/data sys
"""
_ROOTS = [
    "~/",
    "$home/",
    "${home}/",
    "$tmpdir/",
    *(f"/{name}/" for name in sorted(words(_FOLDERS))),
]
_QUOTES = {b'"': b'"', b"'": b"'", b"`": b"`"}
_ILLEGAL = rb'<>"|?*\x00-\x1f`'
_PART = re.compile(rb"[^\\/:;" + _ILLEGAL + rb"]{1,64}(?=\\)", re.DOTALL)
_LAST = re.compile(rb"[^\\/:;,\s" + _ILLEGAL + rb"\x81\x82]{1,160}")
_LAST_BLANKS = re.compile(
    rb"[^\\/:;,\t" + _ILLEGAL + rb"\x81\x82]{1,64}?\.([A-Za-z0-9]{1,10})(?![A-Za-z0-9.])"
)
_POSIX = re.compile(rb"[A-Za-z0-9_./~%@+=:{}$*\x91-]{1,512}")
_SENTENCE = re.compile(rb"[.!?] |, | and | or | to | is | was ")
_VARIABLE = re.compile(rb"[A-Za-z0-9_(){}-]{1,40}")


def path_candidates(block: Refanged, taken: Taken) -> Iterator[Candidate]:
    """Yield file paths and registry keys, leftmost first."""
    automaton, forms = _anchors()
    floor = 0
    for index, start, _end in automaton.find_matches_as_indexes(block.lower):
        if start < floor:
            continue
        found = _at(block, forms[index], start)
        if found is not None and taken.take(found.start, found.end):
            yield found
            floor = found.end


@cache
def _anchors() -> tuple[ahocorasick_rs.BytesAhoCorasick, tuple[str, ...]]:
    forms = [":\\", "\\\\", "%\\", "software\\microsoft\\", "system\\currentcontrolset\\"]
    forms += [f"{hive}{mark}" for hive in _HIVES for mark in ("\\", ":\\")] + _ROOTS
    automaton = ahocorasick_rs.BytesAhoCorasick(
        [form.encode() for form in forms], matchkind=ahocorasick_rs.MatchKind.LeftmostLongest
    )
    return automaton, tuple(forms)


def _at(block: Refanged, form: str, start: int) -> Candidate | None:
    if form.startswith(("/", "~", "$")):
        return _posix(block, start)
    if form.startswith(("hk", "software", "system")):
        return _registry(block, form, start)
    return _windows(block, form, start)


def _windows(block: Refanged, form: str, anchor: int) -> Candidate | None:
    data = block.data
    if form == ":\\":
        start = anchor - 1
        before = data[start - 1 : start] if start > 0 else b""
        if start < 0 or not data[start : start + 1].isalpha() or before.isalnum():
            return None
        body = anchor + 2
    elif form == "%\\":
        name = data[max(0, anchor - 40) : anchor]
        opening = name.rfind(b"%")
        if opening < 0 or not _VARIABLE.fullmatch(name[opening + 1 :]):
            return None
        start, body = anchor - (len(name) - opening), anchor + 2
    else:
        start, body = anchor, anchor + 2
        if start and (data[start - 1 : start].isalnum() or data[start - 1 : start] in b":\\"):
            return None
        if not re.match(rb"[A-Za-z0-9._?$-]{1,64}\\[^\s\\]", data[body : body + 80]):
            return None
    end = _windows_end(data, start, body)
    if end <= body:
        return None
    value = block.string(start, end).replace("\\\\", "\\")
    if form == "\\\\":
        value = "\\" + value
    return Candidate(ValueType.FILE_PATH, value, start, end, 0.9)


def _windows_end(data: bytes, start: int, body: int) -> int:
    quote = _QUOTES.get(data[start - 1 : start] if start else b"")
    limit = body + MAX_PATH
    if quote is not None:
        close = data.find(quote, body, limit)
        if close > 0 and b"\n" not in data[body:close] and b":" not in data[body:close]:
            return len(data[:close].rstrip(b"\\ ")) if close - body < MAX_PATH else close
    place = body
    while place < limit:
        while data[place : place + 1] == b"\\":
            place += 1
        part = _PART.match(data, place, place + 65)
        if part is None or _SENTENCE.search(part[0]) or part[0].count(b" ") > 4:
            break
        place = part.end()
    return _last_part(data, place)


def _last_part(data: bytes, place: int) -> int:
    blanks = _LAST_BLANKS.match(data, place, place + 80)
    if blanks and _plausible(blanks[0], blanks[1]):
        return blanks.end()
    last = _LAST.match(data, place, place + 160)
    if last is None:
        return len(data[:place].rstrip(b"\\")) if data[place - 1 : place] == b"\\" else place
    word = last[0]
    if CJK in word:
        word = word.split(bytes([CJK]), 1)[0] or word
    return place + len(word.rstrip(b".,;:!)]}'*"))


def _plausible(name: bytes, extension: bytes) -> bool:
    """Whether a last part with blanks is one file name and not a sentence that ends in one."""
    known = extension.lower().decode("ascii") in EXTENSIONS
    return known and CJK not in name and name.count(b" ") <= 3 and not _SENTENCE.search(name)


def _registry(block: Refanged, form: str, start: int) -> Candidate | None:
    data = block.data
    if start and (data[start - 1 : start].isalnum() or data[start - 1 : start] in (b"\\", b"_")):
        return None
    hive = "" if form.startswith(("software", "system")) else form.rstrip(":\\")
    body = start + len(form) if hive else start
    end = _windows_end(data, start, body)
    if end <= body:
        return None
    rest = block.string(body, end).replace("\\\\", "\\").strip("\\")
    value = f"{_HIVES[hive]}\\{rest}" if hive else rest
    return Candidate(ValueType.REGISTRY_KEY, value, start, end, 0.9)


def _posix(block: Refanged, start: int) -> Candidate | None:
    data = block.data
    before = data[start - 1 : start] if start else b""
    if before.isalnum() or before in (b".", b"/", b"~", b"-", b"_", b"%", b"}", b"\\", b")"):
        return None
    found = _POSIX.match(data, start)
    assert found is not None
    end = start + len(found[0].rstrip(b".:,;=@{*"))
    if end - start < 6:
        return None
    trait = Trait.SYSTEM if _system_path(data[start:end]) else Trait.PLAIN
    return Candidate(ValueType.FILE_PATH, block.string(start, end), start, end, 0.85, trait)


def _system_path(path: bytes) -> bool:
    return path in (b"/etc/passwd", b"/etc/shadow", b"/etc/hosts", b"/dev/null", b"/bin/sh") or (
        path.startswith((b"/bin/", b"/usr/bin/")) and path.count(b"/") < 4
    )
