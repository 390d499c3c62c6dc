"""``noroshi intel export``: what a reader may see, in the format that they read."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from noroshi.app.cli.options import Call, Home, Json, LangOption, call
from noroshi.app.errors import AppError
from noroshi.app.exports import export as export_indicators
from noroshi.intel.indicators import IndicatorType
from noroshi.intel.life.decay import DAY
from noroshi.intel.objects import Clearance, Match, Tlp
from noroshi.intel.objects.bundle import write_bundle
from noroshi.share.exports import (
    Folder,
    Format,
    Nowhere,
    OneFile,
    Policy,
    Stream,
    Tally,
    Target,
    all_formats,
    format_named,
    told,
)
from noroshi.share.misp import to_events, write_events

OBJECTS = ("stix", "misp-events")
"""The formats that give objects, as they came or as MISP events; others give indicators."""


def register(part: typer.Typer) -> None:
    """Add the command."""
    example = "Example: noroshi intel export --format rpz --tlp amber --min-score 40 -o rpz.zone"
    part.command("export", epilog=example)(export)
    part.command("formats", epilog="Example: noroshi intel formats")(formats)


def export(
    form: Annotated[
        str, typer.Option("--format", help="stix, misp-events, or one of noroshi intel formats.")
    ] = OBJECTS[0],
    tlp: Annotated[
        str, typer.Option("--tlp", help="Reader's level: clear, green, amber, amber+strict, red.")
    ] = "clear",
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File or folder; standard output by default."),
    ] = None,
    collection: Annotated[
        str, typer.Option("--collection", help="stix, misp-events: only this collection.")
    ] = "",
    types: Annotated[
        list[str] | None,
        typer.Option("--type", help="stix, misp-events: only this type; may be repeated."),
    ] = None,
    kinds: Annotated[
        list[IndicatorType] | None,
        typer.Option("--kind", help="Only this kind of indicator; may be repeated."),
    ] = None,
    minimum: Annotated[
        float,
        typer.Option("--min-score", min=0, max=100, help="Worth at least so much."),
    ] = 1.0,
    days: Annotated[
        float, typer.Option("--max-age", min=0, help="Seen or named within so many days; 0: any.")
    ] = 0.0,
    warning_lists: Annotated[
        bool,
        typer.Option("--warning-lists/--no-warning-lists", help="Leave out what they list."),
    ] = True,
    origin: Annotated[str, typer.Option("--origin", help="rpz: the zone's name.")] = "rpz.noroshi",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would go, and what not and why.")
    ] = False,
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Write what a reader of that level may see; what is left out is counted, with the reason."""
    this = call(home, lang, as_json=as_json)
    level = Tlp.of(tlp)
    if form in OBJECTS:
        match = Match(types=tuple(types or ()))
        items = this.workspace.objects.all(Clearance(level), match=match, collection=collection)
        _objects(this, form, items, output, dry_run=dry_run)
        return
    if types or collection:
        raise typer.BadParameter("--type and --collection are for stix and misp-events; use --kind")
    policy = Policy(
        time.time_ns() // 1000, level, minimum, int(days * DAY), frozenset(kinds or ()),
        warning_lists,
    )  # fmt: skip
    chosen = format_named(form)
    target = _target(chosen, output, dry_run=dry_run)
    tally = export_indicators(this.workspace, chosen, policy, target, this.out.language, origin)
    _report(this, tally, output, dry_run=dry_run)


def formats(home: Home = None, lang: LangOption = None, as_json: Json = False) -> None:
    """List the formats that indicators can be exported in."""
    this = call(home, lang, as_json=as_json)
    known = all_formats().values()
    if as_json:
        this.out.json(
            [{"name": one.name, "about": this.out.word(one.about), "kinds": sorted(one.kinds),
              "file": one.file or None} for one in known]
        )  # fmt: skip
        return
    rows = [(one.name, this.out.word(one.about), ", ".join(sorted(one.kinds))) for one in known]
    this.out.table(["Format", "What reads it", "Kinds"], rows)


def _objects(
    this: Call, form: str, items: Iterable[dict[str, Any]], output: Path | None, *, dry_run: bool
) -> None:
    with _place(output, dry_run=dry_run).file("") as sink:
        if form == OBJECTS[0]:
            count = write_bundle(items, sink)
        else:
            count = write_events(to_events(items, this.out.language), sink)
    if this.out.as_json and (dry_run or output is not None):
        this.out.json({"written": count, "path": str(output) if output else None})
    elif form == OBJECTS[0] and dry_run:
        this.out.say("{count} objects would go.", count=count)
    elif form == OBJECTS[0] and output is not None:
        this.out.say("{count} objects in {path}", count=count, path=str(output))
    elif dry_run:
        this.out.say("{count} MISP events would go.", count=count)
    elif output is not None:
        this.out.say("{count} MISP events in {path}", count=count, path=str(output))


def _target(form: Format, output: Path | None, *, dry_run: bool) -> Target:
    if not form.file and output is None and not dry_run:
        raise AppError(f"{form.name} writes several files; name a folder: -o FOLDER")
    if not form.file and output is not None and output.is_file():
        raise AppError(f"{output} is a file; {form.name} writes several files into a folder")
    if form.file or dry_run or output is None:
        return _place(output, dry_run=dry_run)
    _check_parent(output)
    return Folder(output)


def _place(output: Path | None, *, dry_run: bool) -> Target:
    if dry_run:
        return Nowhere()
    if output is None:
        return Stream(sys.stdout.buffer)
    if output.is_dir():
        raise AppError(f"{output} is a folder; this format writes one file: name one in it")
    _check_parent(output)
    return OneFile(output)


def _check_parent(output: Path) -> None:
    """Make no folder out of a slip of the pen."""
    if not output.parent.is_dir():
        raise AppError(f"{output}: there is no folder {output.parent}; make it first")


def _report(this: Call, tally: Tally, output: Path | None, *, dry_run: bool) -> None:
    """Tell what went and what did not; on standard error where the export itself is written."""
    left = [(why, tally.left[why]) for why in tally.examples if tally.left[why]]
    if this.out.as_json:
        if dry_run or output is not None:
            this.out.json(_as_json(this, tally, output))
        return
    say = this.out.say if dry_run or output is not None else this.out.warn
    if dry_run:
        say("{count} indicators would go.", count=tally.written)
    else:
        say("{count} indicators in {path}", count=tally.written, path=str(output or "–"))
    for why, count in sorted(left, key=lambda one: -one[1]):
        say(
            "  {told} For example {examples}",
            told=told(why, count, this.out.language), examples=", ".join(tally.examples[why]),
        )  # fmt: skip


def _as_json(this: Call, tally: Tally, output: Path | None) -> dict[str, Any]:
    return {
        "written": tally.written,
        "path": str(output) if output else None,
        "left_out": {
            why.value: {
                "count": count,
                "why": told(why, count, this.out.language),
                "examples": tally.examples.get(why, []),
            }
            for why, count in sorted(tally.left.items())
            if count
        },
    }
