"""Gettext catalogues, read once per language.

The folder ``ja`` beside this file holds the Japanese of every template, one ``.po`` file per room
of the house; English is the template itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, TypeAlias

from babel.messages.pofile import read_po

from noroshi.lang.message import Message

Language: TypeAlias = Literal["en", "ja"]

LANGUAGES: tuple[Language, ...] = ("en", "ja")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@cache
def _catalogue(language: Language) -> Mapping[str, str]:
    if language == "en":
        return {}
    words: dict[str, str] = {}
    for room in files("noroshi.lang").joinpath(language).iterdir():
        if not room.name.endswith(".po"):
            continue
        with room.open("rb") as handle:
            entries = read_po(handle, locale=language)
        words |= {str(entry.id): str(entry.string) for entry in entries if entry.id}
    return words


def gettext(template: str, language: Language) -> str:
    """Return the template in a language, or the English template if it has no translation."""
    return _catalogue(language).get(template) or template


def render(message: Message, language: Language, escape: Callable[[str], str] = str) -> str:
    """Return the finished sentence, every parameter passed through ``escape``.

    A placeholder without a parameter stays as it is: a report must not fail over one word. Where
    there is a parameter ``name.ja``, it stands for ``name`` in Japanese: so a text that people
    write in both languages, such as a scenario's, travels in one message.
    """

    def fill(found: re.Match[str]) -> str:
        name = found.group(1)
        name = f"{name}.{language}" if f"{name}.{language}" in message.params else name
        return escape(str(message.params[name])) if name in message.params else found.group(0)

    return _PLACEHOLDER.sub(fill, gettext(message.template, language))


def within(name: str, message: Message) -> dict[str, str]:
    """Return a message as a parameter of another one, in every language."""
    said = {f"{name}.{language}": render(message, language) for language in LANGUAGES}
    return {name: said[f"{name}.en"], **said}
