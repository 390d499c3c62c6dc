"""What can go wrong in writing an after-action report."""

from __future__ import annotations


class ReviewError(Exception):
    """A report cannot be written; the text says why and what to do."""
