"""What can go wrong with the lake."""

from __future__ import annotations


class LakeError(Exception):
    """The lake could not be read or written; the text names the table and the way out."""


class ConcurrentSourceError(LakeError):
    """Another process wrote records of the same source at the same moment."""
