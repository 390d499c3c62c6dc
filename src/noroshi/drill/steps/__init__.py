"""The library of steps; each file holds one tactic, and a new step is found by itself."""

from __future__ import annotations

from noroshi.drill.steps.library import by_technique, library
from noroshi.drill.steps.step import Gift, Need, Step, Tactic

__all__ = ["Gift", "Need", "Step", "Tactic", "by_technique", "library"]
