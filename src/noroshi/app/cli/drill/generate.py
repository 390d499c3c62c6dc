"""``noroshi drill generate``: evidence of many days and many people."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from noroshi.app.cli.options import Json, LangOption, call
from noroshi.app.cli.progress import size_text
from noroshi.drill.generate import FORMATS, Made, Plan
from noroshi.drill.generate import generate as make

_WHICH = "Which logs, by commas, for instance windows,zeek,proxy; all if left out."
_PROFILE = "Kind of organisation (city, hospital …) or a profile's file; the demo's town if not."
_SCENARIO = "A story that plays on a workday in the middle; its truth lies beside the folder."
_EXAMPLE = (
    "Examples: noroshi drill generate --staff 400 --days 30 --out ./evidence; "
    "noroshi drill generate --scenario mail-macro --days 3 --out ./evidence"
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("generate", epilog=_EXAMPLE)(generate)


def generate(
    out: Annotated[Path, typer.Option("--out", help="Folder of the evidence.", file_okay=False)],
    profile: Annotated[str, typer.Option("--profile", help=_PROFILE)] = "",
    scenario: Annotated[str, typer.Option("--scenario", help=_SCENARIO)] = "",
    level: Annotated[int, typer.Option("--level", help="How hard the story is.", min=1)] = 1,
    days: Annotated[int, typer.Option("--days", help="How many days.", min=1)] = 1,
    staff: Annotated[int, typer.Option("--staff", help="How many people.", min=1)] = 42,
    seed: Annotated[int, typer.Option("--seed", help="Same seed, same bytes.")] = 1,
    first: Annotated[
        datetime, typer.Option("--from", help="The first day.", formats=["%Y-%m-%d"])
    ] = datetime(2026, 5, 20),  # noqa: DTZ001 - a date by the town's own calendar
    formats: Annotated[str, typer.Option("--formats", help=_WHICH)] = "",
    workers: Annotated[int, typer.Option("--workers", help="Processes.", min=1)] = 2,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Write the logs of an organisation over many days; a run that was stopped goes on."""
    this = call(None, lang, as_json=as_json)
    named = tuple(name.strip() for name in formats.split(",") if name.strip()) or FORMATS

    def told(day: Made) -> None:
        if not as_json:
            this.out.warn(
                "Day {number} of {days}: {records} records, {size}",
                number=day.number + 1,
                days=days,
                records=f"{day.records:,}",
                size=size_text(sum(size for size, _ in day.files.values())),
            )

    plan = Plan(staff, first.date(), days, seed, named, profile, scenario, level)
    summary = make(plan, out, workers, told)
    if as_json:
        this.out.json(asdict(summary))
        return
    this.out.say(
        "{records} records, {size} in {folder} after {seconds} s ({resumed} days were there).",
        records=f"{summary.records:,}",
        size=size_text(summary.bytes),
        folder=str(out),
        seconds=f"{summary.seconds:.1f}",
        resumed=summary.resumed,
    )
    this.out.say("SHA-256 over names and contents: {sha256}", sha256=summary.sha256)
    if scenario:
        this.out.say("Ground truth: {path}", path=str(out.with_name(f"{out.name}-truth.json")))
