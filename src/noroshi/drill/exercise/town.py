"""The built-in day as a stage: its one incident, step by step, under the actions taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from noroshi import __version__
from noroshi.drill import demo, story
from noroshi.drill.action import Action, Defences
from noroshi.drill.clock import at
from noroshi.drill.day import Day
from noroshi.drill.event import (
    Event,
    Flow,
    LogonFailed,
    Process,
    ProxyRequest,
    Resolved,
    Session,
    TicketGranted,
)
from noroshi.drill.exercise.errors import ExerciseError
from noroshi.drill.exercise.outcome import (
    Harm,
    HostFact,
    Outcome,
    PersonFact,
    Status,
    StepFact,
)
from noroshi.drill.exercise.state import Settings
from noroshi.drill.world import SYSTEM_ACCOUNT, TOWN, Host, World
from noroshi.drill.write.firewall import write_firewall
from noroshi.drill.write.linux import write_audit, write_syslog
from noroshi.drill.write.mail import write_mail
from noroshi.drill.write.squid import write_squid
from noroshi.drill.write.web import write_web
from noroshi.drill.write.windows import write_windows
from noroshi.drill.write.zeek import write_zeek
from noroshi.lang import N_, Message

NAME = "mail-macro"


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a step needs: steps before it, an outside address, and what harm it does."""

    after: str = ""
    outside: tuple[str, ...] = ()
    harm: float = 0.0


_PLANS = {
    "lure": _Plan(),
    "opened": _Plan("lure"),
    "macro": _Plan("opened"),
    "download": _Plan("macro", (story.DROP.ip,), 2.0),
    "autostart": _Plan("download"),
    "beacon": _Plan("download", (story.COMMAND.name,)),
    "discovery": _Plan("beacon", (story.COMMAND.name,)),
    "credentials": _Plan("discovery", (story.COMMAND.name,), 8.0),
    "failed": _Plan("credentials", (story.COMMAND.name,)),
    "lateral-files": _Plan("credentials", (story.COMMAND.name,), 10.0),
    "lateral-dc": _Plan("credentials", (story.COMMAND.name,), 15.0),
    "directory": _Plan("lateral-dc", (), 15.0),
    "staging": _Plan("lateral-files", (), 5.0),
    "collect": _Plan("staging", (story.COMMAND.name,), 5.0),
    "exfiltration": _Plan("collect", (story.STORAGE.name,), 40.0),
    "cleared": _Plan("lateral-files", (story.COMMAND.name,)),
}
_TOLD = {step.name: step for step in story.STEPS}


class TownStage:
    """The built-in day: one simulation a seed; actions then decide what of it came to be."""

    def open(self, scenario: str, seed: int, difficulty: int, team: str) -> Settings:
        """Return the settings of the built-in day.

        Raises:
            ExerciseError: another scenario is asked for.
        """
        if scenario != NAME:
            raise ExerciseError(f"there is no scenario {scenario!r}; there is {NAME!r}")
        alert = at({1: 10, 2: 11, 3: 13}[difficulty], 50)
        return Settings(scenario, seed, difficulty, team, at(6), alert, at(23, 55), __version__)

    def tell(self, settings: Settings, actions: tuple[Action, ...]) -> Outcome:
        """Return the future under actions."""
        lived = _lived(settings.seed)
        day = lived.day
        facts = _played(lived, Defences(actions))
        hosts = {
            host.name: HostFact(
                host.name, host.ip, host.role, host.owner.department if host.owner else "",
                host.owner.login if host.owner else "",
            )
            for host in day.world.hosts.values()
        }  # fmt: skip
        people = {
            person.login: PersonFact(
                person.login, person.name, person.department, day.world.pc_of(person).name
            )
            for person in day.world.people
        }
        counter = [name for name, host in hosts.items() if host.department == "住民課"]
        return Outcome(
            TOWN, hosts, people, frozenset(day.world.accounts),
            {"counter": tuple(counter[:1]), "file-sharing": ("FS01",), "logon": ("DC01",),
             "web": ("WWW01",), "mail": ("MX01",)},
            tuple(fact for fact, _ in facts), tuple(h for _, harm in facts for h in harm),
        )  # fmt: skip

    def write(
        self, settings: Settings, actions: tuple[Action, ...], begin: int, end: int, folder: Path
    ) -> None:
        """Write the evidence of a window."""
        lived = _lived(settings.seed)
        day = lived.day
        defences = Defences(actions)
        done = {fact.id for fact, _ in _played(lived, defences) if fact.happened}
        cut = _Cut(day.world, defences)
        window = [event for event in lived.events if begin <= event.time < end]
        fell = {
            id(flow)
            for event in window
            if isinstance(event, ProxyRequest) and cut.stops(event)
            for flow in (event.inner, event.outer)
        }
        events = [
            event
            for event in window
            if id(event) not in fell and not cut.stops(event) and _comes(event, done, defences)
        ]
        for sheet in (
            write_windows(events, day.world.hosts), write_squid(events), *write_zeek(events),
            write_firewall(events), write_mail(events), write_syslog(events), write_audit(events),
            write_web(events),
        ):  # fmt: skip
            if sheet.records:
                sheet.save(folder)


