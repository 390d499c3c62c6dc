"""``noroshi feeds add|list|status|remove``."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from noroshi.app.cli.options import Call, Home, Json, LangOption, call
from noroshi.app.errors import AppError
from noroshi.collect.feeds import KINDS, Feed, FeedStore, State, guessed_kind, taken
from noroshi.intel.life import Source
from noroshi.intel.objects import ObjectError, Tlp

Name = Annotated[str, typer.Argument(help="Name of the feed.")]
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_SHORT = 60
"""Characters of an outcome in the list of feeds; its status shows all."""
_DURATION = re.compile(r"([0-9]{1,6})([smhd])")


def register(part: typer.Typer) -> None:
    """Add the commands."""
    example = (
        "Example: noroshi feeds add kev https://feeds.example/known_exploited_vulnerabilities.json "
        "--every 1d"
    )
    part.command("add", epilog=example)(add)
    part.command("list", epilog="Example: noroshi feeds list --json")(list_all)
    part.command("status", epilog="Example: noroshi feeds status kev")(status)
    part.command("remove", epilog="Example: noroshi feeds remove kev")(remove)


def add(
    name: Name,
    location: Annotated[
        str, typer.Argument(help="Address (http, https), or path of a file or folder.")
    ],
    kind: Annotated[
        str,
        typer.Option(
            "--kind",
            help="taxii, rss, kev, epss, misp, stix, advisories, mail, reports or list. "
            "Default: what it looks like.",
        ),
    ] = "",
    every: Annotated[str, typer.Option("--every", help="How often it is due: 15m, 6h, 1d.")] = "1h",
    tlp: Annotated[
        str, typer.Option("--tlp", help="Marking of what comes without one, such as TLP:GREEN.")
    ] = "",
    reputation: Annotated[
        int,
        typer.Option(
            "--reputation", min=0, max=100, help="Confidence of what comes without one, 0 to 100."
        ),
    ] = 50,
    key: Annotated[
        str,
        typer.Option(
            "--key",
            help="Environment variable with its key: a bearer token, name:password, or a header.",
        ),
    ] = "",
    authorities: Annotated[
        Path | None,
        typer.Option("--ca", help="Certificate authorities to trust instead of the system's, PEM."),
    ] = None,
    private: Annotated[
        bool, typer.Option("--private", help="Its name may stand for a private address.")
    ] = False,
    linked: Annotated[
        bool, typer.Option("--linked", help="Fetch the pages that entries link to (rss).")
    ] = False,
    least: Annotated[
        float, typer.Option("--least", min=0, max=1, help="Least score that is kept (epss).")
    ] = 0.05,
    most: Annotated[
        int, typer.Option("--most", min=1, max=4096, help="Most MiB of one file or answer.")
    ] = 64,
    seconds: Annotated[
        float, typer.Option("--seconds", min=1, max=86_400, help="Most seconds of one pull.")
    ] = 600,
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Add a feed, or change its settings; nothing is fetched before it is pulled."""
    this = call(home, lang, as_json=as_json)
    if "://" not in location:
        location = str(Path(location).absolute())
    if kind and kind not in KINDS:
        raise typer.BadParameter(f"no kind {kind!r}; there are {', '.join(KINDS)}")
    ca = str(authorities.absolute()) if authorities else ""
    feed = Feed(
        name, kind, location, _seconds(every), _level(tlp), reputation, key, ca, private, linked,
        least, most << 20, seconds,
    )  # fmt: skip
    feed = replace(feed, kind=kind or guessed_kind(location))
    new = FeedStore(this.workspace.knowledge).add(feed)
    if as_json:
        this.out.json({"name": name, "kind": feed.kind, "location": location, "new": new})
        return
    this.out.say(
        "{name} is added ({kind}): noroshi feeds pull {name}"
        if new
        else "{name} is changed ({kind}): noroshi feeds pull {name}",
        name=name, kind=feed.kind,
    )  # fmt: skip


