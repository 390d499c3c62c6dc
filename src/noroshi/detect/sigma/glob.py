"""Sigma wildcards: texts with ``*`` and ``?`` matched in linear time, without regular expressions.

Between stars lie segments. Taking each segment at its leftmost place is always right, so a value is
walked once; a ``?`` stands for exactly one character, line feeds included.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from noroshi.detect.sigma.condition import Parts, Wild

_Finder = Callable[[str, int], int]


def glob_test(parts: Parts) -> Callable[[str], bool]:
    """Return a function that tells whether a whole value has the form of the parts."""
    segments = _segments(parts)
    if len(segments) == 1:
        whole = re.compile(_pattern(segments[0]), re.DOTALL)
        return lambda value: whole.fullmatch(value) is not None
    head = re.compile(_pattern(segments[0]), re.DOTALL)
    tail, tail_length = re.compile(_pattern(segments[-1]), re.DOTALL), _length(segments[-1])
    head_length = _length(segments[0])
    finders = [(_finder(segment), _length(segment)) for segment in segments[1:-1]]

    def test(value: str) -> bool:
        last = len(value) - tail_length
        if last < head_length or head.match(value) is None or tail.match(value, last) is None:
            return False
        place = head_length
        for find, length in finders:
            place = find(value, place)
            if place < 0 or place + length > last:
                return False
            place += length
        return True

    return test


def _segments(parts: Parts) -> list[list[str | Wild]]:
    segments: list[list[str | Wild]] = [[]]
    for part in parts:
        if part == Wild.MANY:
            segments.append([])
        else:
            segments[-1].append(part)
    return segments


def _pattern(segment: list[str | Wild]) -> str:
    return "".join("." if isinstance(part, Wild) else re.escape(part) for part in segment)


def _length(segment: list[str | Wild]) -> int:
    return sum(1 if isinstance(part, Wild) else len(part) for part in segment)


def _finder(segment: list[str | Wild]) -> _Finder:
    if all(isinstance(part, str) for part in segment):
        text = "".join(str(part) for part in segment)
        return lambda value, start: value.find(text, start)
    compiled = re.compile(_pattern(segment), re.DOTALL)

    def find(value: str, start: int) -> int:
        found = compiled.search(value, start)
        return -1 if found is None else found.start()

    return find
