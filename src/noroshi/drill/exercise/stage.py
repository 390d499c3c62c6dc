"""Where every exercise plays: a scenario bound to a seed, told and written under the actions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from noroshi import __version__
from noroshi.drill.action import Action, Defences
from noroshi.drill.event import Event, Executed, SyslogLine
from noroshi.drill.exercise.cut import Cut
from noroshi.drill.exercise.outcome import HostFact, Outcome, PersonFact
from noroshi.drill.exercise.state import Settings
from noroshi.drill.intruder.bind import Bound, bind
from noroshi.drill.intruder.play import Story, tell
from noroshi.drill.intruder.sensors import sensors, written
from noroshi.drill.intruder.way import SEGMENTS, segment, services
from noroshi.drill.scenario.brief import Brief
from noroshi.drill.scenario.briefing import brief
from noroshi.drill.scenario.schema import ScenarioOf, parse
from noroshi.drill.scenario.shelf import opened, scenario
from noroshi.drill.world import TOWN, TOWN_EN
from noroshi.drill.write.cloud import write_audit_log, write_sign_ins
from noroshi.drill.write.firewall import write_firewall
from noroshi.drill.write.fortigate import write_vpn
from noroshi.drill.write.help_desk import write_calls, write_tickets
from noroshi.drill.write.linux import write_audit, write_syslog
from noroshi.drill.write.mail import write_mail
from noroshi.drill.write.operations import write_operations
from noroshi.drill.write.sector import write_abuse, write_alarms, write_charts, write_historian
from noroshi.drill.write.sheet import Sheet
from noroshi.drill.write.squid import write_squid
from noroshi.drill.write.web import write_web
from noroshi.drill.write.windows import write_windows
from noroshi.drill.write.zeek import write_zeek


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
        events = happened(bound, story, Defences(actions), begin, end)
        for sheet in sheets(bound, events):
            if sheet.records:
                sheet.save(folder)


def happened(bound: Bound, story: Story, defences: Defences, begin: int, end: int) -> list[Event]:
    """Return what happened within ``begin <= time < end``, in order."""
    cut = Cut(bound.world, defences)
    everything = [*bound.lived.day.events, *(e for each in story.played for e in each.events)]
    window = [event for event in everything if begin <= event.time < end]
    return sorted(cut.through(window), key=lambda event: event.time)


def sheets(bound: Bound, events: Sequence[Event]) -> Iterator[Sheet]:
    """Yield the files that the level's sensors write of some events."""
    world, missing = bound.world, bound.setting.missing

    def of(sensor: str) -> list[Event]:
        return written(events, world, missing, sensor)

    yield write_windows(of("windows"), world.hosts)
    yield write_squid(of("proxy"))
    yield from write_zeek(of("zeek"))
    yield write_firewall(of("firewall"))
    yield write_mail(of("mail"), world)
    yield write_web(of("web"))
    yield from _linux(of("linux"))
    kept = [event for event in of("records") if "records" in sensors(event, world)]
    for write in _RECORDS:
        yield write(kept)
    yield write_audit_log(kept, world)
    yield write_sign_ins(kept, world)
    yield write_operations(kept, world)
    yield write_tickets(kept, world)


_RECORDS: tuple[Callable[[Sequence[Event]], Sheet], ...] = (
    write_vpn, write_calls, write_historian, write_alarms, write_charts,
    write_abuse,
)  # fmt: skip


def _linux(events: Sequence[Event]) -> Iterator[Sheet]:
    """One folder for each Linux machine."""
    by_host: dict[str, list[Event]] = {}
    for event in events:
        if isinstance(event, SyslogLine | Executed):
            by_host.setdefault(event.host.name.lower(), []).append(event)
    for name, lines in sorted(by_host.items()):
        for sheet in (write_syslog(lines), write_audit(lines)):
            sheet.name = f"{name}/{sheet.name.rpartition('/')[2]}"
            yield sheet


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
