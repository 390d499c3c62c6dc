"""Which part values play, against sentences of our own, labelled before the judge was run on them.

One half (``dev``) was read and its general mistakes were mended; the other (``test``) was only ever
counted. Besides accuracy it is counted how often something that is none is called an indicator:
that blocks a victim's site.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from typing import Any, NamedTuple

from noroshi.app.quality.labelled import scores
from noroshi.intel.packs import PackKind, builtin_packs
from noroshi.intel.text import Document, Knowledge, extract
from noroshi.intel.text.extraction import Role
from noroshi.intel.warning_lists import WarningLists


class Labelled(NamedTuple):
    """A sentence, a value in it (``type:value``) and the part that the value plays."""

    language: str
    half: str
    role: str
    value: str
    sentence: str


def roles() -> dict[str, Any]:
    """Return accuracy and what is called an indicator, by language and half."""
    knowledge = Knowledge(lists=_lists())
    counts: dict[str, Counter[str]] = {}
    for one in labelled():
        said = said_role(one, knowledge)
        for key in (f"{one.half}_{one.language}", one.half):
            count = counts.setdefault(key, Counter())
            count["all"] += 1
            count["right"] += said == one.role
            armed, real = said == Role.INDICATOR.value, one.role == Role.INDICATOR.value
            count["found"] += armed and real
            count["wrong"] += armed and not real
            count["missed"] += real and not armed
    return {
        key: {
            "accuracy": round(count["right"] / count["all"], 3),
            "values": count["all"],
            "called_indicator": scores(count["found"], count["wrong"], count["missed"]),
        }
        for key, count in sorted(counts.items())
    }


def said_role(one: Labelled, knowledge: Knowledge) -> str:
    """Return the part that extraction gives the value; ``not found`` where it sees no such one."""
    for item in extract(Document("sentence", one.sentence), knowledge).indicators:
        if f"{item.type.value}:{item.value}" == one.value:
            return item.context.value
    return "not found"


def labelled() -> Iterator[Labelled]:
    """Yield the sentences."""
    text = files("noroshi.app.made_up").joinpath("roles.tsv").read_text("utf-8")
    for line in text.splitlines():
        language, half, role, value, sentence = line.split("\t")
        yield Labelled(language, half, role, value, sentence)


def _lists() -> WarningLists:
    packs = [pack for pack in builtin_packs() if pack.manifest.kind is PackKind.WARNING_LISTS]
    return WarningLists.load(path for pack in packs for path in pack.files(".json"))
