"""How good the method is, measured on documents that the model of the moment has not seen.

Nothing is chosen on the sentences measured: calibration and thresholds for a fold come from the
held-out scores of the other folds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.svm import LinearSVC

from noroshi.intel.attack_text.corpus import normalised
from noroshi.intel.attack_text.features import Floats, Ints
from noroshi.intel.attack_text.learn import Flags
from noroshi.intel.attack_text.material import FOLDS, Course, Sources, prepare
from noroshi.intel.attack_text.train import fit_calibration, held_out_scores, highest

_DRAWS = 400
_SEED = 7
_BINS = 10
_BELOW = 0.05
"""Cells under this probability are nearly all cells and nearly all right: they would hide any
miscalibration, so the calibration error is told with and without them."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Micro-averaged precision, recall and F1 with the interval of 95 % draws of documents."""

    precision: float
    recall: float
    f1: float
    interval: tuple[float, float]


def evaluate(sources: Sources, progress: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """Measure the method and, on the same sentences, the baseline.

    Returns:
        ``technique`` (the technique of a phrase known to tell of one: ours, the baseline, their
        ratio, per technique), and where there are whole reports ``sentence`` and ``report``
        (with everything that tells of nothing) and ``calibration``.
    """
    course = prepare(sources)
    progress("baseline")
    rows = test_phrases(course)
    baseline = baseline_answers(course)[rows]
    scores = held_out_scores(course, progress)
    found = {"technique": _technique(course, rows, scores, baseline)}
    if course.sentences:
        found |= _whole_reports(course, scores)
    return found


def test_phrases(course: Course) -> Ints:
    """Phrases whose words do not also stand, labelled, in another fold's documents."""
    first = course.sentences
    rows = np.arange(first, first + course.phrases)
    folds = course.material.folds
    words = {row: normalised(course.examples[row].text) for row in rows.tolist()}
    where: dict[str, set[int]] = {}
    for row, text in words.items():
        where.setdefault(text, set()).add(int(folds[row]))
    return np.array([row for row, text in words.items() if len(where[text]) == 1], dtype=np.int64)


def baseline_answers(course: Course) -> Ints:
    """The peer: TF-IDF of words and pairs, one linear support vector machine, phrases alone."""
    rows = np.arange(course.sentences, course.sentences + course.phrases)
    texts = np.array([course.examples[row].text for row in rows], dtype=object)
    truth = course.material.truth[rows].argmax(axis=1)
    folds = course.material.folds[rows]
    answers = np.full(len(course.examples), -1, dtype=np.int64)
    for fold in range(FOLDS):
        held_out = folds == fold
        words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
        machine = LinearSVC(C=1, class_weight="balanced")
        machine.fit(words.fit_transform(texts[~held_out]), truth[~held_out])
        answers[rows[held_out]] = machine.predict(words.transform(texts[held_out]))
    return answers


def _technique(course: Course, rows: Ints, scores: Floats, baseline: Ints) -> dict[str, Any]:
    looked_for = course.labels.annotated
    truth = course.material.truth[rows][:, :looked_for].argmax(axis=1)
    answers = scores[rows][:, :looked_for].argmax(axis=1)
    documents = _documents(course, rows)
    own, peer = _averages(truth, answers), _averages(truth, baseline)
    each = f1_score(truth, answers, average=None, labels=range(looked_for), zero_division=0)
    return {
        "phrases": len(rows),
        "own": own | {"intervals": _draws(documents, lambda at: _averages(truth[at], answers[at]))},
        "baseline": peer,
        "ratio": {name: own[name] / peer[name] for name in own},
        "each": {
            course.labels.ids[at]: {"f1": float(each[at]), "phrases": int((truth == at).sum())}
            for at in range(looked_for)
        },
    }


def _averages(truth: Ints, answers: Ints) -> dict[str, float]:
    present = np.unique(truth)
    return {
        "micro": float((truth == answers).mean()),
        "macro": float(f1_score(truth, answers, average="macro", labels=present, zero_division=0)),
    }


def _documents(course: Course, rows: Ints) -> NDArray[Any]:
    return np.array([course.examples[row].document for row in rows], dtype=object)


def _draws(
    documents: NDArray[Any], measure: Callable[[Ints], dict[str, float]]
) -> dict[str, tuple[float, float]]:
    """Bootstrap over documents: measure drawn documents' rows, 2.5 and 97.5 in a hundred."""
    names, number = np.unique(documents.astype(str), return_inverse=True)
    rows = [np.flatnonzero(number == at) for at in range(len(names))]
    random = np.random.default_rng(_SEED)
    drawn: dict[str, list[float]] = {}
    for _ in range(_DRAWS):
        chosen = random.integers(0, len(rows), len(rows))
        for name, value in measure(np.concatenate([rows[at] for at in chosen])).items():
            drawn.setdefault(name, []).append(value)
    return {
        name: (float(np.quantile(values, 0.025)), float(np.quantile(values, 0.975)))
        for name, values in drawn.items()
    }


def _whole_reports(course: Course, scores: Floats) -> dict[str, Any]:
    looked_for, sentences = course.labels.annotated, np.arange(course.sentences)
    truth = course.material.truth[sentences][:, :looked_for]
    folds = course.material.folds
    confidences = np.zeros(truth.shape, dtype=np.float32)
    claims = np.zeros(truth.shape, dtype=np.bool_)
    documents = _documents(course, sentences)
    claimed: list[Flags] = []
    told: list[Flags] = []
    for fold in range(FOLDS):
        calibration = fit_calibration(course, scores, folds != fold)
        held_out = folds[sentences] == fold
        confidences[held_out] = calibration.confidences(scores[sentences][held_out][:, :looked_for])
        claims[held_out] = confidences[held_out] >= calibration.threshold
        names = documents[held_out].tolist()
        best = highest(confidences[held_out], names)
        claimed.append(best >= calibration.report_threshold)
        told.append(highest(truth[held_out], names) > 0)
    reports = np.concatenate(claimed), np.concatenate(told)
    each = [_f1(claim, truth) for claim, truth in zip(*reports, strict=True)]
    return {
        "sentence": asdict(_rates(claims, truth, documents))
        | {"sentences": len(truth), "telling": int(truth.any(axis=1).sum())},
        "report": asdict(_rates(*reports, np.arange(len(each)).astype(str)))
        | {"reports": len(each), "mean_f1": float(np.mean(each))},
        "calibration": {
            "error": calibration_error(confidences, truth),
            "error_above": calibration_error(
                confidences[confidences >= _BELOW], truth[confidences >= _BELOW]
            ),
            "brier": float(np.mean((confidences - truth) ** 2)),
        },
    }


def _f1(claims: Flags, truth: Flags) -> float:
    both = claims.sum() + truth.sum()
    return float(2 * (claims & truth).sum() / both) if both else 1.0


def _rates(claims: Flags, truth: Flags, documents: NDArray[Any]) -> Rates:
    right = (claims & truth).sum()
    interval = _draws(documents, lambda at: {"f1": _f1(claims[at], truth[at])})["f1"]
    return Rates(
        precision=float(right / max(1, claims.sum())),
        recall=float(right / max(1, truth.sum())),
        f1=_f1(claims, truth),
        interval=interval,
    )


def calibration_error(confidences: Floats, truth: Flags) -> float:
    """Expected calibration error over ten bins of equal width (Naeini, Cooper, Hauskrecht 2015)."""
    values, answers = confidences.reshape(-1), truth.reshape(-1)
    if not len(values):
        return 0.0
    number = np.minimum((values * _BINS).astype(np.int64), _BINS - 1)
    gaps = [
        abs(float(values[number == at].mean()) - float(answers[number == at].mean()))
        * float((number == at).mean())
        for at in np.unique(number)
    ]
    return sum(gaps)
