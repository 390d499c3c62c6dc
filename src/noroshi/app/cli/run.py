"""``noroshi run``, ``ingest`` and ``detect``: the main job and its first two parts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from noroshi.app.as_json import case_json, finding_json, intake_json, result_json
from noroshi.app.cli.options import (
    Call,
    Home,
    Json,
    LangOption,
    Since,
    Until,
    Zone,
    call,
    time_zone,
    window,
)
from noroshi.app.cli.progress import intake_view, size_text
from noroshi.app.cli.watch import say_open
from noroshi.app.detection import detect, rescan, taps, update_cases
from noroshi.app.main_job import Request, Result
from noroshi.app.main_job import run as run_main_job
from noroshi.app.rules import rules_in_force
from noroshi.collect.intake import Progress, ingest
from noroshi.model import Case

NOT_ALL_READ = 3

Paths = Annotated[
    list[Path], typer.Argument(help="Files and folders of evidence; archives are opened.")
]
Rules = Annotated[
    list[Path] | None,
    typer.Option("--rules", help="Folder or file of Sigma rules beside the built-in ones."),
]
Indicators = Annotated[
    list[Path] | None,
    typer.Option("--indicators", help="STIX, MISP, CSV or plain list of indicators to match."),
]
Engine = Annotated[
    str,
    typer.Option("--engine", help="duckdb, or a Spark master such as spark://host:7077."),
]
Report = Annotated[Path | None, typer.Option("--report", help="Folder for the report.")]
Name = Annotated[
    str, typer.Option("--name", help="What the report is about, e.g. the organisation.")
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Exit with 3 if some evidence could not be read.")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(
        "run",
        epilog="Example: noroshi run ./logs --rules ./sigma/rules --lang ja",
    )(run)
    app.command("ingest", epilog="Example: noroshi ingest ./logs --home ./case-17")(ingest_only)
    app.command("detect", epilog="Example: noroshi detect --rescan --rules ./new-rules")(
        detect_only
    )


def run(
    paths: Paths,
    rules: Rules = None,
    indicators: Indicators = None,
    home: Home = None,
    since: Since = None,
    until: Until = None,
    lang: LangOption = None,
    as_json: Json = False,
    engine: Engine = "duckdb",
    report: Report = None,
    name: Name = "",
    zone: Zone = "UTC",
    strict: Strict = False,
) -> int:
    """Read evidence, detect, build cases and write a report. Offline, safe to repeat."""
    this = call(home, lang, as_json=as_json)
    request = Request(
        paths,
        rules or (),
        indicators or (),
        window(since, until),
        this.out.language,
        engine,
        report,
        name,
        time_zone(zone),
    )
    with intake_view(this.out, paths) as view:
        result = run_main_job(this.workspace, request, view.update, view.step)
    show(this, result, zone)
    return NOT_ALL_READ if strict and result.intake.skipped else 0


def show(this: Call, result: Result, zone: str = "UTC") -> None:
    """Print what came of a run."""
    out = this.out
    if out.as_json:
        out.json(result_json(result, out.language))
        return
    show_intake(this, result.intake, zone)
    rejected = len(result.rules.problems)
    out.say("{rules} rules in force.", rules=len(result.rules.rules))
    if rejected:
        out.say("{count} rules could not be used: noroshi rules check", count=rejected)
    for item in result.detection.suppressed[:5]:
        if not item.warning_list:
            out.say(
                "Not counted: {value}, seen {count} times, was found to be a false alarm.",
                value=item.value,
                count=item.count,
            )
            continue
        out.say(
            "Not counted: {value}, seen {count} times, is on the benign list {list}.",
            value=item.value,
            count=item.count,
            list=item.warning_list,
        )
    show_worst(this, len(result.detection.findings), result.cases)
    out.say("Report: {path}", path=str(result.report.html.resolve()))
    say_open(this)


def show_intake(this: Call, intake: Progress, zone: str) -> None:
    """Print what was read and what was not."""
    out = this.out
    out.say(
        "{events} events from {sources} sources ({size}); {known} sources were known already.",
        events=f"{intake.events:,}",
        sources=intake.sources,
        size=size_text(intake.size),
        known=intake.known,
    )
    if intake.zoneless:
        out.say(
            "Sources that name no time zone: {count}; their times were read as {zone} (--zone).",
            count=intake.zoneless,
            zone=zone,
        )
    for item in intake.skipped[:10]:
        out.warn("Not read: {path}: {reason}", path=item.path, reason=item.reason)
    if len(intake.skipped) > 10:
        out.warn("… and {count} more; --json lists them all.", count=len(intake.skipped) - 10)


def show_worst(this: Call, findings: int, cases: list[Case]) -> None:
    """Print the ten worst cases that are worth anything, and how many more there are."""
    this.out.say("{findings} findings in {cases} cases.", findings=findings, cases=len(cases))
    worth_it = [case for case in cases[:10] if case.score >= 1]
    if worth_it:
        show_cases(this, worth_it)
    if rest := len(cases) - len(worth_it):
        this.out.say("Further cases, worth less: {count}. See: noroshi cases", count=rest)


def show_cases(this: Call, cases: list[Case]) -> None:
    """Print cases, worst first."""
    out = this.out
    rows = (
        (
            case.id[:8],
            f"{case.score:.0f}",
            out.message(case.title),
            len(case.finding_ids),
            out.time(case.first),
        )
        for case in cases
    )
    out.table(["Case", "Score", "What", "Findings", "Since"], rows)


def ingest_only(
    paths: Paths,
    rules: Rules = None,
    home: Home = None,
    zone: Zone = "UTC",
    lang: LangOption = None,
    as_json: Json = False,
    strict: Strict = False,
) -> int:
    """Read evidence into the lake; rules and indicators see it as it passes."""
    this = call(home, lang, as_json=as_json)
    with intake_view(this.out, paths) as view:
        seen = taps(this.workspace, rules_in_force(this.workspace, rules or ()))
        intake = ingest(
            paths,
            this.workspace.lake,
            this.workspace.intake,
            seen,
            view.update,
            zone=time_zone(zone),
        )
    if as_json:
        this.out.json(intake_json(intake))
    else:
        show_intake(this, intake, zone)
        say_open(this)
    return NOT_ALL_READ if strict and intake.skipped else 0


def detect_only(
    rules: Rules = None,
    home: Home = None,
    since: Since = None,
    until: Until = None,
    lang: LangOption = None,
    as_json: Json = False,
    engine: Engine = "duckdb",
    again: Annotated[
        bool,
        typer.Option("--rescan", help="Show stored events to the rules and indicators again."),
    ] = False,
) -> None:
    """Make findings and cases out of what the lake holds."""
    this = call(home, lang, as_json=as_json)
    span = window(since, until)
    loaded = rules_in_force(this.workspace, rules or ())
    looked_at = 0
    if again:
        looked_at = sum(rescan(this.workspace, taps(this.workspace, loaded), span))
    findings = detect(this.workspace, loaded, span, engine).findings
    cases = update_cases(this.workspace, engine)
    if as_json:
        this.out.json(
            {
                "rescanned": looked_at,
                "findings": [finding_json(finding, this.out.language) for finding in findings],
                "cases": [case_json(case, this.out.language) for case in cases],
            }
        )
        return
    if again:
        this.out.say("{events} stored events were looked at again.", events=f"{looked_at:,}")
    show_worst(this, len(findings), cases)
