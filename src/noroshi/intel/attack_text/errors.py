"""What may go wrong with technique models."""

from __future__ import annotations


class TechniqueModelError(Exception):
    """A model or the data to train one from cannot be used; says which and what to do."""
