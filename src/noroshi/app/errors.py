"""What can go wrong at the edge."""

from __future__ import annotations


class AppError(Exception):
    """A command cannot do what it was asked; the text says why and what to do."""
