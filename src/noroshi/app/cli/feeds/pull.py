"""``noroshi feeds pull``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from noroshi.app.cli.feeds.settings import locks
from noroshi.app.cli.options import Call, Home, Json, LangOption, call
from noroshi.app.cli.watch import say_open
from noroshi.app.errors import AppError
from noroshi.app.feeds import key_of, puller
from noroshi.collect.feeds import BUSY, FeedStore, Pulled, State, pull_all
from noroshi.lang import Message


def register(part: typer.Typer) -> None:
    """Add the command."""
    part.command("pull", epilog="Example: noroshi feeds pull --due   (every few minutes, by cron)")(
        pull
    )


def pull(
    names: Annotated[
        list[str] | None, typer.Argument(help="Names of feeds; without any, all of them.")
    ] = None,
    due: Annotated[
        bool, typer.Option("--due", help="Only those whose time has come; back-off is kept.")
    ] = False,
    at_once: Annotated[
        int, typer.Option("--at-once", min=1, max=32, help="So many feeds side by side.")
    ] = 4,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would be asked of whom.")
    ] = False,
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> int:
    """Pull feeds: what is new is checked, kept, and held against the watchlist at once.

    A feed that fails does not stop the others; the exit code is 1 then.
    """
    this = call(home, lang, as_json=as_json)
    store = FeedStore(this.workspace.knowledge)
    states = _chosen(store, names or [], due=due)
    if dry_run:
        _show_plan(this, states)
        return 0
    keys: dict[str, str] = {}
    answers: list[Pulled] = []
    for state in states:
        try:
            keys[state.feed.name] = key_of(state.feed)
        except AppError as error:
            why = Message("{error}", {"error": str(error)})
            answers.append(Pulled(state.feed.name, "failed", why))
    pulls = puller(this.workspace, store)
    done = pull_all(list(keys), lambda name: pulls.pull(name, keys[name]), locks(this), at_once)
    for one in [*answers]:
        _show(this, one)
    for one in done:
        answers.append(one)
        _show(this, one)
    if as_json:
        this.out.json([_as_json(this, one) for one in sorted(answers, key=lambda one: one.name)])
    else:
        if not answers:
            this.out.say("No feed is due." if due else "No feeds yet: noroshi feeds add --help")
        say_open(this)
    return int(any(one.outcome == "failed" for one in answers))


def _chosen(store: FeedStore, names: list[str], *, due: bool) -> list[State]:
    states = [store.state(name) for name in dict.fromkeys(names)] if names else store.states()
    return [state for state in states if not due or state.due <= store.now()]


def _show_plan(this: Call, states: list[State]) -> None:
    plans = [
        {
            "name": state.feed.name, "kind": state.feed.kind, "location": state.feed.location,
            "leaves": state.feed.is_remote, "key": state.feed.key,
        }
        for state in states
    ]  # fmt: skip
    if this.out.as_json:
        this.out.json(plans)
        return
    for plan in plans:
        this.out.say(
            (
                "{name}: would ask {location} (with the key in {key})"
                if plan["key"]
                else "{name}: would ask {location}"
            )
            if plan["leaves"]
            else "{name}: would read {location}; nothing leaves this machine",
            name=str(plan["name"]), location=str(plan["location"]), key=str(plan["key"]),
        )  # fmt: skip


def _show(this: Call, one: Pulled) -> None:
    if this.out.as_json:
        return
    told = this.out.plain(one.told)
    if one.outcome in ("failed", BUSY):
        this.out.warn("{name}: {told}", name=one.name, told=told)
    else:
        this.out.say("{name}: {told}", name=one.name, told=told)
    if one.refused:
        this.out.warn("  {count} entries were not understood, such as:", count=one.refused)
        for entry, reason in one.problems[:3]:
            this.out.warn("    {value}: {reason}", value=entry, reason=reason)
    if one.held:
        this.out.say("  Look at what is held back: noroshi feeds quarantine list {name}",
                     name=one.name)  # fmt: skip


def _as_json(this: Call, one: Pulled) -> dict[str, Any]:
    return {
        "name": one.name, "outcome": one.outcome, "told": this.out.plain(one.told), "new": one.new,
        "held": one.held, "entries": one.entries, "refused": one.refused,
        "repeated": one.repeated,
        "problems": [{"entry": entry, "reason": reason} for entry, reason in one.problems],
        "bytes": one.size, "due": one.due,
    }  # fmt: skip
