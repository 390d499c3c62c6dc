"""``noroshi share collection add|list``: named parts of what is known."""

from __future__ import annotations

from typing import Annotated

import typer

from noroshi.app.cli.options import Home, Json, LangOption, call, group
from noroshi.app.cli.share.extra import service_extra


def register(part: typer.Typer) -> None:
    """Add the commands."""
    commands = group("Collections: named parts of what is known.")
    commands.command(
        "add", epilog='Example: noroshi share collection add towns --title "For every town"'
    )(add)
    commands.command("list", epilog="Example: noroshi share collection list --json")(show)
    part.add_typer(commands, name="collection")


def add(
    name: Annotated[str, typer.Argument(help="Short name, as in intel import --collection.")],
    title: Annotated[str, typer.Option("--title", help="For people; the name by default.")] = "",
    description: Annotated[str, typer.Option("--description", help="What is in it.")] = "",
    root: Annotated[
        str, typer.Option("--root", help="API root: one for each circle of trust.")
    ] = "api",
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Add a collection; objects come into it by noroshi intel import --collection NAME."""
    this = call(home, lang, as_json=as_json)
    with service_extra():
        from noroshi.share.taxii import CollectionStore
    made = CollectionStore(this.workspace.knowledge).add(name, title, description, root)
    if as_json:
        this.out.json({"name": made.name, "id": made.id, "root": made.root, "title": made.title})
        return
    this.out.say("Collection {name} at /{root}/collections/{id}/.", name=made.name,
                 root=made.root, id=made.id)  # fmt: skip


def show(home: Home = None, lang: LangOption = None, as_json: Json = False) -> None:
    """List the collections."""
    this = call(home, lang, as_json=as_json)
    with service_extra():
        from noroshi.share.taxii import CollectionStore
    found = CollectionStore(this.workspace.knowledge).list()
    if as_json:
        this.out.json(
            [{"name": one.name, "id": one.id, "root": one.root, "title": one.title,
              "description": one.description} for one in found]
        )  # fmt: skip
        return
    rows = ((one.name, one.title, one.root, one.id) for one in found)
    this.out.table(["Name", "Title", "API root", "Id"], rows)
