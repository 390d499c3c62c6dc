"""What can stand in a relation, named or meant by a word such as "the group"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from noroshi.intel.attack_text import Span

_FARTHEST = 400
"""Characters back to the name that a word such as "the group" stands for."""
_STANDS_FOR = {
    "actor": re.compile(
        r"\b(?:the|this) (?:(?:threat|espionage|ransomware|hacking|APT|same) )?"
        r"(?:groups?|gang|actors?|attackers?|adversary|crew|operators)\b(?! of\b)"
        r"|(?:同|この|当該)(?:攻撃)?(?:グループ|組織|攻撃者|集団)",
        re.IGNORECASE,
    ),
    "malware": re.compile(
        r"\b(?:the|this) (?:same )?(?:malware|backdoor|trojan|ransomware|loader|implant|RAT|stealer"
        r"|botnet|dropper|downloader|worm|bot)\b(?! of\b)|\bit\b(?= (?:then |also |\w+ly )?\w+s\b)"
        r"|(?:同|この|当該|本)(?:マルウェア|バックドア|ローダー?|RAT|検体|ランサムウェア)",
        re.IGNORECASE,
    ),
}


class Party(NamedTuple):
    """One side of a relation: what kind of thing, which, and where it stands in the text."""

    type: str
    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sentence tells of a party: by its name, or by a word that means it."""

    party: Party
    span: Span

    @property
    def named(self) -> bool:
        """Whether the name itself stands there."""
        return self.span == self.party.span


def stand_ins(text: str, sentence: Span, before: Sequence[Party]) -> Iterator[Place]:
    """Yield the words of a sentence that mean somebody named shortly before.

    The name is the nearest of its kind in the paragraph; where the sentence that names it names
    two, nobody can say which is meant, and nothing is yielded.

    Args:
        text: the whole text.
        sentence: the one that is read.
        before: the things named before and in it, in order.
    """
    for kind, words in _STANDS_FOR.items():
        for found in words.finditer(text, sentence.start, sentence.end):
            meant = _meant(text, kind, found.start(), before)
            if meant:
                yield Place(meant, Span(found.start(), found.end()))


def _meant(text: str, kind: str, at: int, before: Sequence[Party]) -> Party | None:
    near: Party | None = None
    for party in reversed(before):
        if party.span.end > at or party.type != kind:
            continue
        if near is None:
            if at - party.span.end > _FARTHEST or "\n\n" in text[party.span.end : at]:
                return None
            near = party
        elif _one_sentence(text, party.span.end, near.span.start):
            if party.value != near.value:
                return None
        else:
            break
    return near


def _one_sentence(text: str, start: int, end: int) -> bool:
    return re.search(r"[.!?。]\s|。|\n", text[start:end]) is None
