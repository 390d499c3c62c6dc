"""What can go wrong in an exercise."""

from __future__ import annotations

from noroshi.drill.errors import DrillError


class ExerciseError(DrillError):
    """An exercise cannot go on as asked; the text says why and what to do."""


class TamperedLogError(ExerciseError):
    """An exercise log does not hang together: somebody changed, removed or added a line."""
