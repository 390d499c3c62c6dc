"""Relations against sentences of our own: a half to mend the finder on, and one only counted."""

from __future__ import annotations

from collections import Counter, defaultdict
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


def relations(name: str = "relations") -> dict[str, Any]:
    """Return precision and recall by language, by relation in it, and over all.

    A relation is right as a whole.

    Args:
        name: ``relations``, labelled before the finder was run on them and only counted since, or
            ``relations_development``.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    knowledge = Knowledge(names=_names())
    for language, sentence, truth in _sentences(name):
        found = extract(Document("sentence", sentence), knowledge)
        said = {
            (_plain(one.source.value), one.type, _plain(one.target.value))
            for one in find_relations(sentence, parties(found))
        }
        for verdict, which in (
            ("found", said & truth),
            ("wrong", said - truth),
            ("missed", truth - said),
        ):
            for _, kind, _ in which:
                for key in (language, f"{language} {kind}", "all"):
                    counts[key][verdict] += 1
    return {
        key: scores(count["found"], count["wrong"], count["missed"])
        for key, count in sorted(counts.items())
    }


def _names() -> Names:
    names = Names()
    for kind, entries in _NAMES.items():
        values = [{"value": one, "meta": {"synonyms": also}} for one, *also in entries]
        names.add({"type": kind, "values": values}, kind)
    return names


def _sentences(name: str) -> Iterator[tuple[str, str, set[tuple[str, str, str]]]]:
    text = files("noroshi.app.made_up").joinpath(f"{name}.tsv").read_text("utf-8")
    for line in text.splitlines()[1:]:
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
