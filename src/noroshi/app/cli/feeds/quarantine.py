"""``noroshi feeds quarantine list|show|release|drop``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from noroshi.app.cli.feeds.settings import locks
from noroshi.app.cli.options import Call, Home, Json, LangOption, call, group
from noroshi.app.errors import AppError
from noroshi.app.feeds import puller
from noroshi.collect.feeds import Batch, FeedStore, Item, taken

Numbers = Annotated[list[int], typer.Argument(help="Numbers that the list shows.")]


def register(part: typer.Typer) -> None:
    """Add the commands."""
    inner = group("Quarantine: what feeds said and was not believed, with the reason.")
    inner.command("list", epilog="Example: noroshi feeds quarantine list blocklist")(list_all)
    inner.command("show", epilog="Example: noroshi feeds quarantine show 12 --json")(show)
    inner.command("release", epilog="Example: noroshi feeds quarantine release 12")(release)
    inner.command("drop", epilog="Example: noroshi feeds quarantine drop 12 13")(drop)
    part.add_typer(inner, name="quarantine")


def list_all(
    name: Annotated[str, typer.Argument(help="Name of a feed; all without it.")] = "",
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """List what is held back, and why."""
    this = call(home, lang, as_json=as_json)
    batches = FeedStore(this.workspace.knowledge).batches(name, held=True)
    if as_json:
        this.out.json([_as_json(this, one) for one in batches])
        return
    if not batches:
        this.out.say("Nothing is held back.")
        return
    rows = (
        (one.number, one.feed, one.count, _why(this, one), one.sample, this.out.time(one.retrieved))
        for one in batches
    )
    this.out.table(["Number", "Feed", "Items", "Why", "Such as", "Read"], rows)
    this.out.say("Believe it: noroshi feeds quarantine release NUMBER; forget it: … drop NUMBER")


def show(
    number: Annotated[int, typer.Argument(help="Number that the list shows.")],
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many.")] = 100,
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Show the items that are held back under a number."""
    this = call(home, lang, as_json=as_json)
    store = FeedStore(this.workspace.knowledge)
    batch = _held(store, [number])[0]
    items = store.items(number)[:limit]
    if as_json:
        told = [{"key": one.key, "form": one.form.value, "body": one.body} for one in items]
        this.out.json({**_as_json(this, batch), "content": told})
        return
    this.out.say("{feed}: {why}", feed=batch.feed, why=_why(this, batch))
    this.out.table(["Form", "Item", "What it says"], [_row(one) for one in items])


def release(
    numbers: Numbers, home: Home = None, lang: LangOption = None, as_json: Json = False
) -> None:
    """Believe what was held back: it is kept, matched and held against the watchlist now."""
    this = call(home, lang, as_json=as_json)
    store = FeedStore(this.workspace.knowledge)
    batches = _held(store, numbers)
    pulls = puller(this.workspace, store)
    for name in sorted({one.feed for one in batches}):
        with taken(locks(this), name) as mine:
            if not mine:
                raise AppError(f"feed {name} is being pulled just now; try again later")
            store.release([one.number for one in batches if one.feed == name])
            pulls.settle(store.state(name).feed)
    count = sum(one.count for one in batches)
    if as_json:
        this.out.json({"released": count})
    else:
        this.out.say("{count} items are believed from now on.", count=count)


def drop(
    numbers: Numbers, home: Home = None, lang: LangOption = None, as_json: Json = False
) -> None:
    """Forget what was held back; it comes again only when its source changes it."""
    this = call(home, lang, as_json=as_json)
    store = FeedStore(this.workspace.knowledge)
    count = sum(one.count for one in _held(store, numbers))
    store.drop(numbers)
    if as_json:
        this.out.json({"dropped": count})
    else:
        this.out.say("{count} items are forgotten.", count=count)


def _held(store: FeedStore, numbers: list[int]) -> list[Batch]:
    held = {one.number: one for one in store.batches(held=True)}
    unknown = [number for number in numbers if number not in held]
    if unknown:
        raise AppError(f"nothing is held back under {unknown[0]}; noroshi feeds quarantine list")
    return [held[number] for number in dict.fromkeys(numbers)]


def _why(this: Call, batch: Batch) -> str:
    return this.out.plain(batch.held) if batch.held else ""


def _row(item: Item) -> tuple[str, str, str]:
    body = item.body
    said = body.get("description") or body.get("text") or body.get("pattern") or body.get("name")
    return item.form.value, item.title[:120], " ".join(str(said or "").split())[:200]


def _as_json(this: Call, batch: Batch) -> dict[str, Any]:
    return {
        "number": batch.number, "feed": batch.feed, "items": batch.count,
        "why": _why(this, batch), "sample": batch.sample, "retrieved": batch.retrieved,
    }  # fmt: skip
