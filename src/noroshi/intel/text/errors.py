"""What can go wrong while a report is read."""

from __future__ import annotations

from noroshi.intel.errors import IntelError


class TextError(IntelError):
    """A report or a piece of knowledge could not be read; the text names it and the way out."""


class ReportError(TextError):
    """A report cannot be read at all."""


class KnowledgeError(TextError):
    """A suffix list or a list of names is not in the format it should have."""
