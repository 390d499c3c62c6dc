"""``noroshi intel import|search|undo``: what is known about the world."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Any

import typer

from noroshi.app.arming import arm
from noroshi.app.arming import undo as take_back
from noroshi.app.cli.failure import explain_failure
from noroshi.app.cli.options import Call, Home, Json, LangOption, call
from noroshi.app.cli.watch import say_open
from noroshi.app.importing import read_file
from noroshi.collect.quiet import collector_held_back
from noroshi.intel.errors import IntelError
from noroshi.intel.objects import Clearance, Provenance
from noroshi.intel.objects.words import aliases, kind_word, name_of, prose
from noroshi.share.errors import ShareError

ALL = Clearance.everything()

Types = Annotated[
    list[str] | None, typer.Option("--type", help="Only this STIX type; may be repeated.")
]
Limit = Annotated[int, typer.Option("--limit", min=1, help="At most so many.")]


def register(part: typer.Typer) -> None:
    """Add the commands."""
    part.command("import", epilog='Example: noroshi intel import attack.json --source "MITRE"')(
        import_files
    )
    part.command("search", epilog="Example: noroshi intel search emotet --type malware")(search)
    part.command("undo", epilog="Example: noroshi intel undo 7")(undo)


def import_files(
    paths: Annotated[
        list[Path], typer.Argument(help="STIX 2.0, 2.1 or MISP events; gz is undone.")
    ],
    source: Annotated[
        str, typer.Option("--source", help="Who says so; the file's name by default.")
    ] = "",
    collection: Annotated[
        str, typer.Option("--collection", help="Put them into this collection as well.")
    ] = "",
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> int:
    """Import STIX objects or MISP events, each version once; indicators are matched from now on."""
    # One bad file of many is named and does not keep the others out.
    this = call(home, lang, as_json=as_json)
    answers: list[dict[str, Any]] = []
    for path in paths:
        try:
            answers.append(_import(this, path, source, collection))
        except (IntelError, ShareError, OSError) as error:
            if len(paths) == 1:
                raise
            answers.append({"path": str(path), "error": str(error)})
            explain_failure(error, this.out)
    if as_json:
        this.out.json(answers)
    else:
        say_open(this)
    return int(any("error" in answer for answer in answers))


def _import(this: Call, path: Path, source: str, collection: str) -> dict[str, Any]:
    given = read_file(this.workspace, path)
    provenance = Provenance(source or path.name, time.time_ns() // 1000, "intel import")
    with collector_held_back():
        added = this.workspace.objects.add(given.objects, provenance, collection)
    armed = arm(this.workspace, given.objects, provenance.source)
    refused = (*given.refused, *added.refused)
    if not this.out.as_json:
        if given.events:
            this.out.say("{path}: {count} MISP events.", path=str(path), count=given.events)
        this.out.say(
            "{path}: {new} new, {versions} new versions, {unchanged} known, {refused} refused "
            "(addition {addition}); {indicators} indicators are matched.",
            path=str(path), new=added.new, versions=added.versions,
            unchanged=added.unchanged, refused=len(refused), addition=added.add,
            indicators=armed,
        )  # fmt: skip
        for one in refused[:5]:
            this.out.warn("  {value}: {reason}", value=one.id, reason=one.reason)
        if given.notes:
            this.out.warn(
                "  {count} parts have no place in STIX and are kept as they are, or left out: "
                "{example}",
                count=len(given.notes), example=given.notes[0],
            )  # fmt: skip
    return {
        "path": str(path), "addition": added.add, "new": added.new,
        "versions": added.versions, "unchanged": added.unchanged, "indicators": armed,
        "events": given.events, "notes": list(given.notes),
        "refused": [{"id": one.id, "reason": one.reason} for one in refused],
    }  # fmt: skip


def search(
    text: Annotated[str, typer.Argument(help="Part of a name, alias, value, pattern or id.")],
    types: Types = None,
    limit: Limit = 50,
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Search objects by their words."""
    this = call(home, lang, as_json=as_json)
    found = this.workspace.objects.search(text, ALL, tuple(types or ()), limit)
    if as_json:
        this.out.json(found)
        return
    rows = (
        (name_of(item), this.out.word(kind_word(item["type"])), ", ".join(aliases(item)[:4]),
         prose(item.get("description"), 90), item["id"].partition("--")[2][:8])
        for item in sorted(found, key=lambda item: _rank(item, text))
    )  # fmt: skip
    this.out.table(["Name", "Type", "Also called", "About", "Id"], rows)
    if not found:
        this.out.say("Nothing known holds “{text}”.", text=text)
    elif len(found) == limit:
        this.out.say("There may be more: --limit, --type")


def _rank(item: dict[str, Any], text: str) -> tuple[bool, bool, str]:
    """What is called so first, what was withdrawn last."""
    called = {name.casefold() for name in (str(item.get("name", "")), *aliases(item))}
    return bool(item.get("revoked")), text.casefold() not in called, name_of(item)


def undo(
    addition: Annotated[int, typer.Argument(help="Number that the import printed.")],
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Take an import back; what was known before stays."""
    this = call(home, lang, as_json=as_json)
    undone = take_back(this.workspace, addition)
    if as_json:
        this.out.json({"removed": undone.removed, "disarmed": undone.disarmed})
    else:
        this.out.say(
            "{count} versions were taken back; {disarmed} indicators are no longer matched.",
            count=undone.removed, disarmed=undone.disarmed,
        )  # fmt: skip
