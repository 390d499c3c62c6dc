"""The learnt part of a model: sparse weights, calibration and the file they travel in.

The file is a NumPy archive of plain arrays (never a pickle) with a JSON description inside.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from noroshi.intel.attack_text.curve import Curve
from noroshi.intel.attack_text.errors import TechniqueModelError
from noroshi.intel.attack_text.features import Entries, Floats, Ints, Vocabulary

_FORMAT = 1
_LARGEST_FILE = 64 << 20
_LARGEST_ARRAY = 50_000_000
_STEPS = 127
_TYPES = {
    "features": np.uint32,
    "idf": np.float16,
    "starts": np.int32,
    "labels": np.uint8,
    "steps": np.int8,
    "scale": np.float32,
    "bias": np.float32,
    "offset": np.float32,
    "curve_logits": np.float32,
    "curve_chances": np.float32,
    "about": np.uint8,
}


@dataclass(frozen=True, slots=True)
class Weights:
    """One linear scorer per technique, stored by feature.

    Attributes:
        vocabulary: the features.
        starts: where each feature's weights begin, and the end of the last.
        labels: whose weight it is.
        steps: the weight in 127ths of the technique's scale.
        scale: largest weight of each technique.
        bias: added to each score.
        offset: logit of the technique = ``about["slope"]`` * score + offset.
        curve: from logits to probabilities.
        about: names of the techniques in order, threshold, origin.
    """

    vocabulary: Vocabulary
    starts: Ints
    labels: NDArray[np.uint8]
    steps: NDArray[np.int8]
    scale: Floats
    bias: Floats
    offset: Floats
    curve: Curve
    about: dict[str, Any]

    @classmethod
    def pruned(
        cls,
        vocabulary: Vocabulary,
        matrix: Floats,
        bias: Floats,
        *,
        keep: int,
        calibration: tuple[float, Floats, Curve],
        about: dict[str, Any],
    ) -> Weights:
        """Keep each technique's ``keep`` heaviest weights, rounded to 255 steps.

        Args:
            vocabulary: the features, one a row of the matrix.
            matrix: features by techniques.
            bias: one a technique.
            keep: weights a technique.
            calibration: the slope, an offset a technique, the curve.
            about: see the class.
        """
        scale = np.abs(matrix).max(axis=0).astype(np.float32)
        scale[scale == 0] = 1
        steps = np.rint(matrix / scale * _STEPS).astype(np.int8)
        if keep < len(matrix):
            least = np.partition(np.abs(matrix), -keep, axis=0)[-keep]
            steps[np.abs(matrix) < least] = 0
        used = steps.any(axis=1)
        steps = steps[used]
        features, labels = np.nonzero(steps)
        starts = np.searchsorted(features, np.arange(len(steps) + 1))
        return cls(
            vocabulary=Vocabulary(vocabulary.features[used], vocabulary.idf[used]),
            starts=starts.astype(np.int64),
            labels=labels.astype(np.uint8),
            steps=steps[features, labels],
            scale=scale,
            bias=bias,
            offset=calibration[1],
            curve=calibration[2],
            about={**about, "slope": calibration[0]},
        )

    def scores(self, entries: Entries, rows: int) -> Floats:
        """Score sentences: rows by techniques."""
        row, feature, value = self.vocabulary.weigh(entries, rows)
        lengths = self.starts[feature + 1] - self.starts[feature]
        # Positions of all weights of all entries, one after the other.
        ends = np.cumsum(lengths)
        begins = np.repeat(self.starts[feature] - (ends - lengths), lengths)
        at = begins + np.arange(ends[-1] if len(ends) else 0)
        cells = np.repeat(row * len(self.scale), lengths) + self.labels[at]
        summed = np.bincount(
            cells,
            np.repeat(value, lengths) * self.steps[at],
            minlength=rows * len(self.scale),
        )
        scores = summed.reshape(rows, -1) * (self.scale / _STEPS) + self.bias
        return np.asarray(scores, dtype=np.float32)

    def confidences(self, scores: Floats) -> Floats:
        """Calibrate scores to probabilities."""
        return self.curve(float(self.about["slope"]) * scores + self.offset)

    def of(self, features: Ints, label: int) -> NDArray[np.float64]:
        """Give a technique's weight of each feature, times its inverse document frequency."""
        if not len(self.vocabulary.features):
            return np.zeros(len(features))
        at = np.searchsorted(self.vocabulary.features, features)
        at[at == len(self.vocabulary.features)] = 0
        begins, ends = self.starts[at], self.starts[at + 1]
        lengths = ends - begins
        where = np.repeat(np.arange(len(at)), lengths)
        cells = np.repeat(begins - (np.cumsum(lengths) - lengths), lengths)
        cells += np.arange(len(cells))
        own = self.labels[cells] == label
        found = np.zeros(len(features))
        found[where[own]] = self.steps[cells[own]]
        found[self.vocabulary.features[at] != features] = 0
        return found * self.vocabulary.idf[at] * (float(self.scale[label]) / _STEPS)

    def to_bytes(self) -> bytes:
        """Write the file: the same weights give the same bytes."""
        arrays: dict[str, NDArray[Any]] = {
            "features": self.vocabulary.features,
            "idf": self.vocabulary.idf,
            "starts": self.starts,
            "labels": self.labels,
            "steps": self.steps,
            "scale": self.scale,
            "bias": self.bias,
            "offset": self.offset,
            "curve_logits": self.curve.logits,
            "curve_chances": self.curve.chances,
            "about": np.frombuffer(
                json.dumps({**self.about, "format": _FORMAT}, sort_keys=True).encode(), np.uint8
            ),
        }
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name, kind in _TYPES.items():
                member = io.BytesIO()
                np.lib.format.write_array(member, arrays[name].astype(kind), allow_pickle=False)
                info = zipfile.ZipInfo(f"{name}.npy")
                archive.writestr(info, member.getvalue(), zipfile.ZIP_DEFLATED, 9)
        return out.getvalue()

    @classmethod
    def from_file(cls, path: Path) -> Weights:
        """Read the file and check that its parts fit each other.

        Raises:
            TechniqueModelError: it is no model, a damaged one, or of another format.
        """
        try:
            if path.stat().st_size > _LARGEST_FILE:
                raise TechniqueModelError(f"{path.name}: too large for a technique model")
            with zipfile.ZipFile(path) as archive:
                arrays = {name: _member(archive, name, kind) for name, kind in _TYPES.items()}
            about = json.loads(arrays["about"].tobytes())
            if about["format"] != _FORMAT:
                raise TechniqueModelError(
                    f"{path.name}: model format {about['format']}, this version reads {_FORMAT};"
                    " train it again"
                )
            weights = cls(
                vocabulary=Vocabulary(
                    arrays["features"].astype(np.int64), arrays["idf"].astype(np.float32)
                ),
                starts=arrays["starts"].astype(np.int64),
                labels=arrays["labels"],
                steps=arrays["steps"],
                **{name: arrays[name] for name in ("scale", "bias", "offset")},
                curve=Curve(arrays["curve_logits"], arrays["curve_chances"]),
                about=about,
            )
            weights._check()
        except (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
            raise TechniqueModelError(f"{path.name}: no technique model: {error}") from error
        return weights

    def _check(self) -> None:
        features, techniques = len(self.vocabulary.features), len(self.about["techniques"])
        fits = (
            len(self.vocabulary.idf) == features
            and len(self.starts) == features + 1
            and len(self.labels) == len(self.steps) == self.starts[-1]
            and self.starts[0] == 0
            and bool((np.diff(self.starts) >= 0).all())
            and bool((np.diff(self.vocabulary.features) > 0).all())
            and bool((self.labels < techniques).all())
            and {len(self.scale), len(self.bias), len(self.offset)} == {techniques}
            and len(self.curve.logits) == len(self.curve.chances) > 0
        )
        if not fits:
            raise ValueError("its arrays do not fit each other")


def _member(archive: zipfile.ZipFile, name: str, kind: Any) -> NDArray[Any]:
    info = archive.getinfo(f"{name}.npy")
    if info.file_size > _LARGEST_ARRAY:
        raise ValueError(f"{name} is too large")
    array: NDArray[Any] = np.lib.format.read_array(
        io.BytesIO(archive.read(info)), allow_pickle=False
    )
    if array.ndim != 1 or array.dtype != kind:
        raise ValueError(f"{name} has another type than it should")
    return array
