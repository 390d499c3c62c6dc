"""What goes into the object store and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MEDIA_TYPE = "application/stix+json;version={}"

UNBOUNDED = 1 << 50


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where objects came from.

    Attributes:
        source: who said so: feed, account, file or person.
        retrieved: when, µs since 1970 UTC.
        by: what took them in: a command, a feed's kind, TAXII.
        confidence: 0 to 100, of the source; None where nobody said.
    """

    source: str
    retrieved: int
    by: str
    confidence: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """An object that was not taken in.

    Attributes:
        id: as it was given, ``?`` where there is none.
        reason: what is wrong with it.
        version: its ``modified`` as it was given; empty where there is none.
    """

    id: str
    reason: str
    version: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    """What came of adding objects.

    Attributes:
        add: number of this addition, for :meth:`ObjectStore.undo`; 0 if nothing was new.
        new: objects not known before.
        versions: further versions of known objects.
        unchanged: versions that were there already.
        refused: objects not taken in, with the reason.
    """

    add: int
    new: int
    versions: int
    unchanged: int
    refused: tuple[Refused, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """TAXII 2.1's filters (section 3.4). Empty means: any.

    Attributes:
        ids: object ids.
        types: object types.
        versions: ``last``, ``first``, ``all`` or exact versions.
        spec_versions: ``2.0``, ``2.1``; empty means the newest that an object has.
    """

    ids: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    versions: tuple[str, ...] = ("last",)
    spec_versions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A version of an object as a reader sees it.

    Attributes:
        number: place in the order in which entries were added; grows and is never given again.
        id: object id.
        version: its ``modified``, else its ``created``, else when it was added, as a timestamp.
        date_added: µs since 1970 UTC, never less than that of a smaller number; within a
            collection always greater.
        media_type: as TAXII writes it.
        object: the object itself, without what the reader may not see.
    """

    number: int
    id: str
    version: str
    date_added: int
    media_type: str
    object: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much one page may cost.

    Attributes:
        limit: entries.
        most: bytes of objects, as JSON; the last object may go beyond.
        look: rows looked at, of which the reader may see few or none.
    """

    limit: int
    most: int = UNBOUNDED
    look: int = UNBOUNDED


@dataclass(frozen=True, slots=True)
class Page:
    """Entries in the order of their numbers, and whether more may follow.

    Attributes:
        entries: what the reader may see; fewer than asked for, or none, where a bound was met.
        more: whether to go on; what follows may still turn out to be hidden.
        after: number to go on from.
    """

    entries: tuple[Entry, ...]
    more: bool
    after: int
