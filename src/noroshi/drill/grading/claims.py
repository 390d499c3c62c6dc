"""Factual claims in a report, each held against what happened and what the evidence shows.

A claim is a mention that can be checked: a machine, an account, an address, a name, a digest, or a
time beside one of them. What cannot be checked is not judged, so plain words cost nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from noroshi.drill.clock import MINUTE, local
from noroshi.drill.exercise.outcome import StepFact
from noroshi.drill.grading.attempt import Attempt
from noroshi.drill.grading.moments import moments
from noroshi.lang import N_, Message

_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:\\$-]{1,253}[A-Za-z0-9$]")
_MACHINE = re.compile(r"[A-Z]{2,12}-?\d{2,4}")
_IPV4 = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_DIGEST = re.compile(r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}")
_DOMAIN = re.compile(r"(?:[a-z0-9_-]+\.)+(?:example|test|invalid)")
_HARMED = re.compile(
    r"感染|侵害|侵入|暗号化|乗っ取|窃取|漏え|漏洩|不正|マルウェア|"
    r"infect|compromis|encrypt|stolen|taken over|malware|intru|leak", re.IGNORECASE
)  # fmt: skip
_DENIED = re.compile(
    r"ない|なし|なかった|ません|確認されず|未感染|\bno\b|\bnot\b|n't\b|without|\bnone\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[。．！？!?])|(?<=\.)\s|\n")
_CLOSE = 10 * MINUTE


class Verdict(StrEnum):
    """What came of checking a claim."""

    RIGHT = "right"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Claim:
    """A mention that was checked, with the sentence it stands in and the reason."""

    mention: str
    sentence: str
    verdict: Verdict
    reason: Message


def claims(attempt: Attempt, text: str) -> list[Claim]:
    """Return every claim of a text that could be checked, each mention of a sentence once."""
    checker = _Checker(attempt)
    found: list[Claim] = []
    for sentence in filter(None, (part.strip() for part in _SENTENCE.split(text))):
        found += checker.sentence(sentence)
    return found


class _Checker:
    """Checks mentions against what happened, and what would have without the team's measures."""

    def __init__(self, attempt: Attempt) -> None:
        self._attempt = attempt
        self._steps = (*attempt.steps, *attempt.untouched.done(attempt.now))
        outcome = attempt.outcome
        self._hosts = {name.casefold(): name for name in outcome.hosts}
        self._addresses = {host.ip for host in outcome.hosts.values()}
        self._accounts = {name.casefold() for name in outcome.accounts}
        names = [*attempt.affected.values(), *attempt.spared.values()]
        self._touched = {name.casefold() for kind in names for name in kind}
        self._artefacts = {a.casefold() for step in self._steps for a in step.artefacts}

    def sentence(self, sentence: str) -> Iterator[Claim]:
        """Yield the claims of one sentence."""
        mentions = {token.casefold(): token for token in _TOKEN.findall(sentence)}
        entities = []
        for mention, written in mentions.items():
            judged = self._mention(mention, written)
            judged = judged or (self._known(mention, sentence) if self._is_ours(mention) else None)
            if judged:
                yield Claim(written, sentence, *judged)
            short = mention.rpartition("\\")[2]
            if short in self._touched or short in self._artefacts:
                entities.append(short)
        yield from self._times(sentence, entities)

    def _is_ours(self, mention: str) -> bool:
        short = mention.rpartition("\\")[2]
        return short in self._hosts or short in self._accounts

    def _mention(self, mention: str, written: str) -> tuple[Verdict, Message] | None:
        if self._is_ours(mention):
            return None
        if _MACHINE.fullmatch(written):
            return Verdict.WRONG, Message(N_("There is no machine of this name."))
        if _IPV4.fullmatch(mention):
            return self._address(mention)
        if _DIGEST.fullmatch(mention):
            return self._artefact(mention, N_("No such digest is in the evidence of the incident."))
        if _DOMAIN.fullmatch(mention) and not self._inside(mention):
            return self._artefact(mention, N_("This name plays no part in the incident."))
        return None

    def _inside(self, name: str) -> bool:
        return name.partition(".")[0] in self._hosts

    def _known(self, mention: str, sentence: str) -> tuple[Verdict, Message] | None:
        touched = mention.rpartition("\\")[2] in self._touched
        denied = bool(_DENIED.search(sentence))
        if not _HARMED.search(sentence):
            return (Verdict.RIGHT, Message(N_("Part of the incident."))) if touched else None
        if touched is not denied:
            said = N_("Rightly said not to be touched.") if denied else N_("Part of the incident.")
            return Verdict.RIGHT, Message(said)
        if touched:
            # "not encrypted, but infected" and the like: too fine for a machine to call wrong
            return None
        return Verdict.WRONG, Message(N_("It was not touched by the intruder."))

    def _address(self, mention: str) -> tuple[Verdict, Message] | None:
        if mention in self._addresses:
            return None
        return self._artefact(mention, N_("This address plays no part in the incident."))

    def _artefact(self, mention: str, otherwise: str) -> tuple[Verdict, Message]:
        if mention in self._artefacts:
            return Verdict.RIGHT, Message(N_("Left by the intruder."))
        return Verdict.WRONG, Message(otherwise)

    def _times(self, sentence: str, entities: list[str]) -> Iterator[Claim]:
        """A time beside an entity is right if something happened to it, or was done, about then."""
        if not entities:
            return
        settings = self._attempt.state.settings
        facts = [time for entity in entities for time in self._facts(entity)]
        for time in moments(sentence, settings.begin, settings.end):
            nearest = min(facts, key=lambda fact: abs(fact - time), default=None)
            if nearest is None:
                continue
            shown = f"{local(time):%m-%d %H:%M}"
            if abs(nearest - time) <= _CLOSE:
                reason = Message(N_("Something happened there at that time."))
                yield Claim(shown, sentence, Verdict.RIGHT, reason)
            elif not _ordered(sentence):
                about = {"time": f"{local(nearest):%m-%d %H:%M}"}
                reason = Message(N_("Nothing happened there then; the nearest is {time}."), about)
                yield Claim(shown, sentence, Verdict.WRONG, reason)

    def _facts(self, entity: str) -> Iterator[int]:
        for step in self._steps:
            if entity in _names(step):
                yield step.time
        for action in self._attempt.actions:
            if action.target.casefold() == entity:
                yield action.time


def _names(step: StepFact) -> set[str]:
    everything = (*step.hosts, *step.accounts, *step.data, *step.artefacts)
    return {name.casefold() for name in everything}


def _ordered(sentence: str) -> bool:
    """Spans and plans name times at which nothing need have happened."""
    return bool(re.search(r"から|まで|以降|予定|by |until|from|since|planned|～|–", sentence))
