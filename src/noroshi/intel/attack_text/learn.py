"""Learning one linear scorer per technique. Needs scikit-learn and SciPy (extra ``train``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from noroshi.intel.attack_text.curve import Curve
from noroshi.intel.attack_text.features import Entries, Floats, Hasher, Ints, Vocabulary

Flags = NDArray[np.bool_]

_RAREST = 2
"""Sentences that a feature must stand in."""
_STRICTNESS = 1.0
_TOLERANCE = 0.02
_SEED = 20
_KNOTS = 30
_HEAVIEST = 20.0
_LEAST_WEIGHT_OF_OUTSIDERS = 0.3
"""Weight of a sentence that speaks of ATT&CK's own knowledge instead of an incident, and of a
report's sentence as a counter-example for techniques that its annotators did not look for."""


@dataclass(frozen=True, slots=True)
class Material:
    """Sentences ready to learn from.

    Attributes:
        texts: the sentences.
        truth: sentences by techniques.
        reports: whether the sentence comes from an annotated report; else from ATT&CK.
        folds: number of the fold that the sentence is held out in.
        unknown: sentences by techniques: neither example nor counter-example. Annotators who did
            not look for a technique left the sentences that name it without its label.
    """

    texts: Sequence[str]
    truth: Flags
    reports: Flags
    folds: Ints
    unknown: Flags

    def part(self, chosen: Flags) -> Material:
        """The sentences chosen."""
        texts = [text for text, yes in zip(self.texts, chosen, strict=True) if yes]
        return Material(
            texts,
            self.truth[chosen],
            self.reports[chosen],
            self.folds[chosen],
            self.unknown[chosen],
        )


@dataclass(frozen=True, slots=True)
class Learnt:
    """A vocabulary and a dense matrix of weights, features by techniques."""

    vocabulary: Vocabulary
    matrix: Floats
    bias: Floats

    def scores(self, texts: Sequence[str]) -> Floats:
        """Score sentences: sentences by techniques."""
        found = _sparse(self.vocabulary, Hasher().entries(texts), len(texts)) @ self.matrix
        return np.asarray(found + self.bias, dtype=np.float32)


def learn(material: Material, annotated: Flags) -> Learnt:
    """Learn a linear support vector machine per technique (squared hinge, one against the rest).

    Args:
        material: what to learn from.
        annotated: whether the reports' annotators looked for the technique.
    """
    entries = Hasher().entries(material.texts)
    vocabulary = _vocabulary(entries, len(material.texts))
    rows = _sparse(vocabulary, entries, len(material.texts))
    techniques = material.truth.shape[1]
    matrix = np.zeros((rows.shape[1], techniques), dtype=np.float32)
    bias = np.full(techniques, -1, dtype=np.float32)
    for technique in range(techniques):
        truth = material.truth[:, technique]
        if not truth.any():
            continue
        weights = _weights(material, truth, bool(annotated[technique]))
        weights[material.unknown[:, technique]] = 0
        machine = LinearSVC(C=_STRICTNESS, tol=_TOLERANCE, random_state=_SEED)
        used = weights > 0
        machine.fit(rows[used], truth[used], sample_weight=weights[used])
        matrix[:, technique] = machine.coef_[0]
        bias[technique] = machine.intercept_[0]
    return Learnt(vocabulary, matrix, bias)


def _weights(material: Material, truth: Flags, annotated: bool) -> NDArray[np.float64]:
    outsiders = ~material.reports if annotated else material.reports
    weights = np.where(outsiders, _LEAST_WEIGHT_OF_OUTSIDERS, 1.0)
    weights[truth] *= min(_HEAVIEST, float(np.sqrt(len(truth) / truth.sum())))
    if not annotated:
        # A third of the reports' sentences is enough to know what prose looks like.
        weights[material.reports & ~truth & (np.arange(len(truth)) % 3 > 0)] = 0
    return weights


def _vocabulary(entries: Entries, rows: int) -> Vocabulary:
    features, counts = np.unique(entries.features, return_counts=True)
    kept = counts >= _RAREST
    idf = np.log((1 + rows) / (1 + counts[kept])) + 1
    return Vocabulary(features[kept], idf.astype(np.float16).astype(np.float32))


def _sparse(vocabulary: Vocabulary, entries: Entries, rows: int) -> csr_matrix:
    row, at, value = vocabulary.weigh(entries, rows)
    matrix = csr_matrix((value, (row, at)), shape=(rows, len(vocabulary.features)))
    matrix.sort_indices()
    return matrix


def calibrate(scores: Floats, truth: Flags) -> tuple[float, Floats, Curve]:
    """Fit logit = slope * score + offset of the technique, then one rising curve over all logits.

    The offsets are drawn towards each other, so that a technique seen four times does not get a
    curve of its own (Platt 1999, Probabilistic Outputs for Support Vector Machines; Zadrozny and
    Elkan 2002, Transforming Classifier Scores into Accurate Multiclass Probability Estimates).

    Args:
        scores: held-out scores, sentences by techniques.
        truth: the same shape.
    """
    sentences, techniques = scores.shape
    cells = np.arange(sentences * techniques)
    own = csr_matrix((np.ones(len(cells)), (cells, np.tile(np.arange(techniques), sentences))))
    column = csr_matrix(scores.reshape(-1, 1).astype(np.float64))
    fitted = LogisticRegression(C=1.0, max_iter=1_000).fit(
        hstack([column, own]).tocsr(), truth.reshape(-1)
    )
    slope = float(fitted.coef_[0][0])
    offsets = (fitted.coef_[0][1:] + fitted.intercept_[0]).astype(np.float32)
    return slope, offsets, _rising(slope * scores + offsets, truth)


def _rising(logits: Floats, truth: Flags) -> Curve:
    # Bins of equal numbers of true cells: the many hopeless ones all fall into the first.
    values, answers = logits.reshape(-1), truth.reshape(-1)
    cuts = np.quantile(values[answers], np.linspace(0, 1, _KNOTS + 1)[1:-1])
    # Equal logits leave bins empty where there is little to learn from.
    _, number, counts = np.unique(
        np.searchsorted(cuts, values), return_inverse=True, return_counts=True
    )
    centres = np.array([np.median(values[number == at]) for at in range(len(counts))])
    shares = np.array([answers[number == at].mean() for at in range(len(counts))])
    risen = IsotonicRegression(out_of_bounds="clip").fit_transform(
        centres, shares, sample_weight=counts
    )
    return Curve(centres.astype(np.float32), risen.astype(np.float32))


def fold_of(text: str, folds: int) -> int:
    """Deal a text to a fold, the same on every machine."""
    return crc32(text.encode()) % folds
