"""``noroshi cases`` and ``noroshi case show|close|merge``: what happened, and what was decided."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from noroshi.app.as_json import case_json, finding_json
from noroshi.app.cli.options import Call, Home, Json, LangOption, call, group
from noroshi.app.cli.run import show_cases
from noroshi.app.detection import stored_findings
from noroshi.case import timeline
from noroshi.model import Case, CaseStatus, Finding

TIMELINE_LINES = 60

CaseId = Annotated[str, typer.Argument(help="Id of a case, or its beginning.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("cases", epilog="Example: noroshi cases --all --json")(list_cases)
    one = group("Look at and decide a case.")
    one.command("show", epilog="Example: noroshi case show 3f2a")(show)
    one.command("close", epilog='Example: noroshi case close 3f2a --note "planned test"')(close)
    one.command("merge", epilog="Example: noroshi case merge 3f2a 77b0")(merge)
    app.add_typer(one, name="case")


def list_cases(
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
    everything: Annotated[bool, typer.Option("--all", help="Closed and merged cases too.")] = False,
) -> None:
    """List cases, worst first."""
    this = call(home, lang, as_json=as_json)
    status = None if everything else CaseStatus.OPEN
    cases = this.workspace.cases.list(status)
    if as_json:
        this.out.json([case_json(case, this.out.language) for case in cases])
    elif cases:
        show_cases(this, cases)
    else:
        this.out.say("No cases.")


def show(case: CaseId, home: Home = None, lang: LangOption = None, as_json: Json = False) -> None:
    """Show one case: why it ranks there, its timeline and its findings."""
    this = call(home, lang, as_json=as_json)
    found = this.workspace.cases.show(case)
    mine = set(found.finding_ids)
    findings = [item for item in stored_findings(this.workspace.lake) if item.id in mine]
    if as_json:
        language = this.out.language
        whole = {"findings": [finding_json(item, language) for item in findings]}
        this.out.json(case_json(found, language) | whole)
    else:
        _print(this, found, findings)


def _print(this: Call, case: Case, findings: list[Finding]) -> None:
    out = this.out
    out.say("{title}", title=out.message(case.title))
    out.say(
        "Case {id}, {status}, score {score}",
        id=case.id,
        status=out.word(case.status.value),
        score=f"{case.score:.0f}",
    )
    if case.note:
        out.say("Note: {note}", note=case.note)
    for reason in case.reasons:
        out.say(
            "  {points}  {why}",
            points=f"{reason.points:+.0f}" if reason.points else "·",
            why=out.message(reason.message),
        )
    told = timeline(findings, TIMELINE_LINES)
    rows = ((out.time(e.time), e.host, out.word(e.what), e.count) for e in told.entries)
    out.table(["Time", "Host", "What", "Events"], rows)
    if told.left_out:
        out.say("… and {count} more lines of lesser weight.", count=told.left_out)
    for finding in findings[:20]:
        out.say("• {explanation}", explanation=out.message(finding.explanation))
        for step in finding.next_steps[:2]:
            out.say("    → {step}", step=out.message(step))
    if len(findings) > 20:
        out.say("… and {count} more findings; --json lists them all.", count=len(findings) - 20)


def close(
    case: CaseId,
    note: Annotated[str, typer.Option("--note", help="Why it is closed; kept in the audit trail.")],
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Close a case. New findings open it again."""
    this = call(home, lang, as_json=as_json)
    closed = this.workspace.cases.close(case, note, who=getpass.getuser())
    if as_json:
        this.out.json(case_json(closed, this.out.language))
    else:
        this.out.say("Closed case {id}.", id=closed.id)


def merge(
    cases: Annotated[list[str], typer.Argument(help="Cases; the first takes over the others.")],
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Merge cases into the first one named."""
    if len(cases) < 2:
        raise typer.BadParameter("name at least two cases")
    this = call(home, lang, as_json=as_json)
    merged = this.workspace.cases.merge(cases[1:], into=cases[0], who=getpass.getuser())
    if as_json:
        this.out.json(case_json(merged, this.out.language))
    else:
        this.out.say("Merged into case {id}.", id=merged.id)
