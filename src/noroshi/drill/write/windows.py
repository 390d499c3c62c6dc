"""Windows events as a collector forwards them: one JSON object a line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from noroshi.drill.event import (
    Event,
    Flow,
    ProcessEnded,
    ProcessStarted,
    Resolved,
)
from noroshi.drill.world import Host
from noroshi.drill.write.sheet import Sheet
from noroshi.drill.write.windows_events import WRITERS
from noroshi.drill.write.windows_record import SECURITY, SYSMON, line_of

Numbers: TypeAlias = dict[tuple[str, str], int]
"""Last record number of each host's channels."""


def write_windows(
    events: Iterable[Event],
    hosts: dict[str, Host],
    begin: int = 0,
    numbers: Numbers | None = None,
) -> Sheet:
    """Write what the Windows hosts saw, in the order of time.

    Args:
        events: in the order of time.
        hosts: by name.
        begin: what lies before is counted, so that record numbers go on, and not written.
        numbers: last record numbers so far; they are counted on.
    """
    sheet = Sheet("windows/winlogbeat.ndjson")
    numbers = {} if numbers is None else numbers
    windows = {host.name for host in hosts.values() if host.windows}
    for event in events:
        writer = WRITERS.get(type(event))
        for record in writer(event) if writer else ():
            host = record.host
            if host.name not in windows:
                continue
            key = (host.name, record.log.channel)
            numbers[key] = number = (numbers.get(key) or _first(host)) + 1
            if event.time >= begin:
                sheet.line(line_of(event.time, record, number), event.step)
    return sheet


def writes_about(event: Event, hosts: dict[str, Host]) -> tuple[str, ...]:
    """Return the names of the Windows machines that write an event down."""
    writer = WRITERS.get(type(event))
    by_address = {host.ip for host in hosts.values()} if isinstance(event, Flow) else set()
    if writer is None or (isinstance(event, Flow) and event.source not in by_address):
        return ()
    return tuple(record.host.name for record in writer(event) if record.host.windows)


def count_windows(events: Iterable[Event], hosts: dict[str, Host], numbers: Numbers) -> None:
    """Count on the record numbers as :func:`write_windows` would, and write nothing."""
    windows = {host.name: host for host in hosts.values() if host.windows}
    written = Counter(log for event in events if type(event) in WRITERS for log in _logs(event))
    for key, count in written.items():
        if host := windows.get(key[0]):
            numbers[key] = (numbers.get(key) or _first(host)) + count


def _logs(event: Event) -> Sequence[tuple[str, str]]:
    """Return machine and channel of each record, which is not made for the frequent kinds."""
    if isinstance(event, Flow):
        process = event.process
        return ((process.session.host.name, _SYSMON),) if process and event.allowed else ()
    if isinstance(event, ProcessStarted):
        name = event.process.session.host.name
        return (name, _SYSMON), (name, _SECURITY)
    if isinstance(event, ProcessEnded):
        return ((event.process.session.host.name, _SYSMON),)
    if isinstance(event, Resolved):
        return ((event.host.name, _SYSMON),) if event.process else ()
    return [(record.host.name, record.log.channel) for record in WRITERS[type(event)](event)]


_SYSMON, _SECURITY = SYSMON.channel, SECURITY.channel


def _first(host: Host) -> int:
    """Logs have been running for a while."""
    return int(host.machine_id[:5], 16)
