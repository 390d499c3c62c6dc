"""What is to be made: how many people and days, which organisation, which story, which logs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from noroshi import __version__
from noroshi.drill.action import Defences
from noroshi.drill.crowd import grown
from noroshi.drill.errors import DrillError
from noroshi.drill.event import Event
from noroshi.drill.intruder.bind import bind_to, departments_of, rooms_of, servers_of
from noroshi.drill.intruder.lived import Lived
from noroshi.drill.intruder.play import tell
from noroshi.drill.observe.town import EVERY
from noroshi.drill.period import Period
from noroshi.drill.scenario.schema import ScenarioOf
from noroshi.drill.scenario.shelf import scenario
from noroshi.drill.world import Host, World, build_world, builtin_profile, make_world, read_profile

FORMATS = tuple(sensor.name for sensor in EVERY)
"""Sensors whose logs can be made."""
_TOWN = 42
_ADMINISTRATORS = "情報政策室"


@dataclass(frozen=True)
class Plan:
    """What is to be made.

    Attributes:
        staff: people of the organisation.
        first: the first day.
        days: how many.
        seed: same seed and plan, same bytes.
        formats: names of :data:`FORMATS`.
        profile: a kind of organisation or a profile's file; empty for the demonstration's town.
        scenario: name of a story that plays on one of the days; empty for none.
        level: how hard the story is.
    """

    staff: int
    first: date
    days: int
    seed: int = 1
    formats: tuple[str, ...] = FORMATS
    profile: str = ""
    scenario: str = ""
    level: int = 1

    @property
    def text(self) -> str:
        """The plan as it is kept beside the evidence."""
        about = [self.profile, self.scenario, self.level]
        plan = [__version__, self.staff, str(self.first), self.days, self.seed, *about]
        return json.dumps([*plan, *self.formats])

    def check(self) -> None:
        """Raise :class:`DrillError` for what cannot be made."""
        unknown = sorted(set(self.formats) - set(FORMATS))
        if unknown or not self.formats:
            raise DrillError(f"no format {', '.join(unknown)!r}; there are {', '.join(FORMATS)}")
        if self.days < 1:
            raise DrillError(f"{self.days} days: give at least one")
        if self.scenario and self.level not in self._story.levels:
            raise DrillError(
                f"{self.scenario}: no level {self.level}; there are {sorted(self._story.levels)}"
            )
        if self.scenario and not self.profile and self.staff < _TOWN:
            raise DrillError(f"{self.staff} staff: a story needs the whole town, at least {_TOWN}")
        there = {person.department for person in self.world.people}
        needed = departments_of(self._story, self.seed) if self.scenario else ()
        missing = [room for room in needed if self.world.room(room) not in there]
        if missing:
            raise DrillError(
                f"{self.scenario}: it needs departments that {self.world.name} does not have: "
                f"{', '.join(missing)}; leave --profile out, or give them to the profile"
            )

    @cached_property
    def world(self) -> World:
        """The organisation."""
        if self.profile:
            return _of_profile(self.profile, self.staff, self.seed, self._servers)
        rooms = self._story.organisation.rooms if self.scenario else {}
        return grown(build_world(self.seed, rooms, self._servers), self.staff)

    @cached_property
    def period(self) -> Period:
        """The days, with those who must be at work on the day of the story."""
        plain = Period(self.first, self.days, self.world.calendar)
        if not self.scenario:
            return plain
        rooms = (*self._rooms, _ADMINISTRATORS)
        there = {person.department for person in self.world.people}
        late = [self.world.of(room) for room in rooms if self.world.room(room) in there]
        return replace(plain, late={_middle(plain): frozenset(each.login for each in late)})

    @property
    def story_day(self) -> int:
        """The day on which the story plays, -1 for none: a workday in the middle."""
        return _middle(self.period) if self.scenario else -1

    def story(self, lived: Lived) -> list[Event]:
        """Return what the intruder does on a day that was lived through, till midnight."""
        bound = bind_to(self._story, self.seed, self.level, lived)
        played = tell(bound, Defences()).played
        return [e for each in played for e in each.events if e.time < lived.day.until]

    @cached_property
    def _story(self) -> ScenarioOf:
        return scenario(self.scenario)

    @property
    def _servers(self) -> Sequence[Host]:
        return servers_of(self._story) if self.scenario else ()

    @property
    def _rooms(self) -> tuple[str, ...]:
        return rooms_of(self._story, self.seed) if self.scenario else ()


def _middle(period: Period) -> int:
    later = range(period.days // 2, period.days)
    workdays = (number for number in (*later, *range(period.days)) if period.workday(number))
    return next(workdays, period.days // 2)


def _of_profile(name: str, staff: int, seed: int, servers: Sequence[Host]) -> World:
    path = Path(name)
    if path.suffix in (".yaml", ".yml"):
        profile = read_profile(path).model_copy(update={"staff": staff})
    else:
        profile = builtin_profile(name, staff=staff)
    world = make_world(profile, seed)
    return replace(world, hosts=world.hosts | {host.name: host for host in servers})
