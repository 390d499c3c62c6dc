"""One step's own sheet over the day: it sees the day's machines and shifts nobody's dice.

Ports, process numbers, logon ids and connection ids of a step come from the step's name alone, so
that a step that did not happen, or happened at another time, changes nothing in the others.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections import ChainMap
from collections.abc import Sequence

from noroshi.drill.clock import MINUTE
from noroshi.drill.day import Day
from noroshi.drill.dice import Dice
from noroshi.drill.event import Event, Process
from noroshi.drill.numbering import ORDINARY, PROCESS_PACE, process_ids
from noroshi.drill.world import Host

_ROOM = 24
"""Numbers on one host that a step has for itself; a step that needs more takes the next ones."""
_FIRST = 1_200
_PLACES = 250
_NUMBERS = 12
"""Process ids that a step has for itself on each host."""
_APART = 7_001
_FRESH = 5 * MINUTE


class Layer(Day):
    """A day to which one step of the story adds its events."""

    def __init__(self, under: Day, seed: int, step: str, place: int) -> None:
        super().__init__(under.world, seed, under.number, under.period)
        self._under = under
        self._name = step
        self._place = place % _PLACES
        self._step = step
        self._uids = Dice(f"{seed}/{step}/uid")
        self.boots = under.boots
        self.ends = ChainMap({}, under.ends)

    def stream(self, *name: str, number: int | None = None) -> random.Random:
        """Return dice of this step alone."""
        return super().stream(self._name, *name, number=number)

    def serial(self, kind: str, host: Host, start: int = 1) -> int:
        """Count from a number that belongs to this step."""
        first = start + _FIRST + self._place * _ROOM
        return super().serial(kind, host, first)

    def _slot(self, kind: str, host: Host, wanted: int) -> int:
        """Return a number that is free on this sheet and on the day below it."""
        used = self._slots.setdefault((kind, host.name), set())
        below = self._under.slots(kind, host)
        while wanted in used or wanted in below:
            wanted += 1
        used.add(wanted)
        return wanted

    def _process_id(self, host: Host, time: int) -> tuple[int, int]:
        """Return a process id out of those that no other step and no day uses."""
        slot = self._slot("process", host, (time - self.boots.get(host.name, 0)) // PROCESS_PACE)
        first = ORDINARY + self._place * _NUMBERS
        own = process_ids(self._seed)[first : first + _NUMBERS]
        for turn in range(_NUMBERS):
            pid = own[(slot + turn) % _NUMBERS]
            if self._is_free(host, pid, time):
                return pid, slot + _APART * self._place
        return super()._process_id(host, time)

    def of_number(self, host: Host, pid: int) -> Sequence[Process]:
        """Return the processes of a host that have had a process id."""
        return (*self._under.of_number(host, pid), *super().of_number(host, pid))

    def system(self, host: Host, name: str) -> Process:
        """Return a process that runs on the machine since it was started."""
        return self._under.system(host, name)

    def knows(self, host: Host, name: str, time: int) -> bool:
        """Tell whether a name was resolved shortly before, in the day itself."""
        known = self._under.known(host, name)
        place = bisect_right(known, time)
        return bool(place) and time - known[place - 1] < _FRESH

    def resolve(
        self, host: Host, name: str, answer: str, time: int, process: Process | None = None,
        ttl: int = 0,
    ) -> int:  # fmt: skip
        """Make sure that a host knows a name; what the day has just resolved is known."""
        if self.knows(host, name, time):
            return time
        return super().resolve(host, name, answer, time, process, ttl or 60 * MINUTE)

    def add(self, event: Event) -> None:
        """Let something happen, as part of this step."""
        if not event.step:
            object.__setattr__(event, "step", self._name)
        self.events.append(event)
