"""Sentences that are a page's furniture: pictures, links, and hardly a word of prose."""

from __future__ import annotations

import re

_PICTURE = re.compile(r"!\[[^\]\n]{0,300}\]\([^)\n]{0,4000}\)?")
_ADDRESS = re.compile(
    r"\]\([^)\n]{0,2000}\)|<?https?://\S{1,2000}|data:[\w/+.-]{1,60};base64,\S{1,4000}"
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_LEAST = 3
_JAPANESE = re.compile("[\u3041-\u30ff\u4e00-\u9fff]{6}")


def is_furniture(sentence: str) -> bool:
    """Tell whether a picture or address makes up a sentence, so that it tells of nothing."""
    if "](" not in sentence and "://" not in sentence:
        return False
    prose = _ADDRESS.sub(" ", _PICTURE.sub(" ", sentence))
    return len(_WORD.findall(prose)) < _LEAST and not _JAPANESE.search(prose)