def list_all(home: Home = None, lang: LangOption = None, as_json: Json = False) -> None:
    """List feeds: what they are, how far they are trusted, how they do."""
    this = call(home, lang, as_json=as_json)
    states = FeedStore(this.workspace.knowledge).states()
    sources = this.workspace.life.sources()
    if as_json:
        this.out.json([_as_json(this, state, sources) for state in states])
        return
    if not states:
        this.out.say("No feeds yet. Add one: noroshi feeds add --help")
        return
    rows = (
        (
            state.feed.name, state.feed.kind, state.known, state.held or "–",
            this.out.time(state.last), _shortly(_outcome(this, state)), _trust(state, sources),
            state.feed.location,
        )
        for state in states
    )  # fmt: skip
    headings = ["Feed", "Kind", "Known", "Held back", "Last pull", "How it went", "Trust", "Where"]
    this.out.table(headings, rows)


def status(name: Name, home: Home = None, lang: LangOption = None, as_json: Json = False) -> None:
    """Show how one feed is doing, and what of it is held back."""
    this = call(home, lang, as_json=as_json)
    store = FeedStore(this.workspace.knowledge)
    state = store.state(name)
    sources = this.workspace.life.sources()
    if as_json:
        this.out.json(_as_json(this, state, sources))
        return
    feed = state.feed
    lines: list[tuple[str, object]] = [
        ("Kind", f"{feed.kind} – {this.out.word(KINDS[feed.kind].about)}"),
        ("Where", feed.location),
        ("Last pull", this.out.time(state.last)),
        ("How it went", _outcome(this, state)),
        ("Due", this.out.time(state.due)),
        ("Failures in a row", state.failures),
        ("Known", state.known),
        ("Held back", state.held),
        ("Trust", _trust(state, sources)),
        ("Marking", feed.tlp or "–"),
    ]
    this.out.table(["Property", "Value"], [(this.out.word(key), value) for key, value in lines])
    if state.waiting:
        this.out.say("{count} items wait to be kept at the next pull.", count=state.waiting)
    if state.held:
        this.out.say("What is held back: noroshi feeds quarantine list {name}", name=name)


def remove(name: Name, home: Home = None, lang: LangOption = None, as_json: Json = False) -> None:
    """Remove a feed; what it brought stays, what is held back goes."""
    this = call(home, lang, as_json=as_json)
    store = FeedStore(this.workspace.knowledge)
    store.state(name)
    with taken(locks(this), name) as mine:
        if not mine:
            raise AppError(f"feed {name} is being pulled just now; try again later")
        store.remove(name)
    if as_json:
        this.out.json({"removed": name})
    else:
        this.out.say("{name} is removed; what it brought stays.", name=name)


def locks(this: Call) -> Path:
    """Return the folder where the locks of feeds lie."""
    return this.workspace.intake / "feeds"


def _outcome(this: Call, state: State) -> str:
    return this.out.plain(state.told) if state.told else "–"


def _shortly(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[:_SHORT].rstrip()} …"


def _trust(state: State, sources: dict[str, Source]) -> str:
    source = sources.get(state.feed.name, Source(state.feed.name))
    return f"{state.feed.reputation} × {source.weight:.0%}"


def _as_json(this: Call, state: State, sources: dict[str, Source]) -> dict[str, Any]:
    feed, source = state.feed, sources.get(state.feed.name, Source(state.feed.name))
    return {
        "name": feed.name, "kind": feed.kind, "location": feed.location, "every": feed.every,
        "tlp": feed.tlp, "reputation": feed.reputation, "weight": round(source.weight, 3),
        "right": source.right, "wrong": source.wrong, "key": feed.key, "due": state.due,
        "last": state.last, "outcome": state.outcome,
        "told": this.out.plain(state.told) if state.told else "", "failures": state.failures,
        "known": state.known, "waiting": state.waiting, "held": state.held,
    }  # fmt: skip


def _seconds(text: str) -> int:
    found = _DURATION.fullmatch(text.strip())
    if not found:
        raise typer.BadParameter(f"{text!r} is no time; write it like 15m, 6h or 1d")
    return int(found[1]) * _UNITS[found[2]]


def _level(text: str) -> str:
    try:
        return Tlp.of(text).word if text else ""
    except ObjectError as error:
        raise typer.BadParameter(str(error)) from error
