"""What goes wrong with an export."""

from __future__ import annotations

from noroshi.intel.errors import IntelError


class ExportError(IntelError):
    """An export cannot be written; the text says why and what to do."""
