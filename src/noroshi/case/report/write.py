"""The report's three files in a folder."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from noroshi.case.report.data import ReportData
from noroshi.case.report.document import to_json
from noroshi.case.report.html import to_html
from noroshi.case.report.markdown import to_markdown
from noroshi.case.report.view import view
from noroshi.case.report.words import Words, default_timezone
from noroshi.lang import Language

DETAIL_BYTES = 3_000_000
"""How much of the page the analyst's part may take; the whole stays below 5 MB."""


class ReportError(Exception):
    """A report cannot be written."""


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """Where the report lies: for people, for tickets, for programs."""

    html: Path
    markdown: Path
    json: Path


def write_report(
    folder: Path, data: ReportData, lang: Language, timezone: tzinfo | None = None
) -> ReportFiles:
    """Write ``report.html``, ``report.md`` and ``report.json`` into a folder.

    A file that is there already is replaced in one step, so that nobody opens half a report.

    Args:
        folder: made if missing.
        data: what to tell.
        lang: in which language.
        timezone: in which times are shown; by default UTC for English, UTC+9 for Japanese.

    Raises:
        ReportError: a file cannot be written.
    """
    words = Words(lang, timezone or default_timezone(lang))
    shown = view(data, words, DETAIL_BYTES)
    made = ReportFiles(folder / "report.html", folder / "report.md", folder / "report.json")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(made.html, [to_html(shown, words)])
        _write(made.markdown, [to_markdown(shown, words)])
        _write(made.json, to_json(data, lang))
    except OSError as error:
        raise ReportError(
            f"cannot write the report to {folder}: {error.strerror}; give another folder"
        ) from error
    return made


def _write(path: Path, pieces: Iterable[str]) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(pieces)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
