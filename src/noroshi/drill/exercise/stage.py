"""Where every exercise plays: a scenario bound to a seed, told and written under the actions."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from noroshi import __version__
from noroshi.drill.action import Action, Defences
from noroshi.drill.event import Event
from noroshi.drill.exercise.cut import Cut
from noroshi.drill.exercise.outcome import HostFact, Outcome, PersonFact
from noroshi.drill.exercise.sight import looked
from noroshi.drill.exercise.state import Settings
from noroshi.drill.intruder.bind import Bound, bind
from noroshi.drill.intruder.lived import alerted
from noroshi.drill.intruder.play import Story, tell
from noroshi.drill.intruder.way import SEGMENTS, segment, services
from noroshi.drill.observe.look import Seen
from noroshi.drill.scenario.brief import Brief
from noroshi.drill.scenario.briefing import brief
from noroshi.drill.scenario.schema import ScenarioOf, parse
from noroshi.drill.scenario.shelf import opened, scenario
from noroshi.drill.world import TOWN, TOWN_EN


class ScenarioStage:
    """Plays any scenario: one background a seed, and the story told anew under the actions."""

    def open(self, name: str, seed: int, difficulty: int, team: str) -> Settings:
        """Return what is fixed for an exercise.

        Raises:
            DrillError: no such scenario or level.
        """
        raw, story = opened(name)
        bound = bind(raw, seed, difficulty)
        begin, end = bound.clock(bound.scenario.begin), bound.clock(bound.scenario.end)
        alert = bound.clock(bound.setting.alert)
        return Settings(raw.name, seed, difficulty, team, begin, alert, end, __version__, story)

    def tell(self, settings: Settings, actions: tuple[Action, ...]) -> Outcome:
        """Return the future under actions."""
        bound = _bound(settings)
        story = _told(settings, actions)
        world, raw = bound.world, bound.scenario
        hosts = {
            host.name: HostFact(
                host.name, host.ip, host.role, host.owner.department if host.owner else "",
                host.owner.login if host.owner else "",
            )
            for host in world.hosts.values()
        }  # fmt: skip
        people = {
            person.login: PersonFact(
                person.login, person.name, person.department, world.pc_of(person).name
            )
            for person in world.people
        }
        named = raw.organisation.name
        return Outcome(
            named.ja if named else TOWN, hosts, people, frozenset(world.accounts),
            services(bound), tuple(each.fact for each in story.played),
            tuple(sorted((h for each in story.played for h in each.harm), key=lambda h: h.time)),
            _brief(settings),
            {name: tuple(h.name for h in world.hosts.values() if segment(h) == name)
             for name in SEGMENTS},
            frozenset(w for site in bound.cast.sites.values() for w in (site.name, site.ip)),
            named.en if named else TOWN_EN,
        )  # fmt: skip

    def write(
        self, settings: Settings, actions: tuple[Action, ...], begin: int, end: int, folder: Path
    ) -> None:
        """Write the evidence of a window."""
        bound = _bound(settings)
        story = _told(settings, actions)
        for seen in window(bound, story, Defences(actions), begin, end):
            for sheet in seen.sheets:
                sheet.save(folder)


def window(
    bound: Bound, story: Story, defences: Defences, begin: int, end: int,
    numbers: Mapping[int, int] | None = None,
) -> Iterator[Seen]:  # fmt: skip
    """Yield what the level's sensors write within ``begin <= time < end``."""
    events = happened(bound, story, defences, 0, end)
    first = bisect_left(events, begin, key=lambda event: event.time)
    yield from looked(bound, events[:first], events[first:], begin, end, numbers)


def happened(bound: Bound, story: Story, defences: Defences, begin: int, end: int) -> list[Event]:
    """Return what happened within ``begin <= time < end``, in order.

    The endpoint product speaks of each try of a step for itself, so that one which did not happen
    changes nothing in what it says of the others.
    """
    cut = Cut(bound.world, defences)
    lived = bound.lived
    everything: list[Event] = [*lived.day.events, *lived.alerts]
    for each in story.played:
        everything += each.events
        everything += alerted(lived.day, each.events)
    found = [event for event in everything if begin <= event.time < end]
    return sorted(cut.through(found), key=lambda event: event.time)


def _bound(settings: Settings) -> Bound:
    """Return the scenario that the exercise began with, bound to its seed."""
    raw = _kept(settings.story) if settings.story else scenario(settings.scenario)
    return bind(raw, settings.seed, settings.difficulty)


@lru_cache(maxsize=16)
def _kept(story: str) -> ScenarioOf:
    return parse(story, "the exercise's own scenario")


@lru_cache(maxsize=64)
def _told(settings: Settings, actions: tuple[Action, ...]) -> Story:
    return tell(_bound(settings), Defences(actions))


@lru_cache(maxsize=16)
def _brief(settings: Settings) -> Brief:
    return brief(_bound(settings))
