"""``noroshi intel show``: all that is known of one object, readable."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from noroshi.app.cli.options import Call, Home, Json, LangOption, call
from noroshi.app.cli.output import Output
from noroshi.app.dossier.dossier import Dossier, Group, dossier
from noroshi.app.dossier.in_lake import Sight
from noroshi.app.dossier.naming import one_object
from noroshi.app.dossier.next_steps import next_steps
from noroshi.intel.objects import Clearance, clock
from noroshi.intel.objects.words import (
    aliases,
    confidence_word,
    kind_word,
    name_of,
    prose,
    verb_word,
)
from noroshi.lang import N_

What = Annotated[str, typer.Argument(help="Id, catalogue id (T1566, CVE-…), value or name.")]
ALL = Clearance.everything()
_FEW = 5
"""Links of a group that are shown unless all are asked for."""
_DATES = (
    ("valid_from", N_("valid from")), ("valid_until", N_("valid until")),
    ("first_seen", N_("first seen")), ("last_seen", N_("last seen")),
    ("published", N_("published")), ("created", N_("written")), ("modified", N_("changed")),
)  # fmt: skip


def register(part: typer.Typer) -> None:
    """Add the command."""
    part.command("show", epilog="Example: noroshi intel show T1566 --json")(show)


def show(
    what: What,
    everything: Annotated[bool, typer.Option("--all", help="Every link, not a few each.")] = False,
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Show what an object is, who says so, what it stands beside, and whether it was seen here."""
    this = call(home, lang, as_json=as_json)
    told = dossier(this.workspace, one_object(this.workspace.objects, what), ALL)
    if as_json:
        this.out.json(_as_json(told, this.out))
        return
    _show_head(told, this.out)
    for group in told.groups:
        _show_group(group, this.out, None if everything else _FEW)
    _show_sightings(this, told)
    this.out.say("What now")
    for step in next_steps(told):
        this.out.say("  - {step}", step=this.out.plain(step))


def _show_head(told: Dossier, out: Output) -> None:
    item = told.object
    out.say("{name} — {kind}", name=name_of(item), kind=out.word(kind_word(item["type"])))
    rows = [(out.word(label), text) for label, text in _facts(told, out) if text]
    out.table(["", ""], rows)


def _facts(told: Dossier, out: Output) -> Iterator[tuple[str, str]]:
    """Yield what a person asks first: label to translate, text."""
    item, source = told.object, told.provenance
    yield N_("Also called"), ", ".join(aliases(item))
    yield N_("About"), prose(item.get("description"), 700)
    yield N_("Pattern"), str(item.get("pattern", ""))
    yield N_("Withdrawn"), out.word("yes, by its author") if item.get("revoked") else ""
    level = told.marking.tlp
    yield N_("May be shared"), level.word if level is not None else out.word("no marking")
    yield N_("Terms"), " ".join(told.marking.statements)[:200]
    yield N_("Author"), told.author
    if source:
        yield N_("Came from"), out.text(
            "{source}, taken in by {by} on {time}; {count} versions",
            source=source.source, by=source.by, time=out.time(source.retrieved),
            count=len(told.versions),
        )  # fmt: skip
    dates = [
        f"{out.word(label)} {out.time(clock.parse(item[key]))}"
        for key, label in _DATES
        if isinstance(item.get(key), str)
    ]
    yield N_("When"), "; ".join(dates)
    confidence = item.get("confidence", source.confidence if source else None)
    if isinstance(confidence, int):
        word = out.word(confidence_word(confidence))
        yield N_("Confidence"), out.text("{word} ({number} of 100)", word=word, number=confidence)
    for value, worth in told.scores:
        yield N_("Worth today"), out.text("{value}: {score} of 100", value=value, score=worth.value)
        for reason in worth.reasons:
            yield "", f"{reason.points:+.1f}  {out.plain(reason.message)}"
    yield N_("Tags"), ", ".join(map(str, item.get("labels", ())))
    yield N_("Id"), item["id"]


def _show_group(group: Group, out: Output, most: int | None) -> None:
    out.say(
        "{verb} {kind} ({count})" if group.exact else "{verb} {kind} ({count}) – a hint, no proof",
        verb=out.word(verb_word(group.verb, forward=group.forward)),
        kind=out.word(kind_word(group.kind)), count=len(group.links),
    )  # fmt: skip
    for link in group.links[:most]:
        line = "    {name}: “{quote}”" if link.quote else "    {name}"
        out.say(line, name=name_of(link.near.object), quote=link.quote)
    if most and len(group.links) > most:
        out.say("    … and {count} more: --all", count=len(group.links) - most)


def _show_sightings(this: Call, told: Dossier) -> None:
    for item in told.sighted:
        this.out.say(
            "Sighted by others {count} times, last on {time}.",
            count=int(item.get("count", 1)),
            time=this.out.time(clock.parse(item.get("last_seen") or item.get("modified"))),
        )
    here = told.here
    if here.values:
        this.out.say(
            "In your own events: {seen} of {count} values.", seen=len(here.sights),
            count=here.values,
        )  # fmt: skip
    show_sights(this.out, here.sights[:20])


def show_sights(out: Output, seen: tuple[Sight, ...]) -> None:
    """Print which values events show, when and where."""
    if seen:
        out.table(
            ["Value", "Events", "First", "Last", "Machines", "Where"],
            (
                (s.value, s.count, out.time(s.first), out.time(s.last),
                 ", ".join(sorted(s.hosts)[:5]), ", ".join(_classes(s)))
                for s in seen
            ),
        )  # fmt: skip


def _classes(sight: Sight) -> list[str]:
    return sorted({name.partition(".")[0] for name in sight.columns})


def sight_json(sight: Sight) -> dict[str, Any]:
    """Return a value in our events, for scripts."""
    return {
        "value": sight.value, "count": sight.count, "first": sight.first, "last": sight.last,
        "hosts": sorted(sight.hosts), "columns": sorted(sight.columns),
        "event_ids": sight.event_ids,
    }  # fmt: skip


def _as_json(told: Dossier, out: Output) -> dict[str, Any]:
    source = told.provenance
    provenance = (
        {"source": source.source, "retrieved": source.retrieved, "by": source.by} if source else {}
    )
    return {
        "object": told.object, "versions": list(told.versions), "provenance": provenance,
        "name": name_of(told.object), "aliases": aliases(told.object), "author": told.author,
        "tlp": told.marking.tlp.word if told.marking.tlp is not None else None,
        "scores": [
            {"value": value, "score": worth.value,
             "reasons": [{"points": r.points, "why": out.plain(r.message)} for r in worth.reasons]}
            for value, worth in told.scores
        ],
        "groups": [
            {"verb": group.verb, "forward": group.forward, "type": group.kind,
             "exact": group.exact, "links": [
                 {"id": link.near.id, "name": name_of(link.near.object), "quote": link.quote,
                  "why": link.near.why} for link in group.links]}
            for group in told.groups
        ],
        "sighted": list(told.sighted),
        "here": {
            "values": told.here.values, "sights": [sight_json(one) for one in told.here.sights],
            "findings": [finding.id for finding in told.here.findings],
            "cases": [case.id for case in told.here.cases],
        },
        "next": [out.plain(step) for step in next_steps(told)],
    }  # fmt: skip
