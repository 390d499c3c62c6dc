"""``noroshi indicators import|list``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from noroshi.app.cli import verdicts
from noroshi.app.cli.options import Home, Json, LangOption, call, group
from noroshi.app.cli.watch import say_open


def register(app: typer.Typer) -> None:
    """Add the commands."""
    part = group("Known-bad addresses, names and digests.")
    example = 'Example: noroshi indicators import report.stix.json --source "JPCERT/CC"'
    part.command("import", epilog=example)(import_file)
    part.command("list", epilog="Example: noroshi indicators list evil.example")(list_some)
    verdicts.register(part)
    app.add_typer(part, name="indicators")


def import_file(
    paths: Annotated[
        list[Path], typer.Argument(help="STIX 2.1, MISP, CSV or plain lists; gz is undone.")
    ],
    source: Annotated[
        str, typer.Option("--source", help="Who says so; the file's name by default.")
    ] = "",
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Import indicators. New evidence is matched as it comes; old events: detect --rescan."""
    this = call(home, lang, as_json=as_json)
    answers = []
    for path in paths:
        found = this.workspace.indicators.add_file(path, source)
        refused = [{"value": value, "reason": reason} for value, reason in found.refused]
        answers.append(
            {
                "path": str(path),
                "imported": len(found.indicators),
                "refused": found.refused_count,
                "first_refused": refused,
            }
        )
        if not as_json:
            this.out.say(
                "{path}: {count} indicators imported, {refused} refused",
                path=str(path),
                count=len(found.indicators),
                refused=found.refused_count,
            )
            for value, reason in found.refused[:5]:
                this.out.warn("  {value}: {reason}", value=value, reason=reason)
    if as_json:
        this.out.json(answers)
    else:
        say_open(this)


def list_some(
    contains: Annotated[str, typer.Argument(help="Part of the value; all if left out.")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many.")] = 100,
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """List indicators, newest import first."""
    this = call(home, lang, as_json=as_json)
    found = this.workspace.indicators.search(contains.lower(), limit)
    if as_json:
        this.out.json(
            [
                {
                    "id": item.id,
                    "type": item.type.value,
                    "value": item.value,
                    "source": item.source,
                    "confidence": item.confidence,
                    "valid_until": item.valid_until,
                    "labels": list(item.labels),
                    "description": item.description,
                    "tlp": item.tlp,
                }
                for item in found
            ]
        )
        return
    rows = ((i.type.value, i.value, i.confidence, i.source, i.description[:60]) for i in found)
    this.out.table(["Type", "Value", "Confidence", "Who says so", "About"], rows)
