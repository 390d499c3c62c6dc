"""``noroshi lake stats|compact|expire``: the keeper's commands."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

import typer

from noroshi.app.cli.options import Home, Json, LangOption, call, group
from noroshi.app.cli.progress import size_text
from noroshi.lake import TABLES

KEEP_HOURS = 168


def register(app: typer.Typer) -> None:
    """Add the commands."""
    part = group("Size, upkeep and retention of the lake.")
    part.command("stats")(stats)
    part.command("compact", epilog="Example: noroshi lake compact")(compact)
    part.command("expire", epilog="Example: noroshi lake expire --before 2026-01-01 --dry-run")(
        expire
    )
    app.add_typer(part, name="lake")


def stats(home: Home = None, lang: LangOption = None, as_json: Json = False) -> None:
    """Show rows, files, bytes and days of every table."""
    this = call(home, lang, as_json=as_json)
    found = this.workspace.lake.statistics()
    if as_json:
        this.out.json(
            [
                {
                    "table": table.name,
                    "rows": table.rows,
                    "files": table.files,
                    "bytes": table.size,
                    "first_day": table.first_day,
                    "last_day": table.last_day,
                }
                for table in found
            ]
        )
        return
    this.out.table(
        ["Table", "Rows", "Files", "Size", "First day", "Last day"],
        (
            (t.name, f"{t.rows:,}", t.files, size_text(t.size), t.first_day, t.last_day)
            for t in found
        ),
    )


def compact(
    keep_hours: Annotated[
        int,
        typer.Option("--keep-hours", min=0, help="Keep replaced files that long for readers."),
    ] = KEEP_HOURS,
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Join small files and remove replaced ones. Safe beside intake and queries."""
    this = call(home, lang, as_json=as_json)
    joined = {name: this.workspace.lake.compact(name) for name in this.workspace.lake.names()}
    removed = sum(this.workspace.lake.vacuum(name, keep_hours) for name in joined)
    if as_json:
        this.out.json({"joined": joined, "removed_files": removed})
    else:
        this.out.say(
            "{files} files joined, {removed} old files removed.",
            files=sum(joined.values()),
            removed=removed,
        )


def expire(
    before: Annotated[str, typer.Option("--before", help="First day to keep, YYYY-MM-DD.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Delete events, matches and findings of days before a day, for good."""
    _check_day(before)
    this = call(home, lang, as_json=as_json)
    lake = this.workspace.lake
    kept = {"sources"}  # the ledger: without it, old evidence would be read again
    rows = {name: lake.expire(name, before, dry_run=dry_run) for name in TABLES if name not in kept}
    rows = {name: count for name, count in rows.items() if count}
    if not dry_run:
        for name in rows:
            lake.vacuum(name, 0)
    if as_json:
        this.out.json({"before": before, "dry_run": dry_run, "rows": rows})
    elif dry_run:
        this.out.say("{rows} rows would be deleted.", rows=f"{sum(rows.values()):,}")
    else:
        this.out.say("{rows} rows deleted.", rows=f"{sum(rows.values()):,}")


def _check_day(text: str) -> None:
    """Refuse what is no day of the calendar; the lake compares days as texts of this one form.

    Raises:
        typer.BadParameter: it is none, or in another form.
    """
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        raise typer.BadParameter(f"{text!r} is not YYYY-MM-DD")
    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is YYYY-MM-DD, but no day of the calendar") from error
