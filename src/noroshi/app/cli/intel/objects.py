"""``noroshi intel import|search|show|pivot|undo``: what is known about the world."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Any

import typer

from noroshi.app.arming import arm
from noroshi.app.arming import undo as take_back
from noroshi.app.cli.options import Call, Home, Json, LangOption, call
from noroshi.app.cli.watch import say_open
from noroshi.app.errors import AppError
from noroshi.app.importing import read_file
from noroshi.collect.quiet import collector_held_back
from noroshi.intel.objects import Clearance, Neighbour, ObjectStore, Provenance

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
    part.command("show", epilog="Example: noroshi intel show T1566 --json")(show)
    part.command("pivot", epilog="Example: noroshi intel pivot evil.example --depth 2")(pivot)
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
    this = call(home, lang, as_json=as_json)
    answers = [_import(this, path, source, collection) for path in paths]
    if as_json:
        this.out.json(answers)
    else:
        say_open(this)
    return 0


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
    rows = ((item["type"], name_of(item), item["id"]) for item in found)
    this.out.table(["Type", "Name", "Id"], rows)


def show(
    what: Annotated[str, typer.Argument(help="Id, catalogue id (T1566, CVE-…), value or name.")],
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Show an object with its versions and where it came from."""
    this = call(home, lang, as_json=as_json)
    store = this.workspace.objects
    item = one_object(store, what)
    source = store.provenance(item["id"])
    versions = store.versions(item["id"], ALL)
    if as_json:
        told = (
            {"source": source.source, "retrieved": source.retrieved, "by": source.by}
            if source
            else {}
        )
        this.out.json({"object": item, "versions": versions, "provenance": told})
        return
    rows = [(key, _text(value)) for key, value in item.items()]
    this.out.table(["Property", "Value"], rows)
    if source:
        this.out.say(
            "From {source}, taken in by {by} on {time}; {count} versions.",
            source=source.source, by=source.by, time=this.out.time(source.retrieved),
            count=len(versions),
        )  # fmt: skip


def pivot(
    what: Annotated[str, typer.Argument(help="Id, catalogue id (T1566, CVE-…), value or name.")],
    depth: Annotated[int, typer.Option("--depth", min=1, max=6, help="Steps.")] = 1,
    to: Annotated[str, typer.Option("--to", help="Show a shortest way to this one.")] = "",
    limit: Limit = 100,
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Show what stands beside an object, and why."""
    this = call(home, lang, as_json=as_json)
    store = this.workspace.objects
    start = one_object(store, what)
    found = (
        store.path(start["id"], one_object(store, to)["id"], ALL)
        if to
        else store.neighbours(start["id"], ALL, depth)[:limit]
    )
    if as_json:
        this.out.json([_neighbour_json(item) for item in found])
        return
    names = {start["id"]: name_of(start)} | {item.id: name_of(item.object) for item in found}
    _show_neighbours(this, found, names)


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


def one_object(store: ObjectStore, what: str) -> dict[str, Any]:
    """Return the object that a person means.

    Raises:
        AppError: nothing fits.
    """
    item = store.get(what, ALL)
    if item is None:
        exact = store.naming(what, ALL, 10)
        item = next((one for one in exact if not one.get("revoked")), exact[0] if exact else None)
    if item is None:
        raise AppError(f"nothing known as {what!r}; try noroshi intel search {what}")
    return item


def name_of(item: dict[str, Any]) -> str:
    """Return how a person would call an object."""
    if item["type"] == "relationship":
        return str(item["relationship_type"])
    ids = [
        str(reference["external_id"])
        for reference in item.get("external_references", ())
        if reference.get("external_id") and reference.get("source_name", "").startswith("mitre")
    ]
    name = item.get("name") or item.get("value") or item.get("pattern") or item["id"]
    return " ".join((*ids[:1], str(name)))[:100]


def _neighbour_json(item: Neighbour) -> dict[str, Any]:
    return {
        "id": item.id, "beside": item.beside, "verb": item.verb, "exact": item.exact,
        "forward": item.forward, "depth": item.depth, "why": item.why, "object": item.object,
    }  # fmt: skip


def _show_neighbours(this: Call, found: list[Neighbour], names: dict[str, str]) -> None:
    rows = (
        (
            item.depth,
            names.get(item.beside, item.beside),
            f"{item.verb} →" if item.forward else f"← {item.verb}",
            item.object["type"],
            names[item.id],
        )
        for item in found
    )
    this.out.table(["Steps", "From", "How", "Type", "Name"], rows)


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_text(item) for item in value)[:300]
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_text(item)}" for key, item in value.items())[:300]
    return str(value)[:300]
