"""``noroshi drill grade|report``: marks, and the after-action report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from noroshi.app.cli.drill.folder import Folder, begin, exercise, said, stage
from noroshi.app.cli.options import Json, LangOption
from noroshi.app.errors import AppError
from noroshi.drill.grading.grade import Result
from noroshi.drill.grading.grade import grade as grade_exercise
from noroshi.drill.grading.mark import AXIS_NAMES
from noroshi.drill.grading.xapi import statements
from noroshi.drill.review import write_review
from noroshi.drill.review.write import FORMATS
from noroshi.lang import Language


def register(part: typer.Typer) -> None:
    """Add the commands."""
    part.command("grade", epilog="Example: noroshi drill grade ./exercise --xapi log.json")(grade)
    part.command(
        "report", epilog="Example: noroshi drill report ./exercise --lang ja --format pdf"
    )(report)


def grade(
    folder: Folder,
    xapi: Annotated[
        Path | None, typer.Option("--xapi", help="Write the log as xAPI statements, JSON.")
    ] = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Grade the exercise as it stands; every mark with its reasons."""
    this = begin(lang, as_json=as_json)
    one = exercise(folder)
    one.catch_up()
    result = grade_exercise(one, stage())
    entries = one.entries()
    one.graded(round(result.grade.points, 2))
    if xapi:
        made = list(statements(result.attempt.state.settings, entries, result.grade))
        xapi.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", "utf-8")
    if as_json:
        this.out.json(grade_json(result, this.out.language))
        return
    for mark in result.grade.marks:
        this.out.say(
            "{mark}: {points} of {most}",
            mark=this.out.word(AXIS_NAMES[mark.axis]),
            points=f"{mark.points:.1f}",
            most=f"{mark.out_of:g}",
        )
        for reason in mark.reasons:
            this.out.say("  - {reason}", reason=said(reason, this.out.language))
    this.out.say("{points} of 100 points.", points=f"{result.grade.points:.1f}")


def report(
    folder: Folder,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for the files.", file_okay=False)
    ] = None,
    formats: Annotated[
        list[str] | None, typer.Option("--format", help="html, pdf or docx; all if left out.")
    ] = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Write the after-action report: what happened, what it changed, what comes next."""
    this = begin(lang, as_json=as_json)
    wanted = formats or list(FORMATS)
    if wrong := [name for name in wanted if name not in FORMATS]:
        raise AppError(f"no format {wrong[0]!r}; one of {', '.join(FORMATS)}")
    one = exercise(folder)
    one.catch_up()
    where = stage()
    result = grade_exercise(one, where)
    made = write_review(out or folder, result, where, this.out.language, wanted)
    if as_json:
        this.out.json({name: str(path) for name, path in made.paths.items()})
        return
    for path in made.paths.values():
        this.out.say("Report: {path}", path=str(path.resolve()))


def grade_json(result: Result, language: Language) -> dict[str, Any]:
    """Return marks and what they rest on."""
    return {
        "points": round(result.grade.points, 2),
        "best_policy": {
            "name": said(result.policy.name, language),
            "harm": result.policy.harm,
        },
        "marks": [
            {
                "mark": mark.axis.value,
                "points": round(mark.points, 2),
                "out_of": mark.out_of,
                "by_hand": mark.by_hand,
                "reasons": [said(reason, language) for reason in mark.reasons],
            }
            for mark in result.grade.marks
        ],
        "questions": [
            {
                "id": question.id,
                "text": said(question.text, language),
                "answers": list(question.answers),
                "proof": list(question.proof),
            }
            for question in result.questions
        ],
    }
