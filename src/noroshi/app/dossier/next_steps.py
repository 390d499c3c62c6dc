"""What an analyst does next about an object, most urgent first, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from noroshi.app.dossier.dossier import Dossier
from noroshi.intel.objects.words import catalogue_ids, name_of
from noroshi.lang import N_, Message

_STALE = 20.0
"""A worth below which an indicator says little; see :mod:`noroshi.intel.life`."""

_ACTORS = frozenset(("intrusion-set", "threat-actor", "campaign", "malware", "tool"))


def next_steps(told: Dossier) -> Iterator[Message]:
    """Yield what to do about an object."""
    if told.object.get("revoked"):
        yield _revoked(told)
    yield from _seen_here(told)
    kind = told.object["type"]
    if kind == "indicator":
        yield from _of_indicator(told)
    elif kind == "attack-pattern":
        yield from _of_technique(told)
    elif kind == "vulnerability":
        yield _say(
            N_("Ask which of your products have {name}: noroshi intel relevant with your profile; "
               "patch or shield those first."),
            name=name_of(told.object),
        )  # fmt: skip
    elif kind in _ACTORS:
        yield from _of_actor(told)


def _seen_here(told: Dossier) -> Iterator[Message]:
    here = told.here
    values = ", ".join(sight.value for sight in here.sights[:3])
    if here.sights:
        hosts = sorted({host for sight in here.sights for host in sight.hosts})
        yield _say(
            N_("Your own events show {values}, on {hosts}: treat it as an incident until it is "
               "clear. The events: noroshi intel pivot --lake {value}"),
            values=values, hosts=", ".join(hosts[:5]) or "?", value=here.sights[0].value,
        )  # fmt: skip
    if here.cases:
        yield _say(
            N_("Cases of yours that rest on it: {count}; the first: noroshi case show {case}"),
            count=len(here.cases), case=here.cases[0].id[:8],
        )  # fmt: skip
    elif here.sights:
        yield _say(
            N_("No case rests on it yet: noroshi detect --rescan compares old events with it."),
        )
    elif here.values:
        yield _say(
            N_("None of its {count} values was seen here so far. That proves nothing where no "
               "sensor looks."),
            count=here.values,
        )  # fmt: skip


def _of_indicator(told: Dossier) -> Iterator[Message]:
    if not told.scores:
        yield _say(N_("It is not compared with events: its pattern names no value that can be."))
    for value, worth in told.scores:
        if worth.value < _STALE:
            yield _say(
                N_("{value} is worth {score} of 100 today: good for looking back, too little to "
                   "block on. Why: noroshi indicators score {value}"),
                value=value, score=round(worth.value),
            )  # fmt: skip
        elif not told.here.sights:
            yield _say(
                N_("New events are compared with {value}. To block it as well: noroshi intel "
                   "formats lists the block lists."),
                value=value,
            )  # fmt: skip


def _of_technique(told: Dossier) -> Iterator[Message]:
    if told.here.findings:
        yield _say(
            N_("Findings of yours that show this technique: {count}."),
            count=len(told.here.findings),
        )
    else:
        yield _say(
            N_("None of your findings shows this technique. Which rules look for it: noroshi "
               "rules list"),
        )  # fmt: skip


def _of_actor(told: Dossier) -> Iterator[Message]:
    if told.techniques:
        shown = [name_of(item) for item in told.techniques if _is_shown(item, told)]
        template = (
            N_(
                "It is known for {count} techniques; findings of yours show {shown} of them: "
                "{names}."
            )
            if shown
            else N_("It is known for {count} techniques; no finding of yours shows one of them.")
        )
        yield _say(
            template, count=len(told.techniques), shown=len(shown), names=", ".join(shown[:5])
        )
    if not told.here.values:
        yield _say(
            N_("No indicator points to it here. A report about it may hold some: noroshi intel "
               "extract, then noroshi intel relevant --arm"),
        )  # fmt: skip


def _is_shown(item: Mapping[str, Any], told: Dossier) -> bool:
    ids = {name.upper() for name in catalogue_ids(item)}
    return any(name in ids or name.partition(".")[0] in ids for name in told.here.techniques)


def _revoked(told: Dossier) -> Message:
    heirs = [
        name_of(link.near.object)
        for group in told.groups
        if group.verb == "revoked-by" and group.forward
        for link in group.links
    ]
    if heirs:
        return _say(N_("Its author has withdrawn it; use {name} instead."), name=heirs[0])
    return _say(N_("Its author has withdrawn it: act on nothing that rests on it alone."))


def _say(template: str, **params: str | int) -> Message:
    return Message(template, params)
