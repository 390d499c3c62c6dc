"""Texts made to be slow, and what they cost as they grow."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from noroshi.intel.text import Document, extract


def _repeat(piece: str) -> Callable[[int], str]:
    return lambda size: piece * (size // len(piece) + 1)


NASTY: Mapping[str, Callable[[int], str]] = {
    "one endless word": _repeat("a"),
    "dots": _repeat("a."),
    "dots and blanks": _repeat(". "),
    "at signs": _repeat("a@"),
    "at signs and dots": _repeat("a.b@"),
    "mail without end": _repeat("a.b.c@d.e."),
    "schemes": _repeat("http://"),
    "URLs in URLs": _repeat("http://a.com/?u="),
    "brackets": _repeat("[.]"),
    "open brackets": _repeat("[" * 7 + "("),
    "defanged": _repeat("a[.]b[.]"),
    "spoken dots": _repeat("a dot com "),
    "backslashes": _repeat("\\"),
    "paths": _repeat("C:\\a b\\"),
    "registry": _repeat("HKLM\\a\\"),
    "percent": _repeat("%a%\\"),
    "quotes": _repeat("'\"`"),
    "quoted names": _repeat('" a b c.doc'),
    "numbered names": _repeat("a(1)."),
    "digits": _repeat("1.1.1.1."),
    "colons": _repeat("1:2:3::"),
    "hex": _repeat("deadbeef"),
    "rules": _repeat("rule a { condition: "),
    "sigma": _repeat("logsource:\n  a: b\n"),
    "mutexes": _repeat("mutex "),
    "user agents": _repeat("User-Agent: Mozilla/5.0 ("),
    "zero width": _repeat("a\u200b.\u200bb\u202e"),
    "ideographic dots": _repeat("a\u3002b.com\u3002"),
    "Japanese quotes": _repeat("\u300c\u6f22\u5b57 .zip"),
    "headings": _repeat("# IOC\n"),
    "cue words": _repeat("malicious c2 victim reported by "),
    "lines": _repeat("\n"),
    "surrogates": _repeat("\ud800.\udfff"),
    "NULs": _repeat("\0a.com\0"),
}
"""Generators of a text of about so many characters."""


def growth(sizes: tuple[int, ...] = (62_500, 250_000, 1_000_000)) -> dict[str, dict[str, float]]:
    """Return CPU seconds for each nasty text by its size, and the cost of sixteen times the text.

    Linear is 16; a quadratic step would show as 256.
    """
    found = {}
    for name, make in NASTY.items():
        costs = {str(size): _cost(make(size)) for size in sizes}
        first, last = costs[str(sizes[0])], costs[str(sizes[-1])]
        costs[f"times_for_{sizes[-1] // sizes[0]}_times_the_text"] = round(last / first, 1)
        found[name] = costs
    return found


def _cost(text: str) -> float:
    begin = time.process_time()
    extract(Document("nasty", text))
    return round(time.process_time() - begin, 4)
