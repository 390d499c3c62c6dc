"""Training: cross-validated scores, calibration and thresholds from them, then the model itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from noroshi.intel.attack_text.curve import Curve
from noroshi.intel.attack_text.features import Floats
from noroshi.intel.attack_text.learn import Flags, calibrate, learn
from noroshi.intel.attack_text.material import FOLDS, Course, Sources, prepare
from noroshi.intel.attack_text.weights import Weights

KEPT = 4_000
"""Weights a technique in the file; more change no figure by a thousandth."""
_THRESHOLDS = np.arange(0.05, 0.95, 0.01)

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Calibration:
    """From scores to probabilities, and from which probability on a technique is claimed.

    Attributes:
        slope: common to all techniques.
        offsets: one a technique.
        curve: from logits to probabilities.
        threshold: for a sentence.
        report_threshold: for a report, on the greatest probability among its sentences.
    """

    slope: float
    offsets: Floats
    curve: Curve
    threshold: float
    report_threshold: float

    def confidences(self, scores: Floats) -> Floats:
        """Calibrate scores."""
        return self.curve(self.slope * scores + self.offsets[: scores.shape[1]])


def train(sources: Sources, target: Path, progress: Progress = lambda _: None) -> Weights:
    """Learn a model and write it.

    Args:
        sources: with whole reports, or every sentence will be taken to tell of a technique.
        target: the file.
        progress: told of each step.
    """
    course = prepare(sources)
    scores = held_out_scores(course, progress)
    calibration = fit_calibration(course, scores, np.ones(len(scores), dtype=np.bool_))
    progress("learning from everything")
    learnt = learn(course.material, course.annotated)
    ids = course.labels.ids
    weights = Weights.pruned(
        learnt.vocabulary,
        learnt.matrix,
        learnt.bias,
        keep=KEPT,
        calibration=(calibration.slope, calibration.offsets, calibration.curve),
        about={
            "techniques": list(ids),
            "names": [sources.knowledge.names.get(key, key) for key in ids],
            "annotated": course.labels.annotated,
            "threshold": round(calibration.threshold, 3),
            "report_threshold": round(calibration.report_threshold, 3),
            "successors": {
                old: new for old, new in sources.knowledge.successors.items() if new in ids
            },
            "sources": sources.digests,
            "attack_changed": sources.knowledge.version,
        },
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(weights.to_bytes())
    return weights


def held_out_scores(course: Course, progress: Progress = lambda _: None) -> Floats:
    """Score every sentence with a model that has not seen its document."""
    material = course.material
    scores = np.zeros(material.truth.shape, dtype=np.float32)
    for fold in range(FOLDS):
        progress(f"learning, fold {fold + 1} of {FOLDS}")
        held_out = material.folds == fold
        learnt = learn(material.part(~held_out), course.annotated)
        scores[held_out] = learnt.scores(material.part(held_out).texts)
    return scores


def fit_calibration(course: Course, scores: Floats, chosen: Flags) -> Calibration:
    """Calibrate on held-out scores of the rows chosen.

    Techniques that the reports' annotators looked for: on the reports' sentences as they come.
    The others: their procedure examples against all sentences, weighed so that they are as frequent
    as an annotated technique is on average.
    """
    looked_for = course.labels.annotated
    in_report = (np.arange(len(scores)) < (course.sentences or course.phrases)) & chosen
    truth = course.material.truth
    slope, offsets, curve = calibrate(
        scores[in_report][:, :looked_for], truth[in_report][:, :looked_for]
    )
    prior = float(truth[in_report][:, :looked_for].mean())
    others = _offsets(course, scores, chosen & (truth.any(axis=1) | in_report), slope, prior)
    found = Calibration(slope, np.concatenate([offsets, others]), curve, 0.5, 0.5)
    confidences = found.confidences(scores[in_report][:, :looked_for])
    answers = truth[in_report][:, :looked_for]
    documents = _numbers(course, in_report)
    return Calibration(
        slope,
        found.offsets,
        curve,
        best_threshold(confidences, answers),
        best_threshold(highest(confidences, documents), highest(answers, documents)),
    )


def _offsets(course: Course, scores: Floats, chosen: Flags, slope: float, prior: float) -> Floats:
    """Offsets that make the mean probability equal the prior, by bisection."""
    looked_for = course.labels.annotated
    truth = course.material.truth[chosen][:, looked_for:]
    logits = slope * scores[chosen][:, looked_for:].astype(np.float64)
    found = np.zeros(truth.shape[1], dtype=np.float32)
    for technique in range(truth.shape[1]):
        positive = truth[:, technique]
        if not positive.any() or positive.all():
            found[technique] = -10
            continue
        unknown = course.material.unknown[chosen][:, looked_for + technique]
        weights = np.where(positive, prior / positive.mean(), (1 - prior) / (~positive).mean())
        weights[unknown] = 0
        low, high = -40.0, 40.0
        for _ in range(50):
            middle = (low + high) / 2
            mean = np.average(1 / (1 + np.exp(-(logits[:, technique] + middle))), weights=weights)
            low, high = (middle, high) if mean < prior else (low, middle)
        found[technique] = low
    return found


def _numbers(course: Course, chosen: Flags) -> list[str]:
    return [example.document for example, yes in zip(course.examples, chosen, strict=True) if yes]


def highest(values: Floats | Flags, documents: list[str]) -> Floats:
    """Greatest value per document and technique, documents in alphabetical order."""
    _, number = np.unique(documents, return_inverse=True)
    found = np.zeros((int(number.max()) + 1, values.shape[1]), dtype=np.float32)
    np.maximum.at(found, number, values.astype(np.float32))
    return found


def best_threshold(confidences: Floats, truth: Floats | Flags) -> float:
    """The threshold with the best micro F1; of several, the one in the middle."""
    truth = truth.astype(np.bool_)
    scores = []
    for threshold in _THRESHOLDS:
        claimed = confidences >= threshold
        scores.append(2 * (claimed & truth).sum() / max(1, claimed.sum() + truth.sum()))
    best = np.flatnonzero(np.array(scores) == max(scores))
    return float(_THRESHOLDS[best[len(best) // 2]])
