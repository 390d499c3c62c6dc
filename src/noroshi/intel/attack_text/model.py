"""ATT&CK techniques told of in a text, each with the words that say so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from itertools import islice
from pathlib import Path

import numpy as np

from noroshi.intel.attack_text.features import Floats, Hasher
from noroshi.intel.attack_text.sentences import Span, sentences
from noroshi.intel.attack_text.tokens import Token, tokens
from noroshi.intel.attack_text.weights import Weights

SHIPPED = "attack-text.model"
_BATCH = 512
_EXPLICIT = re.compile(r"(?<![A-Za-z0-9.])T[01]\d{3}(?:\.\d{3})?(?![\w]|\.\d)", re.ASCII)
_REASONS = 5
_SHARE = 0.6
"""Share of the words' weight in favour that the clauses quoted must hold."""
_FEWEST_WORDS = 3
"""Words of a sentence; best on AnnoCTR's development reports, where 1 to 5 were tried."""
_SHORT_SENTENCE = 160
"""Characters; up to here a sentence is quoted whole."""
_SHORTEST_QUOTE = 40
"""Characters; where the clauses are shorter, the sentence is quoted."""
_CLAUSE_ENDS = re.compile(r"[,;:、；：](?=\s|[^\x00-\x7f])|\s[–—-]\s|(?<=\w)[ ]?[（(]|[)）]")


@dataclass(frozen=True, slots=True)
class TechniqueMention:
    """A technique and where the text tells of it.

    Attributes:
        id: ``T1059.003``.
        name: as ATT&CK has it; the id itself where the model does not know the technique.
        span: of the sentence that says so, or of its clauses that do where it is long.
        quote: the text at the span.
        confidence: probability that an annotator would agree; 1 for an id written out.
        sentence_span: of the sentence around it.
        because: the words that weighed most, the heaviest first.
    """

    id: str
    name: str
    span: Span
    quote: str
    confidence: float
    sentence_span: Span
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TechniqueModel:
    """Tells techniques from prose; works on any machine, without network and without training."""

    weights: Weights
    _hasher: Hasher

    @classmethod
    def load(cls, path: Path | None = None) -> TechniqueModel:
        """Load a model file; the shipped one by default.

        Raises:
            TechniqueModelError: the file is no model or a damaged one.
        """
        if path is not None:
            return cls(Weights.from_file(path), Hasher())
        with as_file(files(__package__).joinpath(SHIPPED)) as shipped:
            return cls(Weights.from_file(shipped), Hasher())

    @property
    def techniques(self) -> dict[str, str]:
        """Ids and names of the techniques that the model can tell."""
        about = self.weights.about
        return dict(zip(about["techniques"], about["names"], strict=True))

    @property
    def threshold(self) -> float:
        """Confidence from which on a sentence's technique is claimed."""
        return float(self.weights.about["threshold"])

    @property
    def report_threshold(self) -> float:
        """Confidence from which on a technique is claimed for a whole report."""
        return float(self.weights.about["report_threshold"])

    def predict(self, text: str, threshold: float | None = None) -> list[TechniqueMention]:
        """Find the techniques that a text tells of, in order; often none.

        Args:
            text: any length, English, Japanese or both.
            threshold: least confidence; the model's own by default.
        """
        least = self.threshold if threshold is None else threshold
        found: list[TechniqueMention] = []
        spans = sentences(text)
        while batch := list(islice(spans, _BATCH)):
            found.extend(self._batch(text, batch, least))
        return found

    def confidences(self, texts: Sequence[str]) -> Floats:
        """Confidences of single sentences: sentences by techniques, in the order of the model."""
        return self._confidences([tokens(text) for text in texts])

    def _confidences(self, cut: Sequence[Sequence[Token]]) -> Floats:
        scores = self.weights.scores(self._hasher.entries_of(cut), len(cut))
        confidences = self.weights.confidences(scores)
        confidences[[not _tells(sentence) for sentence in cut]] = 0
        return confidences

    def _batch(self, text: str, spans: list[Span], least: float) -> Iterator[TechniqueMention]:
        cut = [tokens(text[span.start : span.end]) for span in spans]
        confidences = self._confidences(cut)
        rows, labels = np.nonzero(confidences >= least)
        claims: dict[int, list[int]] = {}
        for row, label in zip(rows.tolist(), labels.tolist(), strict=True):
            claims.setdefault(row, []).append(label)
        for row, span in enumerate(spans):
            written = list(self._written(text, span))
            yield from written
            known = {mention.id for mention in written}
            for label in sorted(claims.get(row, ()), key=lambda at: -confidences[row, at]):
                mention = self._mention(text, span, cut[row], label, float(confidences[row, label]))
                if mention.id not in known:
                    yield mention

    def _written(self, text: str, sentence: Span) -> Iterator[TechniqueMention]:
        names, successors = self.techniques, self.weights.about["successors"]
        seen = set()
        for found in _EXPLICIT.finditer(text, sentence.start, sentence.end):
            if found.group() in seen:
                continue
            seen.add(found.group())
            span = Span(found.start(), found.end())
            name = names.get(successors.get(found.group(), found.group()), found.group())
            yield TechniqueMention(
                found.group(), name, span, found.group(), 1.0, sentence, (found.group(),)
            )

    def _mention(
        self, text: str, sentence: Span, cut: Sequence[Token], label: int, confidence: float
    ) -> TechniqueMention:
        gains = self._gains(cut, label)
        heaviest = sorted(range(len(cut)), key=lambda at: (-gains[at], at))[:_REASONS]
        first, last = _shortest(gains)
        start = sentence.start + cut[first].start
        end = max(start, sentence.start + max(t.end for t in cut[first : last + 1]))
        span = _clauses(text, sentence, Span(start, end))
        words = (
            text[sentence.start + cut[at].start : sentence.start + cut[at].end]
            for at in heaviest
            if gains[at] > 0
        )
        about = self.weights.about
        return TechniqueMention(
            id=about["techniques"][label],
            name=about["names"][label],
            span=span,
            quote=text[span.start : span.end],
            confidence=round(confidence, 4),
            sentence_span=sentence,
            because=tuple(dict.fromkeys(words)),
        )

    def _gains(self, cut: Sequence[Token], label: int) -> list[float]:
        """How much each word speaks for a technique; a pair counts half for each of its words."""
        features, owners, shares = self._hasher.features_of(cut)
        weights = self.weights.of(features, label) * shares
        gains: list[float] = np.bincount(owners, weights, minlength=len(cut)).tolist()
        return gains


