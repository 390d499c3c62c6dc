"""Looking through a sensor: which events reach it, and what its files keep of them.

An event is tagged with its number while a writer is at work (its ``step`` becomes
``step#number``), so that each line can be led back to what happened, whoever wrote the writer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from noroshi.drill.event import Event, Flow, Process, ProxyRequest, Session
from noroshi.drill.kind.network import Leased
from noroshi.drill.kind.office import StickInserted
from noroshi.drill.observe.sensor import PERFECT, Limits, Sensor
from noroshi.drill.world import Host, World
from noroshi.drill.write.netflow import one_of
from noroshi.drill.write.paper import Blob
from noroshi.drill.write.sheet import Sheet

_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Shown:
    """A record that shows an event. ``line`` counts from 1: lines of text, records otherwise."""

    file: str
    line: int
    known: int


@dataclass(frozen=True)
class Seen:
    """What came of a sensor.

    Attributes:
        sensor: which.
        sheets: its files.
        shown: event number -> records that show it.
        reached: events that the writer was given; ``lost`` those that were kept from it, by cause.
        dropped: records that rotation took, ``cut`` and ``damaged`` lines.
    """

    sensor: Sensor
    sheets: tuple[Sheet, ...]
    shown: Mapping[int, tuple[Shown, ...]]
    reached: int = 0
    lost: Mapping[str, int] = field(default_factory=dict)
    dropped: int = 0
    cut: int = 0
    damaged: int = 0


def look(sensor: Sensor, events: Sequence[Event], numbers: Mapping[int, int], world: World) -> Seen:
    """Let a sensor see the events and write.

    ``numbers`` gives the story's events (by ``id()``) their numbers in the ground truth.
    """
    limits = sensor.limits
    if limits.missing:
        return Seen(sensor, (), {}, lost={"missing": len(events)})
    lost: Counter[str] = Counter()
    reaching = events if limits == PERFECT else list(_reaching(events, limits, lost))
    begin = events[0].time if events else 0
    times: dict[int, int] = {}
    tagged: Sequence[Event] = reaching
    if numbers or limits != PERFECT:
        tagged = [_tagged(event, begin, limits, numbers, times) for event in reaching]
    sheets = tuple(sheet for sheet in sensor.write(tagged, world) if sheet.records)
    shown: dict[int, list[Shown]] = {}
    dropped = cut = damaged = 0
    for sheet in sheets:
        dropped += _rotate(sheet, limits)
        cut += _truncate(sheet, limits)
        damaged += _damage(sheet, limits)
        for number, line in _untag(sheet):
            known = times[number] + limits.late
            shown.setdefault(number, []).append(Shown(sheet.name, line, known))
    records = {number: tuple(found) for number, found in shown.items()}
    return Seen(sensor, sheets, records, len(reaching), dict(lost), dropped, cut, damaged)


def _tagged(
    event: Event, begin: int, limits: Limits, numbers: Mapping[int, int], times: dict[int, int]
) -> Event:
    """Return an event as a sensor's clock times it, with its number if it is the story's."""
    number = numbers.get(id(event))
    ahead = _ahead(limits, event.time - begin)
    if number is not None:
        times[number] = event.time
        event = replace(event, step=f"{event.step}#{number}")
    return _shifted(event, ahead)


def host_of(event: Event) -> str:
    """Return the name of the machine on which an event happens, empty for the network's."""
    if isinstance(event, StickInserted):
        return event.desk.host.name
    if isinstance(event, Leased):
        return event.server.name
    for name in ("process", "session"):
        found = getattr(event, name, None)
        if isinstance(found, Process | Session):
            return found.host.name
    host = getattr(event, "host", None) or getattr(event, "dc", None)
    return host.name if isinstance(host, Host) else ""


def _reaching(events: Sequence[Event], limits: Limits, lost: Counter[str]) -> Iterator[Event]:
    kept = {id(event) for event in one_of(events, limits.sampling)}
    for event in events:
        why = _kept_from(event, limits)
        if not why and limits.sampling > 1 and id(event) not in kept:
            why = "sampling"
        if not why and limits.sampling > 1 and isinstance(event, ProxyRequest):
            why = "sampling" if id(event.inner) not in kept else ""
        if why:
            lost[why] += 1
        else:
            yield event


def _kept_from(event: Event, limits: Limits) -> str:
    if limits.hosts is not None:
        name = host_of(event)
        if name and name not in limits.hosts and not (isinstance(event, Flow) and not name):
            return "host not covered"
    if any(outage.begin <= event.time < outage.end for outage in limits.outages):
        return "outage"
    if limits.kept_since and event.time < limits.kept_since:
        return "rotated away"
    return ""


def _ahead(limits: Limits, since: int) -> int:
    return limits.skew + limits.drift * since // _DAY


def _shifted(event: Event, ahead: int) -> Event:
    """Return an event as a clock that is ahead times it, with the connections it tells of."""
    if not ahead:
        return event
    flows: dict[str, Any] = {
        each.name: replace(value, time=value.time + ahead)
        for each in fields(event)
        if isinstance(value := getattr(event, each.name), Flow)
    }
    return replace(event, time=event.time + ahead, **flows)


def _rotate(sheet: Sheet, limits: Limits) -> int:
    """Keep the newest records of a file; only text files of one line a record are rotated so."""
    if not limits.max_records or isinstance(sheet, Blob) or sheet.records <= limits.max_records:
        return 0
    head = len(sheet.lines) - sheet.records
    if head < 0 or head > 1:
        return 0
    gone = sheet.records - limits.max_records
    sheet.lines[head : head + gone] = []
    for step, lines in list(sheet.story.items()):
        left = [line - gone for line in lines if line > head + gone]
        if left:
            sheet.story[step] = left
        else:
            del sheet.story[step]
    sheet.records -= gone
    return gone


def _truncate(sheet: Sheet, limits: Limits) -> int:
    if not limits.max_line:
        return 0
    long = [index for index, line in enumerate(sheet.lines) if len(line) > limits.max_line]
    for index in long:
        sheet.lines[index] = sheet.lines[index][: limits.max_line]
    return len(long)


def _damage(sheet: Sheet, limits: Limits) -> int:
    if not limits.damaged:
        return 0
    count = 0
    for index in range(limits.damaged - 1, len(sheet.lines), limits.damaged):
        line = sheet.lines[index]
        place = next((place for place, letter in enumerate(line) if not letter.isascii()), None)
        if place is not None:
            sheet.lines[index] = line[:place] + "\N{REPLACEMENT CHARACTER}" + line[place + 1 :]
            count += 1
    return count


def _untag(sheet: Sheet) -> Iterator[tuple[int, int]]:
    """Give a sheet its plain steps back, and yield (event number, line)."""
    plain: dict[str, list[int]] = {}
    for tag, lines in sheet.story.items():
        step, _, number = tag.partition("#")
        plain.setdefault(step, []).extend(lines)
        for line in lines:
            if number:
                yield int(number), line
    sheet.story.clear()
    sheet.story.update({step: sorted(lines) for step, lines in plain.items()})
