"""What can go wrong with the lake."""

from __future__ import annotations


class LakeError(Exception):
    """The lake could not be read or written; the text names the table and the way out."""


class ConcurrentSourceError(LakeError):
    """Another process wrote records of the same source at the same moment."""


class EngineError(LakeError):
    """An engine could not be started or could not compute an expression."""


class HuntError(LakeError):
    """A hunting query was refused or failed; the text names the position where there is one."""
