"""What can go wrong in writing an after-action report."""

from __future__ import annotations

from noroshi.drill.errors import DrillError


class ReviewError(DrillError):
    """A report cannot be written; the text says why and what to do."""
