"""A sensor, and everything that may be wrong with it; declared, so that no gap is a surprise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from noroshi.drill.event import Event
from noroshi.drill.world import World
from noroshi.drill.write.sheet import Sheet

Writer: TypeAlias = Callable[[Sequence[Event], World], Iterable[Sheet]]


@dataclass(frozen=True, slots=True)
class Outage:
    """A span in which a sensor saw nothing; µs since 1970 UTC, ``end`` not included."""

    begin: int
    end: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be wrong with a sensor. The default is a perfect one.

    Attributes:
        missing: whether it is not there at all.
        hosts: the only machines that it covers; None for all.
        outages: spans in which it saw nothing.
        sampling: one connection of so many is seen.
        skew: how far its clock is ahead, µs. It holds for the whole sensor.
        drift: how much further ahead the clock gets in a day, µs.
        late: when its records come to be seen after they were written, µs.
        kept_since: what was written before is gone (rotation); 0 keeps everything.
        max_records: a file keeps its newest records only; 0 for no limit.
        max_line: longer lines are cut, characters; 0 for no limit.
        damaged: one line of so many has its first letter beyond ASCII replaced by U+FFFD; 0: none.
    """

    missing: bool = False
    hosts: frozenset[str] | None = None
    outages: tuple[Outage, ...] = ()
    sampling: int = 1
    skew: int = 0
    drift: int = 0
    late: int = 0
    kept_since: int = 0
    max_records: int = 0
    max_line: int = 0
    damaged: int = 0


PERFECT = Limits()


@dataclass(frozen=True, slots=True)
class Sensor:
    """Something that writes evidence.

    Attributes:
        name: short, unique in an organisation.
        place: where it stands, for people; behind or before address translation, for instance.
        write: makes its files out of the events that it was let see.
        limits: what is wrong with it.
        kinds: the only kinds of events that it writes about, so that nobody need show it others;
            none for any.
    """

    name: str
    place: str
    write: Writer
    limits: Limits = PERFECT
    kinds: frozenset[type[Event]] = frozenset()
