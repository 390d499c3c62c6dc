"""One thing that a feed says, whatever the feed's format."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson


class Form(StrEnum):
    """What an item is."""

    OBJECT = "object"
    """A STIX object, as it came."""
    INDICATOR = "indicator"
    """A value, with the fields of :class:`noroshi.intel.indicators.Indicator`."""
    EVENT = "event"
    """A name with values that belong together: a MISP event."""
    REPORT = "report"
    """A text to be read."""
    FLAW = "flaw"
    """What is said of a vulnerability."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item.

    Attributes:
        key: what makes it the same item at the next pull.
        form: what it is.
        body: its content, ready for JSON.
        date: when its source says it was published, µs since 1970 UTC; 0 if it does not.
        version: what of the body makes it a new version of the item; all of it if None.
        minor: not worth keeping unless an earlier version was kept.
    """

    key: str
    form: Form
    body: dict[str, Any]
    date: int = 0
    version: Any = None
    minor: bool = False

    @property
    def title(self) -> str:
        """What a person would call it."""
        body = self.body
        if self.form is Form.OBJECT:
            said = body.get("name") or body.get("value") or body.get("pattern") or body.get("id")
            return " ".join(f"{body.get('type', '')} {said}".split())
        if self.form in (Form.EVENT, Form.REPORT):
            return str(body.get("name") or self.key)
        return self.key

    @property
    def key_digest(self) -> bytes:
        """The key in 16 bytes."""
        return hashlib.sha256(f"{self.form}\x1f{self.key}".encode("utf-8", "replace")).digest()[:16]

    @property
    def digest(self) -> bytes:
        """The content in 16 bytes."""
        content = self.body if self.version is None else self.version
        return hashlib.sha256(orjson.dumps(content, option=_ORDERED)).digest()[:16]


_ORDERED = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS
