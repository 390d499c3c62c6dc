"""Errors of the drill room."""

from __future__ import annotations


class DrillError(Exception):
    """A drill cannot go on; the text names the file or value and the way out."""


class NoRoadError(DrillError):
    """The simulated organisation's networks let no such connection through."""
