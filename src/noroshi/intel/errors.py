"""What can go wrong with knowledge."""

from __future__ import annotations


class IntelError(Exception):
    """Knowledge could not be read, kept or used; the text says which, why and what to do."""
