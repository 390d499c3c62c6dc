"""Words for people: messages with parameters, rendered in Japanese or English."""

from __future__ import annotations

from noroshi.lang.catalogue import LANGUAGES, Language, gettext, render, within
from noroshi.lang.message import N_, Message
from noroshi.lang.sentences import HOLDS_A_SENTENCE, translated

__all__ = [
    "HOLDS_A_SENTENCE", "LANGUAGES", "N_", "Language", "Message", "gettext", "render", "translated",
    "within",
]  # fmt: skip
