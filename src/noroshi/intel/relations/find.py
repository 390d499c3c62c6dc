"""Finding relations: two things in one sentence, and the words that join them.

Each pair is judged by the shapes of English and Japanese sentences; what is said of one
thing of a list ("Rake, Spade and Trowel") is said of all. A sentence that denies it or makes it a
condition states nothing; one that hedges counts half. Every relation carries the stretch that
states it, from the first of the two names to the end of the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from noroshi.intel.attack_text import Span, sentences
from noroshi.intel.relations import headings
from noroshi.intel.relations.cues import ATTACKERS
from noroshi.intel.relations.judge import Verdict, confidence, denied, judged
from noroshi.intel.relations.parties import Party, Place, stand_ins

FARTHEST = 160
"""Characters between two things that are still read together."""
_NEAR_MEANT = 80
"""Characters between a word that means somebody and the thing."""
_MOST_THINGS = 40
"""Things in a sentence that are paired; a longer one is a list, not prose."""
_JOINED = re.compile(
    r"[\"”’'*」』)）\]]*\s*"
    r"(?:,? (?:and|or)|,|、|/|&|と|や|および|及び|ならびに|・|,? as well as)\s*"
    r"(?:the |a |an )?[\"“\u2018'*「『(（\[]*"
)
_PREDICATE = re.compile(
    r"\s+(?:is|are|was|were|has|have|had|can|will|also|then|does|did|do|which|who"
    r"|(?:use|target|drop|deliver|download|exploit|attack|install|load|connect|deploy)s?)\b"
)
"""What follows a thing that begins a clause of its own and ends no list."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation and the words that state it.

    Attributes:
        type: STIX's word.
        source: who does it.
        target: to whom or what.
        span: from the first of the two to the end of the words, in the text.
        quote: the text at the span.
        confidence: 0 to 1.
    """

    type: str
    source: Party
    target: Party
    span: Span
    quote: str
    confidence: float


def find_relations(text: str, parties: Iterable[Party]) -> Iterator[Relation]:
    """Yield the relations between things found in a text, in its order, each once a sentence.

    Args:
        text: the whole text.
        parties: names and values with their spans in it, in any order.
    """
    waiting = sorted(parties, key=lambda party: (party.span.start, -party.span.end))
    heading: headings.Heading | None = None
    at = 0
    for sentence in sentences(text):
        while at < len(waiting) and waiting[at].span.start < sentence.start:
            at += 1
        inside: list[Place] = []
        while at < len(waiting) and waiting[at].span.start < sentence.end:
            if not inside or waiting[at].span.start >= inside[-1].span.end:
                inside.append(Place(waiting[at], waiting[at].span))
            at += 1
        heading = headings.over(text, sentence, inside, heading)
        if heading and heading.sentence != sentence:
            under = headings.stated(text, sentence, inside, heading)
            yield from (_relation(text, sentence, verdict) for verdict in under)
        if 1 <= len(inside) <= _MOST_THINGS:
            meant = stand_ins(text, sentence, waiting[max(0, at - _MOST_THINGS) : at])
            yield from _in_sentence(text, sentence, _together(inside, meant))


def _together(named: Sequence[Place], meant: Iterable[Place]) -> list[Place]:
    taken = [place.span for place in named]
    free = [
        place
        for place in meant
        if all(place.span.end <= start or end <= place.span.start for start, end in taken)
    ]
    return sorted([*named, *free], key=lambda place: place.span)


def _in_sentence(text: str, sentence: Span, places: Sequence[Place]) -> Iterator[Relation]:
    seen: set[tuple[str, str, str]] = set()
    for verdict in _verdicts(text, sentence, places):
        source, target = verdict.source.party.value, verdict.target.party.value
        key = (source, verdict.kind.name, target)
        if source != target and key not in seen and not denied(text, sentence, verdict.told):
            seen.add(key)
            yield _relation(text, sentence, verdict)


def _verdicts(text: str, sentence: Span, places: Sequence[Place]) -> Iterator[Verdict]:
    for number, first in enumerate(places):
        for other, second in enumerate(places[number + 1 :], number + 1):
            gap = second.span.start - first.span.end
            if gap > FARTHEST:
                break
            if not first.named and (gap > _NEAR_MEANT or _interrupted(places[number + 1 : other])):
                continue
            if verdict := judged(text, sentence, first, second):
                at, least = (other, number + 1) if verdict.target is second else (number, 0)
                for one in _listed(text, places, at, least):
                    told = verdict.told
                    told = Span(min(told.start, one.span.start), max(told.end, one.span.end))
                    yield verdict._replace(target=one, told=told)


def _relation(text: str, sentence: Span, verdict: Verdict) -> Relation:
    source, target = verdict.source.party, verdict.target.party
    span = Span(min(verdict.told.start, source.span.start), verdict.told.end)
    sure = confidence(text, sentence, verdict)
    return Relation(verdict.kind.name, source, target, span, text[span.start : span.end], sure)


def _interrupted(between: Sequence[Place]) -> bool:
    """Whether somebody else who may do it is named after a word that means somebody."""
    return any(place.party.type in ATTACKERS for place in between)


def _listed(text: str, places: Sequence[Place], target: int, least: int) -> Iterator[Place]:
    """Yield the thing that something is done to, and those that stand in one list with it.

    Args:
        text: the whole text.
        places: the sentence's things.
        target: the one.
        least: the first that may be in the list.
    """
    yield places[target]
    for step in (1, -1):
        at = target + step
        while least <= at < len(places) and _joined(text, places, at, at - step):
            if step > 0 and _PREDICATE.match(text, places[at].span.end):
                break
            yield places[at]
            at += step


def _joined(text: str, places: Sequence[Place], one: int, other: int) -> bool:
    left, right = sorted((places[one], places[other]), key=lambda place: place.span)
    gap = text[left.span.end : right.span.start]
    return left.party.type == right.party.type and bool(_JOINED.fullmatch(gap))
