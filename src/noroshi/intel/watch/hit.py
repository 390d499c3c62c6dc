"""A notification: something new met what is watched."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from noroshi.lang import Message


@dataclass(frozen=True, slots=True)
class Hit:
    """One notification.

    Attributes:
        entry: number of the entry that was met.
        watched: its value.
        value: what met it.
        how: the path by which it matched.
        origin: who named it, or which sensor showed it.
        quote: the words around it.
        subject: id of the object or event.
        raised: µs since 1970 UTC.
        number: given when it was raised; 0 before.
        acknowledged: when somebody took note, µs since 1970 UTC; 0 if nobody has.
        by: who took note.
    """

    entry: int
    watched: str
    value: str
    how: Message
    origin: Message
    quote: str
    subject: str
    raised: int = 0
    number: int = 0
    acknowledged: int = 0
    by: str = ""

    @property
    def id(self) -> str:
        """Deterministic id: the same value named in the same place is one notification."""
        text = "\x1f".join((str(self.entry), self.value, self.subject))
        return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
