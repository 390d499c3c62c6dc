"""A kind of feed: how its content is recognised and read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from noroshi.collect.feeds.door import Door
from noroshi.collect.feeds.item import Item

Read: TypeAlias = Callable[[Door, dict[str, Any]], Iterator[Item]]
"""Yields items; may move the position on when everything before it has been yielded."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of feed.

    Attributes:
        name: as the command line writes it.
        about: what it reads.
        read: reads it.
        fits: tells from first bytes and address whether content is of this kind.
        whole: whether each pull reads all of what the feed says, so that one that is suddenly
            much shorter is suspicious.
    """

    name: str
    about: str
    read: Read
    fits: Callable[[bytes, str], bool]
    whole: bool = False
