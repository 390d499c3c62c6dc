"""Indicator life: how much an indicator is worth today, and why."""

from __future__ import annotations

from noroshi.intel.life.decay import DECAYS, Decay
from noroshi.intel.life.score import Reason, Score, Seen, score
from noroshi.intel.life.store import LifeStore, Source, Verdict

__all__ = [
    "DECAYS", "Decay", "LifeStore", "Reason", "Score", "Seen", "Source", "Verdict", "score",
]  # fmt: skip
