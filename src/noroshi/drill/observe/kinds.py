"""Events by their kind, so that a sensor need not look through those that are none of its own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import chain

from noroshi.drill.event import Event


class ByKind:
    """The events of a day in order of time, which can be asked for by kind."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._events = events
        self._places: dict[type[Event], list[int]] = {}
        for place, event in enumerate(events):
            self._places.setdefault(type(event), []).append(place)

    def of(self, kinds: Collection[type[Event]]) -> Sequence[Event]:
        """Return the events of some kinds in order of time; all where no kind is named."""
        if not kinds:
            return self._events
        places = sorted(chain.from_iterable(self._places.get(kind, ()) for kind in kinds))
        return [self._events[place] for place in places]