@dataclass(frozen=True)
class _Lived:
    """The untouched day: everything in order, and the events of each step."""

    day: Day
    events: tuple[Event, ...]
    by_step: Mapping[str, Sequence[Event]]


@lru_cache(maxsize=4)
def _lived(seed: int) -> _Lived:
    day = demo.simulate(seed)
    events = tuple(demo.in_order(day))
    by_step: dict[str, list[Event]] = {}
    for event in events:
        if event.step:
            by_step.setdefault(event.step, []).append(event)
    return _Lived(day, events, by_step)


def _played(lived: _Lived, defences: Defences) -> list[tuple[StepFact, tuple[Harm, ...]]]:
    day = lived.day
    facts: dict[str, tuple[StepFact, tuple[Harm, ...]]] = {}
    for name, events in sorted(lived.by_step.items(), key=lambda item: item[1][0].time):
        plan, fact = _PLANS[name], _fact(name, events, day.world)
        before = facts.get(plan.after)
        because = _hindrance(fact, plan, before[0] if before else None, defences)
        if because:
            status = Status.SKIPPED if before and not before[0].happened else Status.BLOCKED
            facts[name] = (replace(fact, status=status, seen=0, because=because), ())
        else:
            facts[name] = (fact, tuple(_harm(fact, plan, events, day.world, defences)))
    return list(facts.values())


def _hindrance(
    fact: StepFact, plan: _Plan, before: StepFact | None, defences: Defences
) -> Message | None:
    if before and not before.happened:
        return Message(N_("what it builds on did not come about"))
    for host in fact.hosts:
        if defences.isolated(host, fact.time):
            return Message(N_("{host} was off the network"), {"host": host})
        if before and defences.restored(host, before.time, fact.time):
            return Message(N_("{host} had been rebuilt"), {"host": host})
    for name in plan.outside:
        if defences.blocked(name, fact.time):
            return Message(N_("{name} was blocked"), {"name": name})
    for login in fact.accounts:
        if defences.disabled(login, fact.time) or defences.reset(login, 0, fact.time):
            return Message(N_("the account {login} no longer worked"), {"login": login})
    return None


