"""The ground truth: each event of the story, why it came about, and which records show it.

``caused_by`` follows the objects that events share: who acts in a process does so because it was
started, a process because of its parent, a session because of its connection, a page because of the
name, a file because of the mail that carried it, and a step because of the step before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from noroshi.drill.clock import local
from noroshi.drill.event import (
    Event,
    FileWritten,
    Flow,
    LoggedOn,
    MailDelivered,
    Process,
    ProcessStarted,
    ProxyRequest,
    Resolved,
    Session,
)
from noroshi.drill.kind.network import Tunnel, TunnelOpened
from noroshi.drill.kind.office import Reported
from noroshi.drill.observe.look import Seen, Shown, host_of


@dataclass(frozen=True, slots=True)
class TrueEvent:
    """One event of the ground truth; ``number`` is its place among the story's events."""

    number: int
    event: Event
    caused_by: tuple[int, ...]
    shown: tuple[Shown, ...]

    @property
    def known(self) -> int:
        """When the first record about it could be read, µs since 1970 UTC; 0 for never."""
        return min((record.known for record in self.shown), default=0)


def numbered(events: Sequence[Event]) -> dict[int, int]:
    """Return the numbers of the story's events by ``id()``, in order of time."""
    story = (event for event in events if event.step)
    return {id(event): number for number, event in enumerate(story, 1)}


def truth(events: Sequence[Event], seen: Iterable[Seen]) -> list[TrueEvent]:
    """Return the story's events with causes and records."""
    numbers = numbered(events)
    makers = dict(_makers(events))
    inner = {id(each.outer): each.inner for each in events if isinstance(each, ProxyRequest)}
    shown: dict[int, list[Shown]] = {}
    for each in seen:
        for number, records in each.shown.items():
            shown.setdefault(number, []).extend(records)
    found, before, step = [], 0, ""
    for event in events:
        number = numbers.get(id(event), 0)
        if not number:
            continue
        causes = {
            numbers[id(maker)]
            for key in (*_needs(event), inner.get(id(event)))
            if (maker := makers.get(key)) is not None and id(maker) in numbers
            and numbers[id(maker)] != number and maker.time <= event.time
        }  # fmt: skip
        if event.step != step:
            causes |= {before} if before and not causes else set()
            step = event.step
        before = number
        records = tuple(sorted(shown.get(number, ()), key=lambda record: record.known))
        found.append(TrueEvent(number, event, tuple(sorted(causes)), records))
    return found


def knowable(story: Iterable[TrueEvent], time: int) -> list[TrueEvent]:
    """Return the events of which a record could be read by a time (µs since 1970 UTC)."""
    return [event for event in story if event.known and event.known <= time]


def as_json(story: Sequence[TrueEvent], events: Iterable[Event]) -> dict[str, object]:
    """Return the causal graph and the gaps of reports as plain objects."""
    return {
        "schema": "noroshi-drill-truth/2",
        "events": [
            {
                "id": f"e{each.number}",
                "time": local(each.event.time).isoformat(),
                "step": each.event.step,
                "kind": type(each.event).__name__,
                "host": host_of(each.event),
                "what": _what(each.event),
                "caused_by": [f"e{number}" for number in each.caused_by],
                "known": local(each.known).isoformat() if each.known else None,
                "seen": [
                    {
                        "file": record.file, "line": record.line,
                        "known": local(record.known).isoformat(),
                    }
                    for record in each.shown
                ],
            }
            for each in story
        ],
        "report_gaps": [
            {"report": event.number, "fact": fact.key, "text": fact.text, "vague": fact.vague,
             "why": fact.why}
            for event in events if isinstance(event, Reported)
            for fact in event.facts if fact.missing
        ],
    }  # fmt: skip


def _makers(events: Iterable[Event]) -> Iterator[tuple[object, Event]]:
    """Yield what each event brings into being, and the event."""
    contents: set[bytes] = set()
    for event in events:
        match event:
            case ProcessStarted(process=process):
                yield process, event
            case LoggedOn(session=session):
                yield session, event
            case Flow():
                yield event, event
                yield ("port", event.source, event.sport), event
            case TunnelOpened(tunnel=tunnel):
                yield tunnel.host.ip, event
            case Resolved(host=host, name=name):
                yield (host.name, name), event
            case MailDelivered(attachment=(_, _, bytes() as content)):
                if content not in contents:
                    contents.add(content)
                    yield content, event
            case FileWritten(path=path, process=process):
                yield (process.host.name, path.casefold()), event


def _needs(event: Event) -> Iterator[object]:
    """Yield what an event needs, in the terms of :func:`_makers`."""
    if isinstance(event, ProcessStarted):
        process = event.process
        yield process.parent
        yield (process.host.name, process.program.path.casefold())
        if '"' in process.command:
            for part in process.command.split('"')[1::2]:
                yield (process.host.name, part.casefold())
    for each in fields(event):
        value = getattr(event, each.name)
        if isinstance(value, Process | Session | Flow):
            yield value
        if isinstance(value, Tunnel):
            yield value.host.ip
    if isinstance(event, LoggedOn):
        yield ("port", event.session.source, event.session.port)
        yield event.session.source
    if isinstance(event, Flow) and event.process:
        yield (event.process.host.name, event.name)
    if isinstance(event, FileWritten):
        yield event.content
    if isinstance(event, ProxyRequest):
        yield event.outer


def _what(event: Event) -> Mapping[str, object]:
    """Return the fields of an event that are plain, and names of the others."""
    told: dict[str, object] = {}
    for each in fields(event):
        value = getattr(event, each.name)
        if each.name in ("time", "step") or value in ("", None, ()):
            continue
        if isinstance(value, Process):
            told[each.name] = value.guid
            told[f"{each.name}_path"] = value.program.path
        elif isinstance(value, Session):
            told[each.name] = f"{value.host.name}/{hex(value.logon_id)}/{value.account.login}"
        elif isinstance(value, Flow):
            told[each.name] = value.uid
        elif isinstance(value, str | int | float | bool):
            told[each.name] = value
    return told
