"""From a document to its indicators: one pass, block by block, in time linear in the text.

A block is about a million characters, cut at a line end. In each, finders run from the surest to
the vaguest, and what one has taken the next leaves alone. Roles are decided at the end, because
some of the reasons are habits of the document as a whole.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from noroshi.intel.text.addresses import ipv6_candidates
from noroshi.intel.text.candidate import Candidate, Taken
from noroshi.intel.text.context import Context
from noroshi.intel.text.cues import Cue
from noroshi.intel.text.document import Document, Limits
from noroshi.intel.text.dotted import dotted_candidates, mail_candidates
from noroshi.intel.text.extraction import Extraction, Indicator, NamedEntity
from noroshi.intel.text.labelled import labelled_candidates
from noroshi.intel.text.listing import Listings
from noroshi.intel.text.names import Hit, Names
from noroshi.intel.text.paths import path_candidates
from noroshi.intel.text.reading import read_bytes, read_file
from noroshi.intel.text.refang import Refanged, refang
from noroshi.intel.text.roles import Judge, certainty
from noroshi.intel.text.rules import Rule, rule_candidate, rules_in
from noroshi.intel.text.shadow import Offsets, folded
from noroshi.intel.text.suffixes import Suffixes, own_suffixes
from noroshi.intel.text.urls import url_candidates
from noroshi.intel.text.words import word_candidates
from noroshi.intel.warning_lists import WarningLists
from noroshi.lang import N_, Message

BLOCK = 1 << 20
"""Characters read at a time."""
_SLACK = 1 << 16
"""How far back a line end, or else a blank, is sought to cut a block."""
MAX_FOUND = 1_000_000
"""Values taken from one document; the rest is counted and reported."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What extraction knows from packs and files; all of it is optional.

    Attributes:
        suffixes: public suffix list.
        lists: warning lists.
        names: names of actors, malware, tools, countries, sectors, products.
    """

    suffixes: Suffixes = field(default_factory=own_suffixes)
    lists: WarningLists = field(default_factory=WarningLists)
    names: Names = field(default_factory=Names)


def extract(
    source: Path | bytes | Document,
    knowledge: Knowledge | None = None,
    limits: Limits | None = None,
) -> Extraction:
    """Return what a report holds, in the order of its text.

    Args:
        source: a file of any known format, its bytes, or a document that was read already.
        knowledge: suffixes, warning lists and names; without, our own short list of suffixes.
        limits: how much is read.

    Raises:
        ReportError: the file cannot be opened.
    """
    if isinstance(source, bytes):
        source = read_bytes(source, limits=limits)
    document = source if isinstance(source, Document) else read_file(Path(source), limits)
    with _collector_paused():
        return _extract(document, knowledge or Knowledge())


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Spare the cyclic collector: values form no cycles, and it would walk them all repeatedly."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _extract(document: Document, knowledge: Knowledge) -> Extraction:
    text, problems = document.text, list(document.problems)
    context = Context(text)
    rules = rules_in(text)
    found = _Found()
    found.add([rule_candidate(rule) for rule in rules])
    hits: list[Hit] = []
    for base, piece in _blocks(text):
        folding = folded(piece)
        context.add(folding, base)
        hits.extend(knowledge.names.find(folding, piece, base))
        block = refang(piece, base)
        found.add(_in_block(block, rules, knowledge.suffixes), block)
        if len(found.candidates) > MAX_FOUND:
            problems.append(_too_many(document.name, base + len(piece)))
            break
    context.finish()
    return Extraction(
        document.name,
        text,
        tuple(_judged(document, context, knowledge, found)),
        tuple(_named(context, hits)),
        tuple(problems),
    )


def _too_many(name: str, place: int) -> Message:
    return Message(
        N_("{name}: more than {limit} values; stopped at character {place}"),
        {"name": name, "limit": MAX_FOUND, "place": place},
    )


@dataclass(slots=True)
class _Found:
    """Candidates with their places in the document, and whether each is defanged."""

    candidates: list[Candidate] = field(default_factory=list)
    defanged: list[bool] = field(default_factory=list)
    _starts: list[Offsets] = field(default_factory=list)
    _ends: list[Offsets] = field(default_factory=list)

    def add(self, candidates: list[Candidate], block: Refanged | None = None) -> None:
        """Add the candidates of a block; without one, their places are those of the document."""
        starts = np.array([found.start for found in candidates], dtype=np.int64)
        ends = np.array([found.end for found in candidates], dtype=np.int64)
        self.candidates += candidates
        if block is None:
            self.defanged += [found.defanged for found in candidates]
        else:
            self.defanged += [
                found.defanged or block.defanged(found.start, found.end) for found in candidates
            ]
            starts, ends = block.spans(starts, ends)
        self._starts.append(starts)
        self._ends.append(ends)

    def in_order(self) -> tuple[list[int], Offsets, Offsets]:
        """Return the candidates' numbers in the order of the text, their starts and ends."""
        starts, ends = np.concatenate(self._starts), np.concatenate(self._ends)
        order = np.lexsort((-ends, starts))
        return order.tolist(), starts[order], ends[order]


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """Yield pieces with their offsets, cut after a line end, else after a blank, else anywhere."""
    start, size = 0, len(text)
    while start < size:
        end = min(size, start + BLOCK)
        if end < size:
            low = end - _SLACK
            cut = max(text.rfind("\n", low, end), 0) or max(text.rfind(" ", low, end), 0)
            end = cut + 1 if cut > start else end
        yield start, text[start:end]
        start = end