def _tells(sentence: Sequence[Token]) -> bool:
    """Whether enough of a sentence is known to judge it.

    One known word in a sentence of kana and kanji is a coincidence: "backup" in "recovery from the
    backup is done" would else count as an attack on backups. A line of one or two English words
    ("Activity", "Scheduled tasks") is a heading or a table's cell, and says that nobody did it.
    """
    words = {token.start for token in sentence if not token.word.isdigit()}
    return len(words) >= (2 if any(token.glossed for token in sentence) else _FEWEST_WORDS)


def _clauses(text: str, sentence: Span, stretch: Span) -> Span:
    """Widen a stretch to the clauses that it stands in, or to the sentence where either is short.

    A word alone ("Activity") says nothing to whoever reads the quote.
    """
    start, end = sentence
    if end - start <= _SHORT_SENTENCE:
        return sentence
    for found in _CLAUSE_ENDS.finditer(text, *sentence):
        if found.end() <= stretch.start:
            start = found.end()
        elif found.start() >= stretch.end:
            end = found.start()
            break
    start += len(text[start:end]) - len(text[start:end].lstrip())
    end = start + len(text[start:end].rstrip())
    return Span(start, end) if end - start >= _SHORTEST_QUOTE else sentence


def _shortest(gains: Sequence[float]) -> tuple[int, int]:
    """Find the shortest run of words that holds the wanted share of what speaks in favour."""
    positive = [max(0.0, gain) for gain in gains]
    wanted = _SHARE * sum(positive)
    best = (0, len(gains) - 1)
    held, first = 0.0, 0
    for last, gain in enumerate(positive):
        held += gain
        while first < last and held - positive[first] >= wanted:
            held -= positive[first]
            first += 1
        if held >= wanted and last - first < best[1] - best[0]:
            best = (first, last)
    return best
