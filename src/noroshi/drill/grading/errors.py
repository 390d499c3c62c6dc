"""What can go wrong in grading."""

from __future__ import annotations

from noroshi.drill.errors import DrillError


class GradingError(DrillError):
    """A document cannot be graded; the text says why and what to do."""
