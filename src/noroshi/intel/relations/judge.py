"""Whether two things stand in a relation, and whether a sentence denies or hedges it."""

from __future__ import annotations

import re
from typing import NamedTuple

from noroshi.intel.attack_text import Span
from noroshi.intel.relations import english, japanese
from noroshi.intel.relations.context import Context, Words
from noroshi.intel.relations.cues import (
    DENIED,
    DENIED_AFTER,
    DENIED_JA,
    HEDGED,
    HEDGED_JA,
    KINDS,
    PROGRAMS,
    Kind,
)
from noroshi.intel.relations.parties import Place

AFTER = 40
"""Characters after the second thing in which words are looked for."""
_BEFORE = 30
"""Characters before the first thing in which a denial is looked for."""
_LONG = 120
"""Characters; a longer stretch is less sure."""
_PLAIN, _PASSIVE, _MEANT, _DEED, _HEDGE = 0.85, 0.8, 0.7, 0.6, 0.5
_JAPANESE = re.compile("[\u3041-\u30ff\u4e00-\u9fff]")


class Verdict(NamedTuple):
    """What two places state: the relation, who does it, to what, where, and how surely."""

    kind: Kind
    source: Place
    target: Place
    told: Span
    sure: bool = True


def judged(text: str, sentence: Span, first: Place, second: Place) -> Verdict | None:
    """Return what a sentence states of two of its things, the earlier one first."""
    if first.party.value == second.party.value or not (first.named or second.named):
        return None
    around = Context(
        text[max(sentence.start, first.span.start - _BEFORE) : first.span.start],
        text[first.span.end : second.span.start],
        text[second.span.end : min(sentence.end, second.span.end + AFTER)],
        first.party.type,
    )
    for kind in KINDS:
        if fits(kind, first, second):
            words = english.forward(kind, around) or japanese.forward(kind, around)
            if words is not None:
                return Verdict(kind, first, second, _stretch(first, second, words))
        if fits(kind, second, first):
            words = english.backward(kind, around) or japanese.backward(kind, around)
            if words is not None:
                return Verdict(kind, second, first, _stretch(first, second, words))
    if first.party.type == "actor" and second.party.type in PROGRAMS and english.did_with(around):
        return Verdict(KINDS[0], first, second, _stretch(first, second, Words()), sure=False)
    return None


def fits(kind: Kind, source: Place, target: Place) -> bool:
    """Whether the two can stand in it; only who does it may be meant and not named."""
    return source.party.type in kind.sources and target.party.type in kind.targets and target.named


def _stretch(first: Place, second: Place, words: Words) -> Span:
    return Span(first.span.start - words.back, second.span.end + words.ahead)


def denied(text: str, sentence: Span, told: Span) -> bool:
    """Whether the sentence denies what a stretch of it states, or makes it a condition."""
    stretch = text[max(sentence.start, told.start - _BEFORE) : told.end]
    tail = text[told.end : min(sentence.end, told.end + AFTER)]
    if re.search(DENIED, stretch, re.IGNORECASE) or re.search(DENIED_AFTER, tail, re.IGNORECASE):
        return True
    return _JAPANESE.search(stretch + tail) is not None and bool(re.search(DENIED_JA, tail))


def confidence(text: str, sentence: Span, verdict: Verdict) -> float:
    """Return how sure it is, 0 to 1: half where the sentence hedges."""
    told = verdict.told
    tail = text[told.end : min(sentence.end, told.end + AFTER)]
    hedged = re.search(HEDGED, text[sentence.start : told.end], re.IGNORECASE) or (
        _JAPANESE.search(text[told.start : told.end]) and re.search(HEDGED_JA, tail)
    )
    if hedged:
        return _HEDGE
    if not verdict.sure:
        return _DEED
    if not verdict.source.named:
        return _MEANT
    base = _PLAIN if verdict.source.span < verdict.target.span else _PASSIVE
    return round(base - (0.15 if told.end - told.start > _LONG else 0.0), 2)
