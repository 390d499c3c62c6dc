"""Untrusted text for a model: fenced by a mark that the text cannot know, in pieces.

A fence alone stops nobody; what a model was talked into is stopped by grounding. The fence makes
it rarer.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator

PIECE = 3_000
"""Characters a request; small models have small windows, and on a CPU read some tens of words a
second."""
_OVERLAP = 300


def pieces(text: str, size: int = PIECE) -> Iterator[str]:
    """Yield a text in pieces that overlap, cut at line ends where there are some."""
    start = 0
    while start < len(text):
        end = min(len(text), start + size)
        if end < len(text):
            line = text.rfind("\n", start + size // 2, end)
            end = line if line > 0 else end
        yield text[start:end]
        if end >= len(text):
            return
        start = max(end - _OVERLAP, start + 1)


def fenced(text: str) -> str:
    """Return a text between marks drawn anew each time."""
    mark = secrets.token_hex(8)
    return f"<<report {mark}>>\n{text}\n<<end of report {mark}>>"
