"""``noroshi demo``: the main job on built-in evidence."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from noroshi.app.cli.options import Json, LangOption, call, time_zone
from noroshi.app.cli.progress import intake_view
from noroshi.app.cli.run import show
from noroshi.app.errors import AppError
from noroshi.app.main_job import Request
from noroshi.app.main_job import run as run_main_job
from noroshi.drill import write_demo
from noroshi.drill.clock import ZONE

_MARK = ".noroshi-demo"
"""File that tells a demonstration's folder: what lies in it may be removed by the next one."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo", epilog="Example: noroshi demo --lang ja")(demo)


def demo(
    folder: Annotated[
        Path, typer.Option("--folder", help="Where evidence, home and report go.", file_okay=False)
    ] = Path("demo-home"),
    seed: Annotated[int, typer.Option("--seed", help="Another seed, another day.")] = 1,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Write one day of an invented town hall's logs, with an attack in it, and work it up."""
    evidence, home = folder / "evidence", folder / "home"
    this = call(home, lang, as_json=as_json)
    _make_room(folder, evidence, home)
    written = write_demo(evidence, seed)
    if not as_json:
        this.out.say(
            "Evidence: {records} records in {files} files in {folder}",
            records=f"{written.records:,}",
            files=len(written.files),
            folder=str(evidence),
        )
    with intake_view(this.out, [evidence]) as view:
        request = Request(
            [evidence],
            language=this.out.language,
            report=folder / "report",
            name=this.out.word("Midorino town hall (invented)"),
            zone=time_zone(ZONE),
        )
        result = run_main_job(this.workspace, request, view.update, view.step)
    show(this, result, ZONE)
    if not as_json:
        this.out.say("Look around in it: noroshi cases --home {home}", home=str(home))


def _make_room(folder: Path, evidence: Path, home: Path) -> None:
    """Remove what an earlier demonstration left in a folder, and nothing else.

    Raises:
        AppError: what is there was not written by a demonstration.
    """
    mark = folder / _MARK
    there = [path for path in (evidence, home) if path.exists() or path.is_symlink()]
    if there and not mark.is_file():
        raise AppError(
            f"{there[0]} is there already, and no demonstration wrote it; nothing was removed: "
            "name another folder with --folder"
        )
    for old in there:
        shutil.rmtree(old, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    mark.touch()