def _fact(name: str, events: Sequence[Event], world: World) -> StepFact:
    told = _TOLD[name]
    machines = {ip: host for host in world.hosts.values() for ip in (host.ip, host.public_ip)}
    hosts: dict[str, None] = {}
    accounts: dict[str, None] = {}
    artefacts: dict[str, None] = {}
    for event in events:
        for process in filter(
            None, (getattr(event, "process", None), getattr(event, "target", None))
        ):
            if isinstance(process, Process):
                hosts[process.host.name] = None
                if process.program.marker and process.program.path != "System":
                    artefacts[process.program.sha256] = None
        session = getattr(event, "session", None)
        if isinstance(session, Session):
            hosts[session.host.name] = None
            if session.account is not SYSTEM_ACCOUNT:
                accounts[session.account.login] = None
        if isinstance(event, Flow) and event.target not in machines:
            artefacts[event.name or event.target] = None
        if isinstance(event, Resolved) and event.answer not in machines:
            artefacts[event.name] = None
        if isinstance(event, Flow) and event.source in machines and name != "lure":
            source = machines[event.source]
            if source.role == "pc":
                hosts[source.name] = None
    first = events[0].time
    data = ("税務課",) if name in ("staging", "collect", "exfiltration") else ()
    return StepFact(
        name, told.technique, told.title, Status.DONE, first, first, tuple(hosts),
        tuple(accounts), data, tuple(artefacts),
    )  # fmt: skip


def _harm(
    fact: StepFact, plan: _Plan, events: Iterable[Event], world: World, defences: Defences
) -> list[Harm]:
    if not plan.harm:
        return []
    host = fact.hosts[-1] if fact.hosts else ""
    if fact.id != "exfiltration":
        noticed = fact.id in ("lateral-files", "staging")
        return [Harm(fact.time, plan.harm, fact.title, host, noticed)]
    sent = [event.time for event in events if isinstance(event, Flow) and event.process]
    return [
        Harm(time, plan.harm / len(sent), fact.title, host)
        for time in sent
        if not defences.isolated(host, time)
        and not any(defences.blocked(name, time) for name in plan.outside)
    ]


def _comes(event: Event, done: set[str], defences: Defences) -> bool:
    """Whether an event of the story comes to be; ordinary life always does."""
    if not event.step:
        return True
    outside = _PLANS[event.step].outside
    return event.step in done and not any(defences.blocked(name, event.time) for name in outside)


class _Cut:
    """What isolation and switching off take out of the day, whoever does it."""

    def __init__(self, world: World, defences: Defences) -> None:
        names = {action.target.casefold() for action in defences.actions}
        hosts = [host for host in world.hosts.values() if host.name.casefold() in names]
        self._defences = defences
        self._by_ip = {host.ip: host.name for host in hosts}
        self._names = {host.name for host in hosts}

    def stops(self, event: Event) -> bool:
        """Tell whether an event cannot happen."""
        if not self._names:
            return False
        for name in _where(event):
            if name in self._names and self._defences.off(name, event.time):
                return True
        time, ends = _ends(event)
        return any(
            ip in self._by_ip and self._defences.isolated(self._by_ip[ip], time) for ip in ends
        )


def _where(event: Event) -> Iterator[str]:
    """Machines on which an event happens."""
    for name in ("process", "session"):
        found = getattr(event, name, None)
        if isinstance(found, Process | Session):
            yield found.host.name
    host = getattr(event, "host", None)
    if isinstance(host, Host):
        yield host.name


def _ends(event: Event) -> tuple[int, tuple[str, ...]]:
    """Addresses between which an event needs a network, and when it does.

    What happens in a session over the network stands and falls with its beginning.
    """
    match event:
        case Flow(source=source, target=target):
            return event.time, (source, target)
        case ProxyRequest(inner=inner):
            return inner.time, (inner.source, inner.target)
        case Resolved(host=host, server=server):
            return event.time, (host.ip, server)
        case TicketGranted(client=client, dc=dc):
            return event.time, (client, dc.ip)
        case LogonFailed(host=host, source=source) if source not in _HERE:
            return event.time, (source, host.ip)
    session = getattr(event, "session", None) or getattr(
        getattr(event, "process", None), "session", None
    )
    if isinstance(session, Session) and session.source not in _HERE:
        return session.started, (session.source, session.host.ip)
    return event.time, ()


_HERE = ("127.0.0.1", "-", "")
