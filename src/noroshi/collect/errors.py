"""What can go wrong while evidence is read."""

from __future__ import annotations


class CollectError(Exception):
    """Evidence could not be read; the text names the file and the way out."""


class UnknownFormatError(CollectError):
    """No collector knows the content."""


class UnsafeArchiveError(CollectError):
    """An archive tries to write outside itself, is a bomb, or nests too deep."""
