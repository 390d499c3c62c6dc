"""How well an order is met.

Source: Spearman, "The proof and measurement of association between two things", American Journal
of Psychology 1904.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def spearman(values: Sequence[float]) -> float:
    """Return the rank correlation of values with the order in which they stand, -1 to 1.

    Equal values share the mean of their ranks; all equal gives 0.
    """
    given = np.asarray(values, float)
    ranks = np.array([(given < one).sum() + ((given == one).sum() - 1) / 2 for one in given])
    if len(ranks) < 2 or np.ptp(ranks) == 0:
        return 0.0
    return float(np.corrcoef(np.arange(len(ranks)), ranks)[0, 1])
