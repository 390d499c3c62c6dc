"""``noroshi intel extract``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from noroshi.app.claims import claims_by
from noroshi.app.cli.intel.extraction_view import show
from noroshi.app.cli.options import Call, Home, LangOption, call
from noroshi.app.cli.output import Output, harmless
from noroshi.intel.text import (
    Claims,
    Extraction,
    Limits,
    ReportError,
    extract,
    read_bytes,
    to_json,
)

STDIN = Path("-")

Files = Annotated[
    list[Path],
    typer.Argument(help="Reports: HTML, PDF, DOCX, Markdown, mail, text; folders; - is stdin."),
]
_AsLines = Annotated[
    bool, typer.Option("--json", help="Print one JSON object a report, each on its own line.")
]
_WithText = Annotated[
    bool, typer.Option("--with-text", help="Add the text that the spans point into.")
]
_All = Annotated[
    bool, typer.Option("--all", help="Show references, benign values and mere mentions, too.")
]


def register(part: typer.Typer) -> None:
    """Add the command."""
    example = "Example: noroshi intel extract report.html advisory.pdf --json"
    part.command("extract", epilog=example)(extract_files)


def extract_files(
    files: Files,
    everything: _All = False,
    with_text: _WithText = False,
    home: Home = None,
    lang: LangOption = None,
    as_json: _AsLines = False,
) -> None:
    """Read reports: addresses, names, techniques and relations, each with its quote.

    Exit code 1 says that a report could not be read at all; the others are still answered.
    """
    this = call(home, lang, as_json=as_json)
    find_claims = claims_by(this.workspace.technique_model)
    failed = 0
    for path in _progress(this.out, list(reports(files))):
        try:
            found = read_report(this, path)
        except (ReportError, OSError) as error:
            failed += 1
            this.out.warn("Error: {error}", error=str(error))
            continue
        claims = find_claims(found)
        if as_json:
            _print_json(found, claims, this.out, with_text=with_text)
        else:
            show(found, claims, this.out, everything=everything)
    if failed:
        raise typer.Exit(1)


def read_report(this: Call, path: Path) -> Extraction:
    """Return what a file, or standard input, holds."""
    knowledge = this.workspace.text_knowledge
    if path != STDIN:
        return extract(path, knowledge)
    data = sys.stdin.buffer.read(Limits().input_bytes + 1)
    return extract(read_bytes(data, "stdin"), knowledge)


def reports(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield the files named, and those in folders named, hidden ones left out."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        inside = sorted(file for file in path.rglob("*") if file.is_file())
        yield from (file for file in inside if not _hidden(file.relative_to(path)))


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _progress(out: Output, paths: list[Path]) -> Iterator[Path]:
    """Show a bar on a terminal when there is more than one report."""
    if len(paths) < 2 or not out.errors.is_terminal:
        return iter(paths)
    return iter(track(paths, "", console=out.errors, transient=True))


def _print_json(found: Extraction, claims: Claims, out: Output, *, with_text: bool) -> None:
    answer = to_json(found, claims, out.language)
    if with_text:
        answer["text"] = found.text
    sys.stdout.write(harmless(json.dumps(answer, ensure_ascii=False)) + "\n")
