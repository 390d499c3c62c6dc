"""Values that only a word beside them gives away: mutexes and user agents."""

from __future__ import annotations

import re
from collections.abc import Iterator

from noroshi.intel.text.candidate import Candidate, Taken
from noroshi.intel.text.extraction import ValueType
from noroshi.intel.text.refang import Refanged
from noroshi.intel.text.shadow import CJK

_NEAR = 100
_MUTEX_WORDS = (b"mutex", b"mutant")
_KERNEL_NAME = re.compile(rb"(?:Global|Local|BaseNamedObjects)\\[^\s\"'`<>|,;\x82\x90]{3,128}")
_QUOTED = re.compile(rb"[\"'`]([^\"'`\r\n]{3,128})[\"'`]")
_IN_BRACKETS = re.compile(rb"\x82([^\x82\x90\r\n]{3,128})\x82")
"""Japanese quotation marks, as the shadow shows them."""
_NAMED = re.compile(
    rb"(?: name)?(?: is| was| named| called| titled) "
    rb"((?=[^\s]{0,60}[\d_{A-Z])[^\s\"'`<>|,;:\x82\x90]{4,128})"
)
_BARE_KERNEL_NAME = re.compile(rb"(?<![\w\\/%.-])(?:Global|Local)\\\w[\w.{}-]{2,127}(?![\w\\])")
_JAPANESE_AGENT = re.compile("ユーザー?[・ ]?エージェント(?:は|:|：|=|「|\\s){1,3}([!-~]{5,300})")
_JAPANESE_MUTEX = re.compile("ミュー?テック?ス")
_AFTER_COLON = re.compile(rb"\s{0,2}[:=|]\s{0,3}([^\s\"'`<>|,;:\x82\x90]{4,128})")
_AGENT_LABEL = re.compile(
    rb"user[-_ ]?agent[\"'`]?(?: string| header| value)?"
    rb"(?:\s{0,2}[:=|]\s{0,3}|\s{1,2}(?=[\"'`]))([^\r\n]{6,400})"
)
_PRODUCT = re.compile(
    rb"Mozilla/\d\.\d(?: \([^()\r\n]{1,200}\)"
    rb"| \(\w[^\r\n()]{0,120}\([^()\r\n]{0,80}\)[^()\r\n]{0,80}\)"
    rb"| [A-Za-z][A-Za-z0-9_.-]{0,30}/[A-Za-z0-9_.+-]{1,30}| like Gecko| Mobile| Safari"
    rb"| \[[a-z_A-Z]{2,5}\]){0,12}"
)
_BEGINS = (b"{", b"%", b"\\", b"_", b"-", b"$", b"@", b"#", b"!", b"~", b"+", b"(", b"[", b"*")
"""What a mutex's name may begin with beside letters and digits."""
_MEMBERS = {b'"': b'"', b"'": b"'", b"`": b"`"}


def labelled_candidates(block: Refanged, taken: Taken) -> Iterator[Candidate]:
    """Yield mutex names and user agents."""
    for found in (*_agents(block), *_mutexes(block)):
        if found is not None and taken.take(found.start, found.end):
            yield found


def _places(data: bytes, word: bytes) -> Iterator[int]:
    place = data.find(word)
    while place >= 0:
        yield place
        place = data.find(word, place + len(word))


def _agents(block: Refanged) -> Iterator[Candidate | None]:
    for place in _places(block.lower, b"mozilla/"):
        found = _PRODUCT.match(block.data, place)
        if found is not None and len(found[0]) > len("Mozilla/5.0 "):
            end = place + len(found[0].rstrip())
            yield _agent(block, place, end, 0.9)
    for word in (b"user-agent", b"user agent", b"user_agent", b"useragent"):
        for place in _places(block.lower, word):
            found = _AGENT_LABEL.match(block.lower, place)
            if found is not None:
                yield _labelled_agent(block, found.start(1), found.end(1))
    for start, end in _written(block, "エージェント", _JAPANESE_AGENT, 1):
        yield _labelled_agent(block, start, end)


def _labelled_agent(block: Refanged, start: int, end: int) -> Candidate | None:
    raw = block.data[start:end]
    if (quote := _MEMBERS.get(raw[:1])) and (close := raw.find(quote, 1)) > 0:
        return _agent(block, start + 1, start + close, 0.85)
    for mark in (b"|", b"\x90", b"\x82", b'"', b"`"):
        raw = raw.split(mark, 1)[0]
    raw = raw.rstrip(b" .,;'")
    if len(raw) < 4 or b"/" not in raw:
        return None
    return _agent(block, start, start + len(raw), 0.8)


def _agent(block: Refanged, start: int, end: int, certainty: float) -> Candidate:
    kind = ValueType.USER_AGENT
    return Candidate(kind, block.string(start, end), start, end, certainty)


def _mutexes(block: Refanged) -> Iterator[Candidate | None]:
    seen = -1
    for word in _MUTEX_WORDS:
        for place in _places(block.lower, word):
            if place >= seen:
                found = _mutex(block, place, place + len(word))
                seen = found.end if found else seen
                yield found
    for start, end in _written(block, "ミュ", _JAPANESE_MUTEX, 0):
        yield _mutex(block, start, end)
    if b"global\\" in block.lower or b"local\\" in block.lower:
        for found_name in _BARE_KERNEL_NAME.finditer(block.data):
            start, end = found_name.span()
            kind = ValueType.MUTEX
            yield Candidate(kind, block.string(start, end), start, end, 0.7)


def _written(
    block: Refanged, part: str, pattern: re.Pattern[str], group: int
) -> Iterator[tuple[int, int]]:
    """Yield the bytes of what is sought in the text itself: kana are invisible in the shadow.

    The part of the pattern that never varies is sought first, which is many times faster.
    """
    if part not in block.text:
        return
    for found in pattern.finditer(block.text):
        start, end = found.span(group)
        yield block.place(block.base + start), block.place(block.base + end)


def _mutex(block: Refanged, start: int, end: int) -> Candidate | None:
    """The name stands in quotation marks or after a colon on the same line."""
    line_end = block.data.find(b"\n", end, end + _NEAR)
    near = block.data[end : line_end if line_end >= 0 else end + _NEAR]
    for pattern, group in (
        (_KERNEL_NAME, 0),
        (_QUOTED, 1),
        (_IN_BRACKETS, 1),
        (_NAMED, 1),
        (_AFTER_COLON, 1),
    ):
        if pattern is _AFTER_COLON:
            found = _after_word(near)
        else:
            found = pattern.match(near) if pattern is _NAMED else pattern.search(near)
        if found is None:
            continue
        left, right = end + found.start(group), end + found.end(group)
        right = left + len(block.data[left:right].rstrip(b".,)]"))
        name = block.data[left:right]
        if len(name) < 4 or CJK in name or name.lower() in (b"name", b"mutex", b"object", b"none"):
            return None
        if not name[:1].isalnum() and name[:1] not in _BEGINS:
            continue
        return Candidate(ValueType.MUTEX, block.string(left, right), left, right, 0.8)
    return None


def _after_word(near: bytes) -> re.Match[bytes] | None:
    rest = near.lstrip(b"abcdefghijklmnopqrstuvwxyz \x90")
    if len(near) - len(rest) > 24:
        return None
    return _AFTER_COLON.match(near, len(near) - len(rest))
