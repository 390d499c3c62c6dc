"""Words of a sentence with their places; Japanese terms stand as the English words they mean."""

from __future__ import annotations

import re
from typing import NamedTuple

from noroshi.intel.attack_text.japanese import glosses

_FULL_WIDTH = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_JAPANESE = "\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_RUN = re.compile(rf"(?P<ja>[{_JAPANESE}]+)|(?P<word>[^\W{_JAPANESE}]{{2,64}})")


class Token(NamedTuple):
    """A lower-case word and the half-open range of characters it stands for.

    Attributes:
        word: lower case.
        start: of the range.
        end: of the range, not included.
        glossed: whether it is the meaning of a Japanese term.
    """

    word: str
    start: int
    end: int
    glossed: bool = False


def tokens(sentence: str) -> list[Token]:
    """Cut a sentence into words of two letters and more.

    Full-width Latin letters count as plain ones. Kana and kanji that no gloss explains are left
    out: the model has never seen them.
    """
    if sentence.isascii():
        return [Token(m.group().lower(), m.start(), m.end()) for m in _RUN.finditer(sentence)]
    found: list[Token] = []
    for run in _RUN.finditer(sentence.translate(_FULL_WIDTH)):
        if run.lastgroup == "word":
            found.append(Token(run.group().lower(), run.start(), run.end()))
            continue
        for start, end, words in glosses(run.group()):
            at = run.start() + start
            found.extend(Token(word, at, run.start() + end, glossed=True) for word in words)
    return found
