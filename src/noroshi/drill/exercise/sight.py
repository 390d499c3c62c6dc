"""What an exercise's sensors see of a window of time: the town's, less what a level takes away.

Two of the town's stay out, as they tell of a connection when it is over and so cannot be written
minute by minute: Suricata, which says of the same packets what Zeek says, and NetFlow, whose
capture no collector reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from noroshi.drill.event import (
    Event,
    Executed,
    MailDelivered,
    ProxyRequest,
    ShareOpened,
    SyslogLine,
)
from noroshi.drill.intruder.bind import Bound
from noroshi.drill.intruder.sensors import written
from noroshi.drill.kind.network import MailboxOpened, MailRefused
from noroshi.drill.kind.office import Printed, StickInserted, TicketOpened
from noroshi.drill.observe.kinds import ByKind
from noroshi.drill.observe.look import Seen, look
from noroshi.drill.observe.sensor import Limits, Sensor
from noroshi.drill.observe.town import OTHERS, TOWN
from noroshi.drill.world import World
from noroshi.drill.write.file_audit import write_object_access
from noroshi.drill.write.linux import write_audit, write_syslog
from noroshi.drill.write.mail_server import write_mail_log
from noroshi.drill.write.operations import KINDS, write_operations
from noroshi.drill.write.sheet import Sheet
from noroshi.drill.write.windows import Numbers, count_windows, write_windows

LEFT_OUT = ("suricata", "netflow")
SECTOR = ("historian", "alarms", "charts", "subscribers", "abuse")
"""Sensors of houses that are no town hall; they write nothing where there are none."""

GROUPS: Mapping[str, str] = {
    "windows": "windows", "object-access": "windows", "edr": "windows", "proxy": "proxy",
    "zeek": "zeek", "resolver": "zeek", "firewall": "firewall", "mail-journal": "mail",
    "mail-server": "mail", "web-access": "web", "web-auth": "linux", "web-audit": "linux",
}  # fmt: skip
"""Which of a level's words takes a sensor away; ``records`` for the rest."""

_AUDITED = 880_001
"""Record number of the first file access of a day."""


def sensors_of(bound: Bound) -> tuple[Sensor, ...]:
    """Return the sensors of an exercise, with what its level takes away as declared limits."""
    sector = [sensor for sensor in OTHERS if sensor.name in SECTOR]
    return tuple(
        replace(sensor, limits=_limits(GROUPS.get(sensor.name, "records"), bound))
        for sensor in (*TOWN, *sector)
        if sensor.name not in LEFT_OUT
    )


def _limits(group: str, bound: Bound) -> Limits:
    missing = bound.setting.missing
    lost = {each.partition("/")[2] for each in missing if each.startswith(f"{group}/")}
    left = frozenset(bound.world.hosts) - lost if lost else None
    return Limits(missing=group in missing, hosts=left)


def looked(
    bound: Bound, past: Sequence[Event], events: Sequence[Event], begin: int, end: int,
    numbers: Mapping[int, int] | None = None,
) -> Iterator[Seen]:  # fmt: skip
    """Let the sensors see a window.

    Args:
        bound: the scenario.
        past: what happened on the day before the window, in order of time.
        events: what happens in it, in order of time.
        begin: of the window, µs since 1970 UTC.
        end: of the window, not in it.
        numbers: the story's events in a ground truth, as :func:`look` wants them.
    """
    window = _Window(bound, past, begin, end)
    for sensor in sensors_of(bound):
        group = GROUPS.get(sensor.name, "records")
        shown = written(
            window.begun(sensor.name, events), bound.world, bound.setting.missing, group
        )
        own = ByKind(shown).of(sensor.kinds)
        yield look(window.adapted(sensor), own, numbers or {}, bound.world)


class _Window:
    """What differs between a sensor that writes on and one that writes a whole day."""

    def __init__(self, bound: Bound, past: Sequence[Event], begin: int, end: int) -> None:
        self._bound, self._past, self._begin, self._end = bound, past, begin, end

    def begun(self, name: str, events: Sequence[Event]) -> Sequence[Event]:
        """Return the window's events and what else has something to say in it."""
        if name == "mail-server":
            return [*(each for each in self._past if isinstance(each, _POST)), *events]
        if name == "operations":
            return list(self._at_desks([*self._past, *events]))
        if name == "tickets":
            return list(self._tickets(events))
        return events

    def _at_desks(self, events: Sequence[Event]) -> Iterator[Event]:
        """Yield what the operation log may tell: nothing that a level takes away elsewhere."""
        missing = self._bound.setting.missing
        told = (each for each in events if type(each) in KINDS)
        if "proxy" in missing:
            told = (each for each in told if not isinstance(each, ProxyRequest))
        if "windows" in missing:
            told = (each for each in told if isinstance(each, Printed | StickInserted))
        machines = [each for each in missing if each != "windows"]
        yield from written(list(told), self._bound.world, machines, "windows")

    def adapted(self, sensor: Sensor) -> Sensor:
        """Return the sensor with a writer that goes on where the window before it ended."""
        match sensor.name:
            case "windows":
                return replace(sensor, write=self._windows)
            case "object-access":
                return replace(sensor, write=self._audited)
            case "mail-server":
                return replace(sensor, write=self._mail)
            case "operations":
                return replace(sensor, write=self._operations)
            case "web-auth":
                return replace(sensor, write=lambda events, _: _by_machine(events, SyslogLine))
            case "web-audit":
                return replace(sensor, write=lambda events, _: _by_machine(events, Executed))
        return sensor

    def _windows(self, events: Sequence[Event], world: World) -> Iterable[Sheet]:
        numbers: Numbers = {}
        before = written(self._past, world, self._bound.setting.missing, "windows")
        count_windows(before, world.hosts, numbers)
        return (write_windows(events, world.hosts, numbers=numbers),)

    def _audited(self, events: Sequence[Event], _: World) -> Iterable[Sheet]:
        touched = sum(isinstance(each, ShareOpened) and bool(each.target) for each in self._past)
        return (write_object_access(events, _AUDITED + touched),)

    def _mail(self, events: Sequence[Event], _: World) -> Iterable[Sheet]:
        return (write_mail_log(events, self._begin, self._end),)

    def _operations(self, events: Sequence[Event], world: World) -> Iterable[Sheet]:
        return (write_operations(events, world, self._begin),)

    def _tickets(self, events: Sequence[Event]) -> Iterator[Event]:
        """Yield tickets as they stand at the end of the window; those closed in it once more."""
        for event in (*self._past, *events):
            if not isinstance(event, TicketOpened):
                continue
            if event.closed >= self._end:
                if event.time >= self._begin:
                    yield replace(event, closed=0, answer="")
            elif event.time >= self._begin or event.closed >= self._begin:
                yield event


_POST = (MailDelivered, MailRefused, MailboxOpened)


def _by_machine(
    events: Sequence[Event], kind: type[SyslogLine] | type[Executed]
) -> Iterator[Sheet]:
    """Write one folder for each Linux machine."""
    by_host: dict[str, list[Event]] = {}
    for event in events:
        if isinstance(event, kind) and isinstance(event, SyslogLine | Executed):
            by_host.setdefault(event.host.name.lower(), []).append(event)
    write = write_syslog if kind is SyslogLine else write_audit
    for name, lines in sorted(by_host.items()):
        sheet = write(lines)
        sheet.name = f"{name}/{sheet.name.rpartition('/')[2]}"
        yield sheet
