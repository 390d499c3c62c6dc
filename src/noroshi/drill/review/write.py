"""The after-action report's files in a folder."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from noroshi.drill.exercise.outcome import Stage
from noroshi.drill.grading.grade import Result
from noroshi.drill.grading.policies import what_if
from noroshi.drill.grading.report import claims_of
from noroshi.drill.review.content import Review, content
from noroshi.drill.review.docx import to_docx
from noroshi.drill.review.errors import ReviewError
from noroshi.drill.review.html import to_html
from noroshi.drill.review.pdf import to_pdf
from noroshi.drill.review.words import Words
from noroshi.lang import Language

FORMATS = ("html", "pdf", "docx")


@dataclass(frozen=True, slots=True)
class ReviewFiles:
    """Where the report lies, by format."""

    paths: dict[str, Path]


def write_review(
    folder: Path, result: Result, stage: Stage, language: Language, formats: Sequence[str] = FORMATS
) -> ReviewFiles:
    """Write the report.

    Args:
        folder: made if missing; files there are replaced in one step each.
        result: the grade and what it rests on.
        stage: plays out what would have been.
        language: of the report.
        formats: any of :data:`FORMATS`; PDF and DOCX need the extra ``report``.

    Raises:
        ReviewError: a file cannot be written, or the extra is missing.
    """
    attempt = result.attempt
    settings = attempt.state.settings
    what_ifs = what_if(lambda actions: stage.tell(settings, actions), settings, attempt.actions)
    words = Words(language)
    blocks = content(Review(result, what_ifs, claims_of(attempt)), words)
    title = words.word("After-action report")
    made: dict[str, Path] = {}
    for format_ in formats:
        path = folder / f"after-action.{language}.{format_}"
        data = {
            "html": lambda: to_html(blocks, title, language).encode(),
            "pdf": lambda: to_pdf(blocks, title),
            "docx": lambda: to_docx(blocks, title, language),
        }[format_]()
        _write(path, data)
        made[format_] = path
    return ReviewFiles(made)


def _write(path: Path, data: bytes) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(data)
        draft.replace(path)
    except OSError as error:
        raise ReviewError(f"cannot write {path}: {error.strerror}; give another folder") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
