"""``noroshi intel assist``: a language model proposes, the report's own words decide."""

from __future__ import annotations

import os
import re
import unicodedata
from typing import Annotated, Any

import typer

from noroshi.app.cli.intel.extract import Files, read_report, reports
from noroshi.app.cli.options import Call, Home, Json, LangOption, call
from noroshi.app.errors import AppError
from noroshi.app.holds import holder
from noroshi.assist import (
    AssistError,
    Brief,
    Endpoint,
    Proposal,
    addresses_models,
    propose,
    write_brief,
)
from noroshi.assist.fence import PIECE
from noroshi.intel.text import Extraction

URL, MODEL, KEY = "NOROSHI_ASSIST_URL", "NOROSHI_ASSIST_MODEL", "NOROSHI_ASSIST_KEY"
_RESTRICTED = re.compile(r"TLP\s{0,3}[:\-]?\s{0,3}(RED|AMBER(?:\+STRICT)?)\b", re.IGNORECASE)


def register(part: typer.Typer) -> None:
    """Add the command."""
    example = (
        "Example: noroshi intel assist report.html --endpoint http://127.0.0.1:8080/v1 --brief"
    )
    part.command("assist", epilog=example)(assist)


def assist(
    files: Files,
    endpoint: Annotated[
        str, typer.Option("--endpoint", envvar=URL, help="OpenAI-compatible address up to /v1.")
    ] = "",
    model: Annotated[
        str, typer.Option("--model", envvar=MODEL, help="The model's name there.")
    ] = "default",
    brief: Annotated[
        bool, typer.Option("--brief", help="A short brief in both languages, too.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Let the text leave this machine for the endpoint.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be sent where, and send nothing.")
    ] = False,
    seconds: Annotated[
        float, typer.Option("--timeout", min=1, help="Seconds that one answer may take.")
    ] = 120.0,
    tokens: Annotated[
        int, typer.Option("--tokens", min=50, help="Tokens that one answer may have.")
    ] = 800,
    piece: Annotated[
        int, typer.Option("--piece", min=500, help="Characters of the report a request.")
    ] = PIECE,
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Let a language model propose extractions; each must quote words that really hold it.

    Off unless you name an endpoint. A key is read from NOROSHI_ASSIST_KEY. Reports marked TLP:AMBER
    or TLP:RED are sent to this machine's own endpoints only.
    """
    this = call(home, lang, as_json=as_json)
    if not endpoint:
        raise AppError(
            f"no language model is in use; name one with --endpoint or {URL}, e.g. a llama.cpp "
            "server on this machine: http://127.0.0.1:8080/v1"
        )
    where = Endpoint(endpoint, model, os.environ.get(KEY, ""), seconds, tokens=tokens)
    answers: list[dict[str, Any]] = []
    failed = 0
    for path in reports(files):
        found = read_report(this, path)
        _may_leave(where, found, yes=yes or dry_run)
        if dry_run:
            this.out.say(
                "{name}: {count} characters would be sent to {url}",
                name=found.document, count=len(found.text), url=endpoint,
            )  # fmt: skip
            continue
        try:
            proposal = propose(where, found.text, holder(this.workspace), piece)
            told = write_brief(where, found.text) if brief else None
        except AssistError as error:
            failed += 1
            this.out.warn("{name}: {error}", name=found.document, error=str(error))
            continue
        failed += bool(proposal.problems)
        if as_json:
            answers.append(_as_json(this, found, proposal, told))
        else:
            _show(this, found, proposal, told)
    if as_json and not dry_run:
        this.out.json(answers)
    if failed:
        raise typer.Exit(1)


def _may_leave(where: Endpoint, found: Extraction, *, yes: bool) -> None:
    if where.is_here:
        return
    mark = _RESTRICTED.search(unicodedata.normalize("NFKC", found.text))
    if mark:
        raise AppError(
            f"{found.document} is marked {mark.group()}: it is not sent to {where.url}; use an "
            "endpoint on this machine"
        )
    if not yes:
        raise AppError(
            f"{where.url} is not this machine: the whole text of {found.document} would leave it; "
            "say --yes if that is right, or look first with --dry-run"
        )


def _show(this: Call, found: Extraction, proposal: Proposal, told: Brief | None) -> None:
    out = this.out
    out.say("{name}", name=found.document)
    if addresses_models(found.text):
        out.warn("This report holds words that speak to language models: trust no summary of it.")
    for problem in proposal.problems:
        out.warn("{name}: {error}", name=found.document, error=problem)
    rows = [(claim.kind, claim.value, claim.quote[:90]) for claim in proposal.claims]
    out.say("Proposed by a language model, not checked by a person ({count})", count=len(rows))
    if rows:
        out.table(["Type", "Value", "Quote"], rows)
    if told:
        for sentence in told.sentences:
            out.say("- {sentence}", sentence=sentence.ja if out.language == "ja" else sentence.en)
    dropped = [*proposal.dropped, *(told.dropped if told else ())]
    if dropped:
        out.say("{count} statements were dropped, because the report does not carry them:",
                count=len(dropped))  # fmt: skip
        out.table(["Statement", "Why"], [(d.said[:90], out.message(d.reason)) for d in dropped])


def _as_json(
    this: Call, found: Extraction, proposal: Proposal, told: Brief | None
) -> dict[str, Any]:
    dropped = [*proposal.dropped, *(told.dropped if told else ())]
    return {
        "file": found.document,
        "claims": [
            {"kind": c.kind, "value": c.value, "span": list(c.span), "quote": c.quote}
            for c in proposal.claims
        ],
        "brief": [
            {"en": s.en, "ja": s.ja, "spans": [list(span) for span in s.spans],
             "quotes": list(s.quotes)}
            for s in (told.sentences if told else ())
        ],
        "dropped": [{"said": d.said, "why": this.out.message(d.reason)} for d in dropped],
        "problems": list(proposal.problems),
        "addresses_models": [list(span) for span in addresses_models(found.text)],
    }  # fmt: skip
