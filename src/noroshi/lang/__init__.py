"""Words for people: messages with parameters, rendered in Japanese or English."""

from __future__ import annotations

from noroshi.lang.catalogue import LANGUAGES, Language, gettext, render, within
from noroshi.lang.message import N_, Message
from noroshi.lang.sentences import translated, with_errors

__all__ = [
    "LANGUAGES", "N_", "Language", "Message", "gettext", "render", "translated", "with_errors",
    "within",
]  # fmt: skip
