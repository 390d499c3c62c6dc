"""Help texts in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator

import click

from noroshi.lang import Language, gettext


def translate(command: click.Command, language: Language) -> None:
    """Put the help of a command, its options and its sub-commands into a language."""
    command.help = _in(command.help, language)
    command.short_help = _in(command.short_help, language)
    command.epilog = _in(command.epilog, language)
    for parameter in command.params:
        if isinstance(parameter, click.Option) or hasattr(parameter, "help"):
            parameter.help = _in(parameter.help, language)
    for child in _children(command):
        translate(child, language)


def help_texts(command: click.Command) -> Iterator[str]:
    """Yield every text that :func:`translate` looks up, for the catalogue's completeness test."""
    parameters = (getattr(parameter, "help", None) for parameter in command.params)
    yield from filter(None, (command.help, command.epilog, *parameters))
    for child in _children(command):
        yield from help_texts(child)


def _children(command: click.Command) -> list[click.Command]:
    return list(command.commands.values()) if isinstance(command, click.Group) else []


def _in(text: str | None, language: Language) -> str | None:
    return gettext(text, language) if text else text
