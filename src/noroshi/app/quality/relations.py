"""Relations against sentences of our own, labelled before the finder was run on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from noroshi.app.claims import parties
from noroshi.app.quality.labelled import scores
from noroshi.intel.relations import find_relations
from noroshi.intel.text import Document, Knowledge, Names, extract

_NAMES = {
    "threat-actor": (("Kuma Group",),),
    "malpedia": (("RakeLoader",), ("SpadeRAT",)),
    "country": (("Japan", "日本"), ("France", "フランス")),
    "sector": (("Healthcare", "医療"),),
}


def relations() -> dict[str, Any]:
    """Return precision and recall by language and over all; a relation is right as a whole."""
    counts: dict[str, Counter[str]] = {key: Counter() for key in ("en", "ja", "all")}
    knowledge = Knowledge(names=_names())
    for language, sentence, truth in _sentences():
        found = extract(Document("sentence", sentence), knowledge)
        said = {
            (_plain(one.source.value), one.type, _plain(one.target.value))
            for one in find_relations(sentence, parties(found))
        }
        for key in (language, "all"):
            counts[key]["found"] += len(said & truth)
            counts[key]["wrong"] += len(said - truth)
            counts[key]["missed"] += len(truth - said)
    return {
        key: scores(count["found"], count["wrong"], count["missed"])
        for key, count in counts.items()
    }


def _names() -> Names:
    names = Names()
    for kind, entries in _NAMES.items():
        values = [{"value": one, "meta": {"synonyms": also}} for one, *also in entries]
        names.add({"type": kind, "values": values}, kind)
    return names


def _sentences() -> Iterator[tuple[str, str, set[tuple[str, str, str]]]]:
    lines = files("noroshi.app.made_up").joinpath("relations.tsv").read_text("utf-8").splitlines()
    for line in lines[1:]:
        language, sentence, stated = line.split("\t")
        truth = set()
        for one in filter(None, (part.strip() for part in stated.split(";"))):
            source, kind, target = one.split(" > ")
            truth.add((_plain(source), kind, _plain(target)))
        yield language, sentence, truth


def _plain(name: str) -> str:
    """Return the preferred name of an alias, in lower case."""
    for entries in _NAMES.values():
        for spellings in entries:
            if name in spellings:
                return spellings[0].lower()
    return name.lower()
