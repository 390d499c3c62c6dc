"""Evidence made harmless: what steers a terminal, a browser or a reader's eye becomes visible."""

from __future__ import annotations

import re

_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202f\u205f-\u206f\u2800\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Control characters, direction overrides, invisible characters, fillers, lone surrogates, tags.

Source: Unicode Standard Annex 9 (directional formatting) and UTS 39 (identifier security); ECMA-48
for what terminals obey.
"""

_NAMES = {"\n": "⏎", "\r": "␍", "\t": "⇥", "\x1b": "␛"}


def printable(text: str, limit: int | None = None) -> str:
    """Return text that is safe to print on a terminal and shows every hidden character.

    Args:
        text: anything, hostile as often as not.
        limit: longest result before it is cut, in characters of the original; None for no limit.
    """
    left_out = len(text) - limit if limit is not None else 0
    shown = _UNSEEN.sub(_name, text[:limit] if left_out > 0 else text)
    return f"{shown}… (+{left_out})" if left_out > 0 else shown


def _name(found: re.Match[str]) -> str:
    character = found.group()
    if character in _NAMES:
        return _NAMES[character]
    return f"⟨U+{ord(character):04X}⟩"
