"""A model measured on single sentences that somebody labelled, one a line.

Format: technique id, tab, sentence; ``-`` stands for a sentence that tells of no technique; a line
that begins with ``#`` is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from noroshi.intel.attack_text.errors import TechniqueModelError
from noroshi.intel.attack_text.model import TechniqueModel

NONE = "-"
_ID = re.compile(r"T\d{4}(?:\.\d{3})?|-", re.ASCII)


class Labelled(NamedTuple):
    """A sentence and the technique that it tells of; ``-`` for none."""

    technique: str
    text: str


def parse_labelled(lines: Iterable[str], name: str) -> list[Labelled]:
    """Return the sentences of a labelled list.

    Raises:
        TechniqueModelError: a line is not ``id, tab, sentence``, or there is none.
    """
    rows = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        technique, tab, text = line.rstrip("\r\n").partition("\t")
        if not tab or not text.strip() or not _ID.fullmatch(technique):
            raise TechniqueModelError(
                f"{name}, line {number}: write technique id (or -), tab, sentence: {line[:60]!r}"
            )
        rows.append(Labelled(technique, text))
    if not rows:
        raise TechniqueModelError(f"{name}: no labelled sentences in it")
    return rows


def read_labelled(path: Path) -> list[Labelled]:
    """Read a file of labelled sentences, UTF-8.

    Raises:
        TechniqueModelError: the file cannot be read or is no such list.
    """
    try:
        return parse_labelled(path.read_text(encoding="utf-8").splitlines(), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise TechniqueModelError(f"{path}: {error}") from error


def measure_labelled(model: TechniqueModel, rows: Sequence[Labelled]) -> dict[str, Any]:
    """Compare what a model claims with the labels.

    Returns:
        ``sentences``; ``surest_right`` (share of the telling sentences whose surest technique is
        the label, whatever the confidence); of the claims at the model's own threshold
        ``precision``, ``recall`` and ``f1``; ``none_kept`` (share of the sentences that tell of
        nothing and get no claim); ``missed`` (label, what was claimed, sentence) for every error.
    """
    confidences = model.confidences([row.text for row in rows])
    ids = list(model.techniques)
    right = claimed = surest = silent = 0
    missed: list[dict[str, Any]] = []
    for row, values in zip(rows, confidences, strict=True):
        claims = {ids[at] for at in (values >= model.threshold).nonzero()[0]}
        claimed += len(claims)
        right += row.technique in claims
        surest += row.technique == ids[int(values.argmax())] and values.max() > 0
        silent += row.technique == NONE and not claims
        if claims != ({row.technique} - {NONE}):
            missed.append({"label": row.technique, "claimed": sorted(claims), "sentence": row.text})
    telling = sum(row.technique != NONE for row in rows)
    return {
        "sentences": len(rows),
        "telling": telling,
        "surest_right": surest / max(1, telling),
        "precision": right / max(1, claimed),
        "recall": right / max(1, telling),
        "f1": 2 * right / max(1, claimed + telling),
        "none_kept": silent / max(1, len(rows) - telling),
        "missed": missed,
    }
