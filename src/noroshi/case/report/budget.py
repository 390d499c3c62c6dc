"""A bound on how long a report grows, whatever is in the evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from markupsafe import escape

_MARKUP = 700
"""Bytes of markup around one entry of a list, roughly."""

_PER_TEXT = 60
"""Bytes of markup around one text, roughly."""


class Budget:
    """Bytes that may still be written.

    Args:
        limit: bytes at the start.
    """

    def __init__(self, limit: int) -> None:
        self.left = limit

    def spend(self, entry: object) -> bool:
        """Take an entry's size in HTML off the budget; False, and nothing more, if it is spent."""
        cost = _MARKUP + sum(_PER_TEXT + len(escape(text).encode()) for text in _texts(entry))
        if cost > self.left:
            self.left = 0
            return False
        self.left -= cost
        return True


def _texts(entry: object) -> Iterator[str]:
    if isinstance(entry, str):
        yield entry
    elif isinstance(entry, tuple):
        for item in entry:
            yield from _texts(item)
    elif is_dataclass(entry):
        for item in fields(entry):
            yield from _texts(getattr(entry, item.name))
