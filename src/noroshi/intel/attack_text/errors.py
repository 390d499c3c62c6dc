"""What may go wrong with technique models."""

from __future__ import annotations

from noroshi.intel.errors import IntelError


class TechniqueModelError(IntelError):
    """A model or the data to train one from cannot be used; says which and what to do."""
