"""Calibration: from how strongly a model feels to how often it is right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from noroshi.intel.attack_text.features import Floats


@dataclass(frozen=True, slots=True)
class Curve:
    """From logits to probabilities: rises in straight lines between knots.

    Attributes:
        logits: ascending.
        chances: what share of the sentences there told of the technique.
    """

    logits: Floats
    chances: Floats

    def __call__(self, logits: Floats) -> Floats:
        """Calibrate."""
        return np.interp(logits, self.logits, self.chances).astype(np.float32)
