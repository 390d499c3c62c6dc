"""New objects and indicators against the watchlist: every value they name, every word of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from noroshi.intel.indicators import Indicator
from noroshi.intel.objects import Provenance
from noroshi.intel.objects.artefacts import artefacts
from noroshi.intel.text import Extraction
from noroshi.intel.watch.find import Finder, path
from noroshi.intel.watch.hit import Hit
from noroshi.lang import N_, Message

_TEXTS = ("name", "description", "content", "abstract", "value", "explanation")
_WHOLES = ("report", "note", "grouping")
_NAMED = N_("named in {type} “{name}”, retrieved from {source} by {by}")
_KNOWN = N_("named in {type} “{name}”, known before")
_INDICATOR = N_("{source} names {value} as an indicator")
_QUOTE = 200


def named_in(finder: Finder, items: Sequence[Mapping[str, Any]], said: Provenance) -> Iterator[Hit]:
    """Yield what some objects meet.

    An object that a report among them holds is named in that report, so that a value is told once
    a report and not once an object.
    """
    wholes = _wholes(items)
    values: list[str] = []
    owners: list[int] = []
    for place, item in enumerate(items):
        if item.get("type") == "relationship":
            continue
        for kind, value in artefacts(item):
            if kind == "value":
                values.append(value)
                owners.append(place)
    for found in finder.among(values):
        item = items[owners[found.place]]
        whole = wholes.get(item["id"], item)
        yield _hit(found.entry.number, found.entry.value, values[found.place], found.how,
                   whole, _about(item), said)  # fmt: skip
    if finder.keywords:
        for item in items:
            text = "\n".join(str(item[name]) for name in _TEXTS if isinstance(item.get(name), str))
            whole = wholes.get(item["id"], item)
            for entry, quote in finder.keywords.find(text):
                yield _hit(entry.number, entry.value, entry.value, path(entry, quote), whole,
                           quote, said)  # fmt: skip


def named_by_sources(finder: Finder, indicators: Sequence[Indicator], now: int) -> Iterator[Hit]:
    """Yield what some indicators meet; each value of a source once.

    Args:
        finder: the watchlist.
        indicators: as their sources name them.
        now: µs since 1970 UTC.
    """
    for found in finder.among([one.value for one in indicators]):
        entry, item = found.entry, indicators[found.place]
        yield Hit(entry.number, entry.value, item.value, found.how, _source(item),
                  item.description[:_QUOTE], item.id, now)  # fmt: skip
    if finder.keywords:
        for item in indicators:
            text = "\n".join((item.value, item.description, *item.labels))
            for entry, quote in finder.keywords.find(text):
                yield Hit(entry.number, entry.value, item.value, path(entry, quote),
                          _source(item), quote, item.id, now)  # fmt: skip


def _source(item: Indicator) -> Message:
    return Message(_INDICATOR, {"value": item.value[:200], "source": item.source})


def _wholes(items: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return what holds each object, by its id; a note on a report is part of the report."""
    reports = {item["id"]: item for item in items if item.get("type") == "report"}
    found: dict[str, Mapping[str, Any]] = {}
    for item in items:
        if item.get("type") not in _WHOLES:
            continue
        refs = item.get("object_refs", ())
        about = [reports[ref] for ref in refs if ref in reports]
        if item["type"] == "note" and about:
            found[item["id"]] = about[0]
        else:
            found.update(dict.fromkeys(refs, item))
    return found


def named_in_text(
    finder: Finder, report: str, name: str, found: Extraction, said: Provenance
) -> Iterator[Hit]:
    """Yield what a report's whole text meets, whichever part a value plays in it.

    Args:
        finder: the watchlist.
        report: id of the report's object; what its objects meet as well is the same notification.
        name: its name.
        found: what was read in it.
        said: where it came from.
    """
    whole = {"type": "report", "id": report, "name": name}
    values = {one.value.casefold(): one for one in found.indicators}
    texts = list(values)
    for met in finder.among(texts):
        quote = " ".join(values[texts[met.place]].line.split())[:_QUOTE]
        yield _hit(met.entry.number, met.entry.value, texts[met.place], met.how, whole, quote, said)
    if finder.keywords:
        for entry, quote in finder.keywords.find(found.text):
            yield _hit(
                entry.number, entry.value, entry.value, path(entry, quote), whole, quote, said
            )


def _hit(
    number: int,
    watched: str,
    value: str,
    how: Message,
    whole: Mapping[str, Any],
    quote: str,
    said: Provenance,
) -> Hit:
    name = whole.get("name") or whole.get("abstract") or whole.get("value") or whole["id"]
    origin = Message(
        _NAMED if said.source else _KNOWN,
        {"type": str(whole["type"]), "name": str(name)[:200], "source": said.source, "by": said.by},
    )
    return Hit(number, watched, value, how, origin, quote, str(whole["id"]), said.retrieved)


def _about(item: Mapping[str, Any]) -> str:
    text = item.get("description") or item.get("name") or item.get("value") or ""
    return " ".join(str(text).split())[:_QUOTE]
