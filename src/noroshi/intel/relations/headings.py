"""Lists under a line that says what stands in them: ``Tools used by Kuma:`` and its items."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from noroshi.intel.attack_text import Span
from noroshi.intel.relations import english, japanese
from noroshi.intel.relations.context import Context
from noroshi.intel.relations.cues import ATTACKERS, KINDS, Kind
from noroshi.intel.relations.judge import Verdict, denied, fits
from noroshi.intel.relations.parties import Place

_LONGEST = 600
"""Characters from the line to an item that still belongs to it."""
_ITEM = re.compile(r"\n\s*(?:[-*•・+●■]|\d{1,2}[.)])[ \t　]*[\"'`*_「『]*$")
_BULLET_ROOM = 12
_FIRST = 4
"""Characters of an item before the thing that it is about."""
_REST = 12


class Heading(NamedTuple):
    """A line that ends in a colon and names one that does something."""

    sentence: Span
    source: Place


def over(
    text: str, sentence: Span, places: Sequence[Place], before: Heading | None
) -> Heading | None:
    """Return the line that a sentence stands under, or begins to be."""
    if text[sentence.start : sentence.end].rstrip().endswith((":", "：")):
        sources = [place for place in places if place.party.type in ATTACKERS]
        return Heading(sentence, sources[0]) if len(sources) == 1 else None
    near = before and sentence.end - before.sentence.start <= _LONGEST
    lead = text[max(0, sentence.start - _BULLET_ROOM) : sentence.start]
    return before if near and _ITEM.search(lead) else None


def stated(text: str, item: Span, places: Sequence[Place], heading: Heading) -> Iterator[Verdict]:
    """Yield what the line says of the first thing of an item."""
    if not places or places[0].span.start - item.start > _FIRST:
        return
    target, source = places[0], heading.source
    told = Span(heading.sentence.start, target.span.end)
    if source.party.value == target.party.value or denied(text, heading.sentence, told):
        return
    for kind in KINDS:
        if fits(kind, source, target) and _says(text, heading, kind):
            yield Verdict(kind, source, target, told)
            return


def _says(text: str, heading: Heading, kind: Kind) -> bool:
    line, source = heading.sentence, heading.source
    lead = text[line.start : source.span.start]
    rest = text[source.span.end : line.end].rstrip().rstrip(":：")
    for middle in (f"{rest} ", f"{rest}: "):
        if english.forward(kind, Context("", middle, "", source.party.type)):
            return True
    if japanese.forward(kind, Context("", rest, "")):
        return True
    return len(rest) <= _REST and english.backward(kind, Context("", lead, "")) is not None
