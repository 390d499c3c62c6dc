"""What the command line prints: tables and sentences for people, one JSON object for scripts."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from noroshi.case import printable
from noroshi.lang import Language, Message, gettext, render, with_errors

_STEERS = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Controls of C1, line ends of Unicode, direction marks: in JSON they stand in strings alone."""


@dataclass(frozen=True, slots=True)
class Output:
    """Where and how a command answers.

    Attributes:
        language: of everything written for people.
        as_json: print one JSON object and nothing else to standard output.
        console: standard output.
        errors: standard error: progress, warnings and errors.
    """

    language: Language
    as_json: bool
    console: Console
    errors: Console

    def json(self, value: Any) -> None:
        """Print the command's JSON object; what steers a terminal is escaped, and so the same."""
        sys.stdout.write(harmless(json.dumps(value, ensure_ascii=False, indent=2)) + "\n")

    def say(self, template: str, **params: str | int | float) -> None:
        """Print one translated sentence."""
        self.console.print(self.text(template, **params), highlight=False, soft_wrap=True)

    def warn(self, template: str, **params: str | int | float) -> None:
        """Print one translated sentence to standard error."""
        self.errors.print(self.text(template, **params), highlight=False, soft_wrap=True)

    def text(self, template: str, **params: str | int | float) -> str:
        """Return one translated sentence; parameters are made harmless for a terminal."""
        message = with_errors(Message(template, params), self.language)
        return render(message, self.language, safe)

    def message(self, message: Message) -> str:
        """Return a stored message in the reader's language, harmless for a terminal."""
        told = with_errors(message, self.language)
        return render(told, self.language, lambda text: safe(self.word(text)))

    def plain(self, message: Message) -> str:
        """Return a stored message in the reader's language, as it is: for JSON and parameters."""
        return render(with_errors(message, self.language), self.language)

    def word(self, template: str) -> str:
        """Return a translated word or phrase without parameters."""
        return gettext(template, self.language)

    def time(self, microseconds: int | None) -> str:
        """Return a time for people, with its zone: Japan's in Japanese, UTC in English."""
        if not microseconds:
            return "–"
        try:
            moment = datetime.fromtimestamp(microseconds / 1_000_000, UTC)
        except (ValueError, OverflowError, OSError):
            return str(microseconds)
        if self.language == "ja":
            return moment.astimezone(ZoneInfo("Asia/Tokyo")).strftime("%Y-%m-%d %H:%M:%S JST")
        return moment.strftime("%Y-%m-%d %H:%M:%S UTC")

    def table(self, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Print rows under translated headings; every cell is made harmless."""
        table = Table(box=None, header_style="bold", pad_edge=False)
        for heading in headings:
            table.add_column(self.word(heading), overflow="fold")
        for row in rows:
            table.add_row(*(safe(str(cell)) for cell in row))
        self.console.print(table)


def safe(text: str) -> str:
    """Return evidence text that a terminal only shows: no escapes, no markup."""
    return escape(printable(text))


def harmless(text: str) -> str:
    """Return JSON in which control characters and lone surrogates are written as escapes."""
    return _STEERS.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def make_output(language: Language, *, as_json: bool = False) -> Output:
    """Return the output for this process; colours only on a terminal and without ``NO_COLOR``."""
    plain = "NO_COLOR" in os.environ
    width = None if sys.stdout.isatty() else 120
    return Output(
        language,
        as_json,
        Console(no_color=plain or None, width=width, emoji=False),
        Console(stderr=True, no_color=plain or None, emoji=False),
    )


def language_from_environment() -> Language:
    """Return the language of ``NOROSHI_LANG``, ``LC_ALL``, ``LC_MESSAGES`` or ``LANG``."""
    for name in ("NOROSHI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "ja" if value.lower().startswith("ja") else "en"
    return "en"
