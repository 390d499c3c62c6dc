"""A kind of feed: how its content is recognised and read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeAlias

import orjson

from noroshi.collect.feeds.door import Door
from noroshi.collect.feeds.errors import FeedError
from noroshi.collect.feeds.item import Form, Item
from noroshi.intel.indicators import Indicator

Read: TypeAlias = Callable[[Door, dict[str, Any]], Iterator[Item]]
"""Yields items; may move the position on when everything before it has been yielded."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of feed.

    Attributes:
        name: as the command line writes it.
        about: what it reads.
        read: reads it.
        fits: tells from first bytes and file name whether content is of this kind.
    """

    name: str
    about: str
    read: Read
    fits: Callable[[bytes, str], bool]


def load(data: bytes, where: str) -> Any:
    """Return JSON.

    Raises:
        FeedError: it is none.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise FeedError(f"{where}: not JSON: {error}") from error


def mapping(value: Any) -> dict[str, Any]:
    """Return a JSON object, empty for anything else."""
    return value if isinstance(value, dict) else {}


def listed(value: Any) -> list[Any]:
    """Return a JSON list, empty for anything else."""
    return value if isinstance(value, list) else []


def moment(text: Any) -> int:
    """Return an ISO 8601 or RFC 5322 time, or Unix seconds, as µs since 1970; 0 if it is none."""
    said = str(text or "").strip()
    try:
        if re.fullmatch(r"\d{9,10}", said):
            return int(said) * 1_000_000
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", said):
            found = datetime.combine(date.fromisoformat(said), datetime.min.time(), UTC)
        elif said[:4].isdecimal():
            found = datetime.fromisoformat(said)
        else:
            found = parsedate_to_datetime(said)
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        return max(int(found.timestamp() * 1_000_000), 0)
    except (ValueError, TypeError, OverflowError, IndexError):
        return 0


def indicator_item(one: Indicator) -> Item:
    """Return an indicator as an item."""
    body = {**asdict(one), "type": one.type.value, "labels": list(one.labels)}
    return Item(f"{one.type.value} {one.value}", Form.INDICATOR, body, one.valid_from)
