"""Help texts in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from noroshi.lang import N_, Language, gettext

EXAMPLE = N_("Example: {call}")
_EXAMPLE = "Example: "
_TEXTS = ("help", "short_help", "epilog")


def translate(command: Any, language: Language) -> None:
    """Put the help of a command, its parameters and its sub-commands into a language."""
    for part in _parts(command):
        for name in _TEXTS:
            if text := getattr(part, name, None):
                setattr(part, name, _in(text, language))


def help_texts(command: Any) -> Iterator[str]:
    """Yield every text that :func:`translate` looks up, for the catalogue's completeness test."""
    for part in _parts(command):
        for text in filter(None, (getattr(part, name, None) for name in _TEXTS)):
            yield EXAMPLE if text.startswith(_EXAMPLE) else text


def _parts(command: Any) -> Iterator[Any]:
    """Yield the command, its parameters, and the same of its sub-commands."""
    yield command
    yield from command.params
    for child in getattr(command, "commands", {}).values():
        yield from _parts(child)


def _in(text: str, language: Language) -> str:
    if text.startswith(_EXAMPLE):
        return gettext(EXAMPLE, language).replace("{call}", text.removeprefix(_EXAMPLE))
    return gettext(text, language)
