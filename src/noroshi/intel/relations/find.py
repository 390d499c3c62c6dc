"""Finding relations: two things in one sentence, and between them the words that join them.

English puts the words between the two (``Kuma uses Rake``, ``Rake, used by Kuma``), Japanese after
the second (``KumaはRakeを使用した``). A sentence that denies it states nothing; one that hedges
counts half. Every relation carries the stretch that states it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from noroshi.intel.attack_text import Span, sentences
from noroshi.intel.relations.cues import DENIED, DENIED_JA, HEDGED, HEDGED_JA, KINDS, Kind

FARTHEST = 160
"""Characters between two things that are still read together."""
_AFTER = 40
"""Characters after the second thing in which Japanese words are looked for."""
_BEFORE = 30
"""Characters before the first thing in which a denial is looked for."""
_MOST_THINGS = 40
"""Things in a sentence that are paired; a longer one is a list, not prose."""
_PLAIN, _PASSIVE, _HEDGE = 0.85, 0.8, 0.5
_NEAR = 60
_NO_VERB = re.compile(
    r"(?:['’]s?|\b(?:such|these|those|this|the|an?|its|their|of|in|on|or|via|through|from"
    r"|recent|other|by|uses?|used|using|legitimate|with|any))\s*$",
    re.IGNORECASE,
)
"""What stands before a word that looks like a verb and is none."""
_CLAUSE = re.compile(
    r"[;:]|^ (?:with|in)\b|\b(?:which|who|whose|because|while|although|but)\b", re.IGNORECASE
)
_JAPANESE = re.compile("[\u3041-\u30ff\u4e00-\u9fff]")


class Party(NamedTuple):
    """One side of a relation: what kind of thing, which, and where it stands in the text."""

    type: str
    value: str
    span: Span


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
    """Yield the relations between things found in a text, in its order, each pair once a sentence.

    Args:
        text: the whole text.
        parties: names and values with their spans in it, in any order.
    """
    waiting = sorted(parties, key=lambda party: (party.span.start, -party.span.end))
    at = 0
    for sentence in sentences(text):
        while at < len(waiting) and waiting[at].span.start < sentence.start:
            at += 1
        inside: list[Party] = []
        while at < len(waiting) and waiting[at].span.start < sentence.end:
            if not inside or waiting[at].span.start >= inside[-1].span.end:
                inside.append(waiting[at])
            at += 1
        if 2 <= len(inside) <= _MOST_THINGS:
            yield from _in_sentence(text, sentence, inside)


def _in_sentence(text: str, sentence: Span, parties: Sequence[Party]) -> Iterator[Relation]:
    for number, first in enumerate(parties):
        for second in parties[number + 1 :]:
            gap = second.span.start - first.span.end
            if gap > FARTHEST:
                break
            if first.value != second.value:
                found = _between(text, sentence, first, second)
                if found:
                    yield found


def _between(text: str, sentence: Span, first: Party, second: Party) -> Relation | None:
    middle = text[first.span.end : second.span.start]
    after = text[second.span.end : min(sentence.end, second.span.end + _AFTER)]
    for kind, active, passive, japanese in _patterns():
        forward = first.type in kind.sources and second.type in kind.targets
        backward = first.type in kind.targets and second.type in kind.sources
        if forward and not passive.search(middle) and _near(active, middle):
            return _made(text, sentence, kind, (first, second), second.span.end, _PLAIN)
        if backward and passive.search(middle):
            return _made(text, sentence, kind, (second, first), second.span.end, _PASSIVE)
        found = japanese.match(after) if forward and _JAPANESE.search(after) else None
        if found and _subject(middle):
            end = second.span.end + found.end()
            return _made(text, sentence, kind, (first, second), end, _PLAIN)
    return None


def _near(active: re.Pattern[str], middle: str) -> bool:
    """Whether the last verb stands near enough to what it governs, in the same clause.

    ``its targets`` is a noun, ``via compromised servers`` an adjective, ``used with`` something
    else: no verb.
    """
    verbs = [
        v
        for v in active.finditer(middle)
        if not _NO_VERB.search(middle, 0, v.start()) or v.group().endswith("ing")
    ]
    if not verbs or len(middle) - verbs[-1].end() > _NEAR:
        return False
    return not _CLAUSE.search(middle, verbs[-1].end())


def _subject(middle: str) -> bool:
    """Whether the first of two Japanese things is marked as who does it."""
    return re.match(r"[^、。]{0,20}(?:は|が|による|の攻撃者|も)", middle) is not None


def _made(
    text: str, sentence: Span, kind: Kind, pair: tuple[Party, Party], end: int, base: float
) -> Relation | None:
    start = min(pair[0].span.start, pair[1].span.start)
    stated = text[start:end]
    japanese = _JAPANESE.search(stated)
    if re.search(DENIED, text[max(sentence.start, start - _BEFORE) : end], re.IGNORECASE):
        return None
    tail = text[end : min(sentence.end, end + _AFTER)]
    if japanese and re.search(DENIED_JA, tail):
        return None
    hedged = re.search(HEDGED, text[sentence.start : end], re.IGNORECASE) or (
        japanese and re.search(HEDGED_JA, tail)
    )
    confidence = _HEDGE if hedged else base - (0.15 if len(stated) > 2 * _NEAR else 0.0)
    return Relation(kind.name, *pair, Span(start, end), stated, round(confidence, 2))


@cache
def _patterns() -> tuple[tuple[Kind, re.Pattern[str], re.Pattern[str], re.Pattern[str]], ...]:
    return tuple(
        (
            kind,
            re.compile(kind.active, re.IGNORECASE),
            re.compile(kind.passive, re.IGNORECASE),
            re.compile(kind.japanese),
        )
        for kind in KINDS
    )