def _in_block(block: Refanged, rules: list[Rule], suffixes: Suffixes) -> list[Candidate]:
    taken = Taken(len(block.data))
    for rule in rules:
        _hide(block, rule, taken)
    return [found for finder in _finders(block, taken, suffixes) for found in finder]


def _finders(block: Refanged, taken: Taken, suffixes: Suffixes) -> Iterator[Iterator[Candidate]]:
    """The surest first: what one takes is gone for the next."""
    yield labelled_candidates(block, taken)
    yield url_candidates(block, taken, suffixes)
    yield mail_candidates(block, taken, suffixes)
    yield path_candidates(block, taken)
    yield ipv6_candidates(block, taken)
    yield dotted_candidates(block, taken, suffixes)
    yield word_candidates(block, taken)


def _hide(block: Refanged, rule: Rule, taken: Taken) -> None:
    """Mark a rule's text as used, but for its ``meta`` section."""
    for start, end in ((rule.span[0], rule.meta[0]), (rule.meta[1], rule.span[1])):
        left, right = block.place(start), block.place(end)
        if left < right:
            taken.hide(left, right)


def _judged(
    document: Document, context: Context, knowledge: Knowledge, found: _Found
) -> Iterator[Indicator]:
    judge = Judge(
        context,
        Listings(knowledge.lists),
        knowledge.suffixes,
        frozenset(knowledge.suffixes.registrable(site) for site in document.sites),
        sum(found.defanged),
        context.says(Cue.CHECK),
        context.says(Cue.IMITATED),
    )
    text = document.text
    order, starts, ends = found.in_order()
    for number, place in zip(order, context.places(starts, ends), strict=True):
        candidate = found.candidates[number]
        role, sure, reason = judge.verdict(candidate, place, found.defanged[number])
        yield Indicator(
            candidate.type,
            candidate.value,
            (place.start, place.end),
            text[place.start : place.end],
            role,
            certainty(candidate.certainty, sure),
            reason,
            context.around(place),
        )


def _named(context: Context, hits: list[Hit]) -> Iterator[NamedEntity]:
    if not hits:
        return
    starts = np.array([hit.start for hit in hits], dtype=np.int64)
    ends = np.array([hit.end for hit in hits], dtype=np.int64)
    for hit, place in zip(hits, context.places(starts, ends), strict=True):
        yield NamedEntity(
            hit.name.kind,
            hit.name.name,
            (hit.start, hit.end),
            context.text[hit.start : hit.end],
            hit.confidence,
            hit.name.identifiers,
            context.around(place),
        )
