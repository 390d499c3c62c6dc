"""``noroshi intel pivot|clusters``: from one thing to what stands beside it, here and out there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from noroshi.app.cli.intel.show import What, show_sights, sight_json
from noroshi.app.cli.options import Call, Home, Json, LangOption, call
from noroshi.app.dossier.dossier import Here, here
from noroshi.app.dossier.in_lake import looked_for
from noroshi.app.dossier.naming import one_object
from noroshi.app.errors import AppError
from noroshi.intel.objects import Clearance, Neighbour
from noroshi.intel.objects.graph import COMMONPLACE
from noroshi.intel.objects.shared import INFRASTRUCTURE, Shared
from noroshi.intel.objects.words import kind_word, name_of, prose, verb_word

ALL = Clearance.everything()
Limit = Annotated[int, typer.Option("--limit", min=1, help="At most so many.")]


def register(part: typer.Typer) -> None:
    """Add the commands."""
    part.command("pivot", epilog="Example: noroshi intel pivot evil.example --depth 2")(pivot)
    part.command("clusters", epilog="Example: noroshi intel clusters --limit 10")(clusters)


def pivot(
    what: What,
    depth: Annotated[int, typer.Option("--depth", min=1, max=6, help="Steps.")] = 1,
    to: Annotated[str, typer.Option("--to", help="Show a shortest way to this one.")] = "",
    shared: Annotated[
        bool, typer.Option("--shared", help="Show what leads to the same infrastructure.")
    ] = False,
    lake: Annotated[
        bool, typer.Option("--lake", help="Show your events, findings and cases that hold it.")
    ] = False,
    types: Annotated[
        list[str] | None, typer.Option("--type", help="Only this STIX type; may be repeated.")
    ] = None,
    limit: Limit = 100,
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Show what stands beside an object, and why; or where your own events hold it."""
    this = call(home, lang, as_json=as_json)
    if lake:
        _into_the_lake(this, what)
        return
    store = this.workspace.objects
    start = one_object(store, what)
    if shared:
        _show_shared(this, start, store.shared(start["id"], ALL)[:limit])
        return
    found = (
        store.path(start["id"], one_object(store, to)["id"], ALL)
        if to
        else [
            near
            for near in store.neighbours(start["id"], ALL, depth)
            if not types or near.object["type"] in types
        ][:limit]
    )
    if this.out.as_json:
        this.out.json([_neighbour_json(item) for item in found])
    elif to and not found:
        this.out.say("No way of six steps or fewer leads there.")
    else:
        names = {start["id"]: name_of(start)} | {item.id: name_of(item.object) for item in found}
        _show_neighbours(this, found, names)
        if to and any(near.object["type"] in COMMONPLACE for near in found[:-1]):
            this.out.say("This way leads through what many share: it proves nothing.")


def clusters(
    limit: Limit = 20, home: Home = None, lang: LangOption = None, as_json: Json = False
) -> None:
    """Show indicators and observables that values in common join, and whom they point to."""
    this = call(home, lang, as_json=as_json)
    store = this.workspace.objects
    groups = store.clusters(ALL, tuple(sorted(INFRASTRUCTURE)))[:limit]
    members = store.lasts((name for group in groups for name in group), ALL)
    answers = []
    for group in groups:
        around = {
            near.id: near.object for name in group[:50] for near in store.neighbours(name, ALL)
        }
        named = [item for item in around.values() if item["type"] not in INFRASTRUCTURE]
        answers.append(([members[name] for name in group if name in members], named))
    if this.out.as_json:
        this.out.json(
            [
                {"objects": [item["id"] for item in inside], "named": [item["id"] for item in out]}
                for inside, out in answers
            ]
        )
        return
    rows = (
        (len(inside), _names(inside, 4), _names([one for one in out if "name" in one], 4))
        for inside, out in answers
    )
    this.out.table(["Objects", "Values", "Told of with"], rows)


def _into_the_lake(this: Call, what: str) -> None:
    told = _here(this, what)
    if this.out.as_json:
        this.out.json(
            {
                "values": told.values, "sights": [sight_json(sight) for sight in told.sights],
                "findings": [
                    {"id": f.id, "title": f.title, "subject": f.subject, "first": f.first}
                    for f in told.findings
                ],
                "cases": [case.id for case in told.cases],
            }
        )  # fmt: skip
        return
    this.out.say(
        "In your own events: {seen} of {count} values.", seen=len(told.sights), count=told.values
    )
    show_sights(this.out, told.sights)
    if told.findings:
        this.out.say("Findings that hold it ({count})", count=len(told.findings))
        rows = ((this.out.time(f.first), f.subject, f.title, f.count) for f in told.findings[:50])
        this.out.table(["Time", "About", "Title", "Events"], rows)
    if told.cases:
        this.out.say("Cases ({count})", count=len(told.cases))
        cases = ((c.id[:8], round(c.score), this.out.plain(c.title)) for c in told.cases[:20])
        this.out.table(["Case", "Score", "Title"], cases)


def _here(this: Call, what: str) -> Here:
    """What the lake has of an object and its infrastructure, or of a value nobody has told of."""
    store = this.workspace.objects
    try:
        item = one_object(store, what)
    except AppError:
        entries = looked_for([what])
        if not entries:
            raise
        return here(this.workspace, {"type": "x-value", "value": entries[0].value})
    return here(this.workspace, item, store.neighbours(item["id"], ALL))


def _show_shared(this: Call, start: dict[str, Any], found: Sequence[Shared]) -> None:
    if this.out.as_json:
        this.out.json(
            [
                {"id": one.object["id"], "name": name_of(one.object),
                 "by": [{"id": item["id"], "name": name_of(item)} for item in one.by]}
                for one in found
            ]
        )  # fmt: skip
        return
    if not found:
        this.out.say("Nothing known leads to the same infrastructure as {name}.",
                     name=name_of(start))  # fmt: skip
        return
    rows = (
        (name_of(one.object), this.out.word(kind_word(one.object["type"])), len(one.by),
         _names(one.by, 5))
        for one in found
    )  # fmt: skip
    this.out.table(["Name", "Type", "In common", "Infrastructure"], rows)


def _names(items: Sequence[dict[str, Any]], most: int) -> str:
    told = ", ".join(prose(name_of(item), 60) for item in items[:most])
    return f"{told}, …" if len(items) > most else told


def _neighbour_json(item: Neighbour) -> dict[str, Any]:
    return {
        "id": item.id, "beside": item.beside, "verb": item.verb, "exact": item.exact,
        "forward": item.forward, "depth": item.depth, "why": item.why, "object": item.object,
    }  # fmt: skip


def _show_neighbours(this: Call, found: list[Neighbour], names: dict[str, str]) -> None:
    reasons = {near.why for near in found if near.why.startswith("relationship--")}
    stated = this.workspace.objects.lasts(reasons, ALL)

    def words(near: Neighbour) -> str:
        if near.why in stated:
            return prose(stated[near.why].get("description"), 120)
        return near.why if near.exact else f"{near.why} ({this.out.word('a hint, no proof')})"

    rows = (
        (near.depth, names.get(near.beside, near.beside),
         this.out.word(verb_word(near.verb, forward=near.forward)),
         this.out.word(kind_word(near.object["type"])), names[near.id], words(near))
        for near in found
    )  # fmt: skip
    this.out.table(["Steps", "From", "How", "Type", "Name", "In whose words"], rows)
