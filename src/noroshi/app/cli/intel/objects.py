"""``noroshi intel import|search|undo``: what is known about the world."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Any

import typer

from noroshi.app.arming import arm
from noroshi.app.arming import undo as take_back
from noroshi.app.cli.options import Home, Json, LangOption, call
from noroshi.app.cli.watch import say_open
from noroshi.collect.quiet import collector_held_back
from noroshi.intel.objects import Clearance, Provenance
from noroshi.intel.objects.bundle import read_objects
from noroshi.intel.objects.words import aliases, kind_word, name_of, prose

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
    paths: Annotated[list[Path], typer.Argument(help="STIX 2.0 or 2.1 files; gz is undone.")],
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
    """Import STIX objects, each version once; their indicators are matched from now on."""
    this = call(home, lang, as_json=as_json)
    answers = []
    for path in paths:
        objects = read_objects(path)
        provenance = Provenance(source or path.name, time.time_ns() // 1000, "intel import")
        with collector_held_back():
            added = this.workspace.objects.add(objects, provenance, collection)
        armed = arm(this.workspace, objects, provenance.source)
        answers.append(
            {
                "path": str(path), "addition": added.add, "new": added.new,
                "versions": added.versions, "unchanged": added.unchanged, "indicators": armed,
                "refused": [{"id": one.id, "reason": one.reason} for one in added.refused],
            }
        )  # fmt: skip
        if not as_json:
            this.out.say(
                "{path}: {new} new, {versions} new versions, {unchanged} known, {refused} refused "
                "(addition {addition}); {indicators} indicators are matched.",
                path=str(path), new=added.new, versions=added.versions,
                unchanged=added.unchanged, refused=len(added.refused), addition=added.add,
                indicators=armed,
            )  # fmt: skip
            for one in added.refused[:5]:
                this.out.warn("  {value}: {reason}", value=one.id, reason=one.reason)
    if as_json:
        this.out.json(answers)
    else:
        say_open(this)
    return 0


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
