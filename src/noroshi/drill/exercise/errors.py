"""What can go wrong in an exercise."""

from __future__ import annotations


class ExerciseError(Exception):
    """An exercise cannot go on as asked; the text says why and what to do."""


class TamperedLogError(ExerciseError):
    """An exercise log does not hang together: somebody changed, removed or added a line."""
