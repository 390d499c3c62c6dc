"""``noroshi intel relevant``: does a report concern us, why, and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from noroshi.app.cli.intel.extract import Files, read_report, reports
from noroshi.app.cli.options import Home, Json, LangOption, call
from noroshi.app.cli.output import Output
from noroshi.app.cli.watch import say_open
from noroshi.app.errors import AppError
from noroshi.app.relevance import own_names, relevance
from noroshi.intel.relevance import Concern, Reason, Relevance, read_profile
from noroshi.intel.text import Extraction, ReportError
from noroshi.intel.text.armed import armed
from noroshi.lang import N_

_WORDS = {
    Concern.ACT: N_("Act now"),
    Concern.CHECK: N_("Look into it"),
    Concern.WATCH: N_("Watch"),
    Concern.NONE: N_("Does not concern you"),
}


def register(part: typer.Typer) -> None:
    """Add the command."""
    example = "Example: noroshi intel relevant reports/ --profile saida.yaml"
    part.command("relevant", epilog=example)(relevant)


def relevant(
    files: Files,
    profile: Annotated[
        Path | None,
        typer.Option("--profile", help="Your organisation: YAML. Default: profile.yaml at home."),
    ] = None,
    arm: Annotated[
        bool, typer.Option("--arm", help="Match the indicators of what concerns you from now on.")
    ] = False,
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Say whether reports concern you, why, and what to do; your events are searched at once.

    The profile has the keys name, countries, sectors, products, prefixes and domains.
    """
    this = call(home, lang, as_json=as_json)
    path = profile or this.workspace.profile
    if not path.is_file():
        raise AppError(
            f"{path}: no profile of your organisation; write one with the keys name, countries, "
            "sectors, products, prefixes, domains, or name it with --profile"
        )
    own = read_profile(path)
    names = own_names(this.workspace, own)
    answers: list[dict[str, Any]] = []
    failed = 0
    for report in reports(files):
        try:
            found = read_report(this, report)
        except (ReportError, OSError) as error:
            failed += 1
            this.out.warn("Error: {error}", error=str(error))
            continue
        answer = relevance(this.workspace, own, names, found)
        count = 0
        if arm and answer.concern > Concern.NONE:
            count = this.workspace.indicators.add(armed(found, Path(found.document).name))
        if as_json:
            answers.append(_as_json(found, answer, count, this.out))
        else:
            _show(found, answer, count, this.out)
    if as_json:
        this.out.json(answers)
    elif arm:
        say_open(this)
    if failed:
        raise typer.Exit(1)


def _show(found: Extraction, answer: Relevance, count: int, out: Output) -> None:
    out.say("{name}: {concern}", name=found.document, concern=out.word(_WORDS[answer.concern]))
    rows = [
        (out.word(_WORDS[reason.concern]), out.message(reason.message), out.message(reason.step))
        for reason in answer.reasons
    ]
    if rows:
        out.table(["How much", "Why", "What to do"], rows)
    if count:
        out.say("{count} of its indicators are matched from now on.", count=count)


def _as_json(found: Extraction, answer: Relevance, count: int, out: Output) -> dict[str, Any]:
    return {
        "file": found.document,
        "concern": answer.concern.name.lower(),
        "reasons": [_reason(found, reason, out) for reason in answer.reasons],
        "armed": count,
    }


def _reason(found: Extraction, reason: Reason, out: Output) -> dict[str, Any]:
    span = reason.span
    return {
        "concern": reason.concern.name.lower(),
        "why": out.message(reason.message),
        "what_to_do": out.message(reason.step),
        "span": list(span) if span else None,
        "quote": found.text[span[0] : span[1]] if span else None,
    }
