"""Where our own events show values that intelligence names, and which claims rest on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from noroshi.app.workspace import Workspace
from noroshi.detect.indicators import needed
from noroshi.intel.watch import Entry, Finder, WatchError, WatchKind, as_entry
from noroshi.lake import Lake, findings_of
from noroshi.model import EVENT_CLASSES, Case, Finding

MOST_VALUES = 100_000
"""Values looked for at once."""
_HOSTS_KEPT = 50


@dataclass(slots=True)
class Sight:
    """One value in our events.

    Attributes:
        value: what was looked for.
        count: events that show it, a domain also by its sub-domains, a network by its addresses.
        first: earliest of them, µs since 1970 UTC; 0 if none has a time.
        last: latest of them.
        hosts: machines on which they happened, at most 50.
        columns: ``class.column`` that showed it.
        event_ids: some of the events, at most 20.
    """

    value: str
    count: int = 0
    first: int = 0
    last: int = 0
    hosts: set[str] = field(default_factory=set)
    columns: set[str] = field(default_factory=set)
    event_ids: list[str] = field(default_factory=list)


def looked_for(values: Iterable[str]) -> list[Entry]:
    """Return values as what events are compared with; words and what is too wide is left out."""
    found: dict[str, Entry] = {}
    for value in values:
        try:
            kind, plain = as_entry(value)
        except WatchError:
            continue
        if kind is not WatchKind.KEYWORD and len(found) < MOST_VALUES:
            found.setdefault(plain, Entry(len(found) + 1, kind, plain))
    return list(found.values())


def sights(lake: Lake, values: Iterable[str]) -> list[Sight]:
    """Return which values our events show, the most often seen first; every event is looked at."""
    entries = looked_for(values)
    if not entries:
        return []
    finder, found = Finder(entries), dict[str, Sight]()
    for name in EVENT_CLASSES:
        for batch in lake.columns(name, needed(name)):
            rows: dict[str, list[np.ndarray[tuple[int], np.dtype[np.int64]]]] = {}
            for sighting in finder.probe.sightings(batch):
                value = sighting.indicator.value
                seen = found.setdefault(value, Sight(value))
                seen.columns.add(f"{name}.{sighting.column}")
                rows.setdefault(value, []).append(sighting.rows)
            for value, parts in rows.items():
                _count(found[value], batch.take(pa.array(np.unique(np.concatenate(parts)))))
    return sorted(found.values(), key=lambda one: (-one.count, one.value))


def _count(seen: Sight, events: pa.RecordBatch) -> None:
    seen.count += events.num_rows
    times = [time for time in events.column("time").to_pylist() if time]
    if times:
        seen.first = min([*times, *([seen.first] if seen.first else [])])
        seen.last = max([*times, seen.last])
    for name in ("device_hostname", "src_endpoint_ip"):
        if name in events.schema.names and len(seen.hosts) < _HOSTS_KEPT:
            hosts = set(filter(None, events.column(name).unique().to_pylist()))
            if hosts:
                seen.hosts |= set(sorted(hosts)[: _HOSTS_KEPT - len(seen.hosts)])
                break
    seen.event_ids += events.column("event_id").slice(0, 20 - len(seen.event_ids)).to_pylist()


def findings_on(workspace: Workspace, values: Iterable[str]) -> Iterator[Finding]:
    """Yield the findings that name one of the values as entity, host, subject or indicator."""
    wanted = {value.casefold() for value in values}
    for finding in findings_of(workspace.lake.table("findings")):
        told = {entity.value.casefold() for entity in finding.entities}
        told |= {finding.subject.casefold(), *(host.casefold() for host in finding.hosts)}
        told |= {text.casefold() for one in finding.evidence for _, text in one.fields}
        told.add(str(finding.explanation.params.get("value", "")).casefold())
        if not wanted.isdisjoint(told):
            yield finding


def cases_of(workspace: Workspace, findings: Sequence[Finding]) -> list[Case]:
    """Return the cases that hold some of the findings, most important first."""
    ids = {finding.id for finding in findings}
    return [case for case in workspace.cases.list() if not ids.isdisjoint(case.finding_ids)]
