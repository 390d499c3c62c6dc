"""``noroshi intel relevant``: does a report concern us, why, and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from noroshi.app.cli.intel.extract import Files, read_report, reports
from noroshi.app.cli.options import Home, Json, LangOption, call
from noroshi.app.cli.output import Output
from noroshi.app.cli.watch import say_open
from noroshi.app.errors import AppError
from noroshi.app.relevance import own_names, relevances
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


_AT_ONCE = 200
"""Reports whose indicators are looked for in the lake at once."""
_AROUND = 50
"""Characters around a ground that are shown with it."""


class Judged(NamedTuple):
    """A report, the answer, its indicators looked for in the lake, and those armed."""

    found: Extraction
    answer: Relevance
    hunted: int
    armed: int


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
    read: list[Extraction] = []
    failed = 0
    for report in reports(files):
        try:
            read.append(read_report(this, report))
        except (ReportError, OSError) as error:
            failed += 1
            this.out.warn("Error: {error}", error=str(error))
    judged: list[Judged] = []
    for first in range(0, len(read), _AT_ONCE):
        part = read[first : first + _AT_ONCE]
        for found, answer in zip(part, relevances(this.workspace, own, names, part), strict=True):
            wanted = list(armed(found, Path(found.document).name))
            count = 0
            if arm and answer.concern > Concern.NONE:
                count = this.workspace.indicators.add(wanted)
            judged.append(Judged(found, answer, len(wanted), count))
    if as_json:
        this.out.json([_as_json(one, this.out) for one in judged])
    else:
        for one in sorted(judged, key=lambda one: -one.answer.concern):
            _show(one, this.out)
        _show_sum(judged, this.out)
        if arm:
            say_open(this)
    if failed:
        raise typer.Exit(1)


def _show(judged: Judged, out: Output) -> None:
    found, answer = judged.found, judged.answer
    out.say("{name}: {concern}", name=found.document, concern=out.word(_WORDS[answer.concern]))
    rows = [
        (out.word(_WORDS[reason.concern]), out.message(reason.message), out.message(reason.step),
         _quote(found, reason))
        for reason in answer.reasons
    ]  # fmt: skip
    if rows:
        out.table(["How much", "Why", "What to do", "In its words"], rows)
    if judged.hunted:
        out.say(
            "{count} of its indicators were looked for in all your events.", count=judged.hunted
        )
    if judged.armed:
        out.say("{count} of its indicators are matched from now on.", count=judged.armed)


def _quote(found: Extraction, reason: Reason) -> str:
    """Return the words around a ground, cut at the ends of its line."""
    if reason.span is None:
        return ""
    start, end = reason.span
    before = found.text[max(0, start - _AROUND) : start].rpartition("\n")[2]
    after = found.text[end : end + _AROUND].partition("\n")[0]
    if len(before) == _AROUND:
        before = "…" + (before.partition(" ")[2] or before)
    if len(after) == _AROUND:
        after = (after.rpartition(" ")[0] or after) + "…"
    return " ".join(f"{before}{found.text[start:end]}{after}".split())


def _show_sum(judged: Sequence[Judged], out: Output) -> None:
    if len(judged) > 1:
        counts = Counter(one.answer.concern for one in judged)
        told = ", ".join(
            f"{out.word(_WORDS[concern])} {counts[concern]}"
            for concern in sorted(counts, reverse=True)
        )
        out.say("{count} reports: {told}", count=len(judged), told=told)


def _as_json(judged: Judged, out: Output) -> dict[str, Any]:
    return {
        "file": judged.found.document,
        "concern": judged.answer.concern.name.lower(),
        "reasons": [_reason(judged.found, reason, out) for reason in judged.answer.reasons],
        "hunted": judged.hunted,
        "armed": judged.armed,
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
