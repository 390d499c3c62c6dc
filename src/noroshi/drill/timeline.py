"""The time of a day, the dice that fall in it, and what has happened so far.

Randomness comes from one stream per entity, so that what one does never shifts another's dice.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

from noroshi.drill.clock import HOUR, MINUTE, SECOND
from noroshi.drill.dice import Dice
from noroshi.drill.event import Event
from noroshi.drill.numbering import Numbering
from noroshi.drill.period import Period


class Timeline(Numbering):
    """What happens on a day, under the numbers that are taken.

    A story that spans days is played as a whole on each day of the period, before ordinary life:
    acts may lie on any day, and only what falls on this one is kept.

    Attributes:
        events: everything so far; sort by time before use.
        period: the days that this one is one of.
        number: which of them, from 0.
        begin, until: this day, µs since 1970 UTC.
    """

    def __init__(self, seed: int, number: int, period: Period) -> None:
        super().__init__(seed)
        self.events: list[Event] = []
        self.period = period
        self.number = number
        self.begin, self.until = (period.midnight(each) for each in (number, number + 1))
        self._date = str(period.date(number))
        self._streams: dict[str, Dice] = {}
        self._todays: dict[tuple[str, ...], Dice] = {}
        self._step = ""

    def at(self, hour: int, minute: int = 0, second: float = 0.0, number: int | None = None) -> int:
        """Return a time of this day, or of another of the period, by the clock on the wall."""
        begin = self.begin if number is None else self.period.midnight(number)
        return begin + hour * HOUR + minute * MINUTE + round(second * SECOND)

    def stream(self, *name: str, number: int | None = None) -> random.Random:
        """Return the dice of one entity on this day (or another); a story has dice of its own."""
        if self._step:
            return self._dice("story", *name)
        if number is not None:
            return self._dice(str(self.period.date(number)), *name)
        found = self._todays.get(name)
        if found is None:
            found = self._todays[name] = self._dice(self._date, *name)
        return found

    def _dice(self, *name: str) -> Dice:
        key = "/".join(name)
        if key not in self._streams:
            self._streams[key] = Dice(f"{self._seed}/{key}")
        return self._streams[key]

    def steady(self, *name: str) -> random.Random:
        """Return fresh dice that fall alike on every day: for what an entity is like."""
        return random.Random(f"{self._seed}/steady/{'/'.join(name)}")  # noqa: S311

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Mark what happens inside as one step of the story."""
        before, self._step = self._step, name
        try:
            yield
        finally:
            self._step = before

    def add(self, event: Event) -> None:
        """Let something happen, if it happens on this day.

        Ordinary life of this day may end a little after midnight; a story's next day is told then.
        """
        if event.time < self.begin:
            return
        if self._step:
            if event.time >= self.until:
                return
            if not event.step:
                object.__setattr__(event, "step", self._step)
        self.events.append(event)

    def about(self, time: int) -> int:
        """Return a time within the second after the given one: nobody acts on the full second."""
        return time + self.stream("about").randrange(SECOND)
