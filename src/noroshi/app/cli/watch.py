"""``noroshi watch add|list|remove|hits|ack|scan``."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated, Any

import typer

from noroshi.app.cli.options import Call, Home, Json, LangOption, call, group
from noroshi.app.errors import AppError
from noroshi.intel.watch import Entry, Hit, WatchError, WatchKind, as_entry

_Limit = Annotated[int, typer.Option("--limit", min=1, help="At most so many.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    part = group("Watchlists: hear of it as soon as anything new names what is yours.")
    example = 'Example: noroshi watch add 203.0.113.0/24 --label "our DMZ" --owner infra'
    part.command("add", epilog=example)(add)
    part.command("list", epilog="Example: noroshi watch list --json")(list_all)
    part.command("remove", epilog="Example: noroshi watch remove 3")(remove)
    part.command("hits", epilog="Example: noroshi watch hits --all")(hits)
    part.command("ack", epilog="Example: noroshi watch ack 12")(acknowledge)
    part.command("scan", epilog="Example: noroshi watch scan")(scan)
    app.add_typer(part, name="watch")


def add(
    values: Annotated[
        list[str] | None,
        typer.Argument(help="Address, network, domain, digest, mail address or word."),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", help="Read them from a file, one a line.")
    ] = None,
    kind: Annotated[
        WatchKind | None, typer.Option("--kind", help="What they are, where it is not plain.")
    ] = None,
    label: Annotated[str, typer.Option("--label", help="What it is to you.")] = "",
    owner: Annotated[str, typer.Option("--owner", help="Whom it concerns.")] = "",
    note: Annotated[str, typer.Option("--note", help="What to do when it turns up.")] = "",
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> int:
    """Watch values; a domain stands for its sub-domains, a network for what is in it."""
    this = call(home, lang, as_json=as_json)
    texts = list(values or ())
    if file is not None:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
        texts += [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    if not texts:
        raise typer.BadParameter("say what to watch, or name a --file")
    entries: list[Entry] = []
    refused: list[tuple[str, str]] = []
    for text in texts:
        try:
            entries.append(Entry(0, *as_entry(text, kind), owner, label, note))
        except WatchError as error:
            refused.append((text, str(error)))
    listed = this.workspace.watch.add(entries)
    if as_json:
        told = [{"value": value, "reason": reason} for value, reason in refused]
        this.out.json({"added": listed.new, "known": listed.known, "refused": told})
    else:
        this.out.say(
            "{new} are watched from now on, {known} were already. What is known already: noroshi "
            "watch scan",
            new=listed.new, known=listed.known,
        )  # fmt: skip
        for value, reason in refused[:20]:
            this.out.warn("  {value}: {reason}", value=value[:80], reason=reason)
    return 1 if refused and not entries else 0


def list_all(
    limit: _Limit = 1000, home: Home = None, lang: LangOption = None, as_json: Json = False
) -> None:
    """List what is watched."""
    this = call(home, lang, as_json=as_json)
    entries = this.workspace.watch.entries()[:limit]
    if as_json:
        this.out.json(
            [
                {"number": e.number, "kind": e.kind.value, "value": e.value, "owner": e.owner,
                 "label": e.label, "note": e.note, "added": e.added}
                for e in entries
            ]
        )  # fmt: skip
        return
    rows = ((e.number, e.kind.value, e.value, e.label, e.owner, e.note) for e in entries)
    this.out.table(["Number", "Type", "Value", "Label", "Owner", "Note"], rows)


def remove(
    numbers: Annotated[list[int], typer.Argument(help="Numbers that list shows.")],
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Stop watching; notifications stay."""
    this = call(home, lang, as_json=as_json)
    count = this.workspace.watch.remove(numbers)
    if not count:
        raise AppError("no such entry; noroshi watch list shows the numbers")
    if as_json:
        this.out.json({"removed": count})
    else:
        this.out.say("{count} are no longer watched.", count=count)


def hits(
    everything: Annotated[
        bool, typer.Option("--all", help="Show those that somebody took note of, too.")
    ] = False,
    limit: _Limit = 100,
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Show what met the watchlist, newest first, and by which path."""
    this = call(home, lang, as_json=as_json)
    found = this.workspace.watch.hits(everything=everything, limit=limit)
    if as_json:
        this.out.json([_as_json(this, hit) for hit in found])
        return
    for hit in found:
        this.out.say(
            "[{number}] {time}: {how}; {origin}.",
            number=hit.number, time=this.out.time(hit.raised),
            how=this.out.plain(hit.how), origin=this.out.plain(hit.origin),
        )  # fmt: skip
        if hit.quote:
            this.out.say("    “{quote}”", quote=hit.quote)
    if not found:
        this.out.say("Nothing new met the watchlist.")


def acknowledge(
    numbers: Annotated[list[int] | None, typer.Argument(help="Numbers that hits shows.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that are open.")] = False,
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Take note of notifications: they are not shown again, and not raised again."""
    if bool(numbers) == everything:
        raise typer.BadParameter("give numbers, or --all")
    this = call(home, lang, as_json=as_json)
    count = this.workspace.watch.acknowledge(None if everything else numbers, getpass.getuser())
    if as_json:
        this.out.json({"acknowledged": count})
    else:
        this.out.say("{count} notifications were noted.", count=count)


def scan(home: Home = None, lang: LangOption = None, as_json: Json = False) -> None:
    """Hold everything that is known already against the watchlist, once."""
    this = call(home, lang, as_json=as_json)
    count = this.workspace.watch.look_back(this.workspace.objects)
    if as_json:
        this.out.json({"raised": count})
    else:
        this.out.say("{count} new notifications: noroshi watch hits", count=count)


def say_open(this: Call) -> None:
    """Say how many notifications wait, if any do."""
    count = this.workspace.watch.open_count()
    if count:
        this.out.say(
            "{count} notifications of the watchlist wait for you: noroshi watch hits", count=count
        )


def _as_json(this: Call, hit: Hit) -> dict[str, Any]:
    return {
        "number": hit.number, "entry": hit.entry, "watched": hit.watched, "value": hit.value,
        "how": this.out.plain(hit.how), "origin": this.out.plain(hit.origin), "quote": hit.quote,
        "subject": hit.subject, "raised": hit.raised, "acknowledged": hit.acknowledged,
        "by": hit.by,
    }  # fmt: skip
