"""What can go wrong in grading."""

from __future__ import annotations


class GradingError(Exception):
    """A document cannot be graded; the text says why and what to do."""
