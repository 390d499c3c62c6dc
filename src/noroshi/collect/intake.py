"""Intake: evidence in, events and matches in the lake, each exactly once.

Records of all sources wait in one buffer, grouped by shape; when it is full it is flushed. A flush
writes, in this order, the bad records, the matches, each class's events and the ledger rows of
sources that ended. Every commit also sets how far each of its sources came (see
:mod:`noroshi.lake.lake`), so that a run that died at any point and is repeated adds what is missing
and nothing else:

- matches are committed before the events they point at, so a repeated run never finds the event
  there and the match lost;
- a source's ledger row comes last, so a source in the ledger needs no second look.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from noroshi.collect.columnise import Bucket, batches, to_table
from noroshi.collect.errors import CollectError
from noroshi.collect.evidence import Evidence, Head
from noroshi.collect.ledger import Ledger, Reading
from noroshi.collect.locks import SourceLocks
from noroshi.collect.quiet import collect_now, collector_held_back
from noroshi.collect.record import EXCERPT_BYTES, BadRecord, Record
from noroshi.collect.registry import Collector, choose
from noroshi.collect.shape import Shape
from noroshi.collect.walk import Refused, walk
from noroshi.lake import TABLES, Lake
from noroshi.model import EventBatch

FLUSH_ROWS = 65_536
FLUSH_BYTES = 64 * 1_048_576
"""A flush comes when the buffered records reach either; bytes are those of the source."""

WEIGHED_EVERY = 8
"""Records whose size is counted, for themselves and those between."""
OBSERVE_EVERY = 8192

Tap: TypeAlias = Callable[[EventBatch], pa.Table]
"""Sees every batch as it passes and returns matches in ``MATCH_SCHEMA``."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was not read, or not read whole."""

    path: str
    reason: str


@dataclass
class Progress:
    """What has been done so far; handed to the observer after every step.

    Attributes:
        path: source being read.
        sources: sources read to their end.
        known: sources left out because the lake holds them already.
        events: events added to the lake.
        matches: matches added.
        quarantined: records that could not be read.
        size: bytes read, decompressed.
        disk: bytes on disk of the files that are done with.
        skipped: what was left out, with the reason.
        first: earliest event time added, µs; None if there is none.
        last: latest event time added.
        collectors: events by collector.
        zoneless: sources whose times name no time zone.
    """

    path: str = ""
    sources: int = 0
    known: int = 0
    events: int = 0
    matches: int = 0
    quarantined: int = 0
    size: int = 0
    disk: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    first: int | None = None
    last: int | None = None
    collectors: dict[str, int] = field(default_factory=dict)
    zoneless: int = 0


Observer: TypeAlias = Callable[[Progress], None]
Chooser: TypeAlias = Callable[[Head], Collector]


def ingest(
    paths: Iterable[Path],
    lake: Lake,
    state: Path,
    taps: Sequence[Tap] = (),
    observer: Observer = lambda _: None,
    chooser: Chooser = choose,
    zone: tzinfo = UTC,
) -> Progress:
    """Read everything under the paths into the lake.

    Args:
        paths: files and folders.
        lake: where events go.
        state: folder for locks and markers, shared by every intake into this lake.
        taps: see every batch and may return matches.
        observer: called now and then with the progress.
        chooser: tells the collector from the first bytes.
        zone: time zone of times that name none, as in most syslog.

    Raises:
        LakeError: the lake cannot be written (disk full, no permission). What was committed stays,
            and the same command goes on from there.
    """
    with SourceLocks(state) as locks, collector_held_back():
        intake = _Intake(lake, locks, taps, observer, chooser, zone)
        paths = list(paths)
        if intake.read_all(paths, wait=False):
            intake.read_all(paths, wait=True)
        return intake.progress


@dataclass
class _Buffer:
    """What waits for the next flush."""

    buckets: dict[Shape, Bucket] = field(default_factory=dict)
    sources: dict[str, int] = field(default_factory=dict)
    bad: list[dict[str, object]] = field(default_factory=list)
    ended: list[Reading] = field(default_factory=list)
    rows: int = 0
    size: int = 0

    def add(self, record: Record, source_id: str, sequence: int) -> None:
        source = self.sources.setdefault(source_id, len(self.sources))
        bucket = self.buckets.get(record.shape)
        if bucket is None:
            bucket = self.buckets[record.shape] = Bucket(record.shape)
        bucket.add(record, source, sequence)
        self.rows += 1
        if not sequence % WEIGHED_EVERY:
            texts = [len(value) for value in record.fields.values() if type(value) is str]
            self.size += WEIGHED_EVERY * (64 + sum(texts))

    def is_full(self) -> bool:
        return self.rows >= FLUSH_ROWS or self.size >= FLUSH_BYTES or len(self.bad) >= FLUSH_ROWS

    def positions(self) -> dict[str, dict[str, int]]:
        """Return, per table, the highest record number of each source that waits for it."""
        source_ids = list(self.sources)
        found: dict[str, dict[str, int]] = {}
        for bucket in self.buckets.values():
            highest = found.setdefault(bucket.shape.event_class.name, {})
            for rows in bucket.variants.values():
                # Rows stand in the order of their source, so the last of each is its highest.
                for source, sequence in {row[0]: row[1] for row in rows}.items():
                    key = source_ids[source]
                    highest[key] = max(sequence, highest.get(key, -1))
        return found


class _Intake:
    def __init__(
        self,
        lake: Lake,
        locks: SourceLocks,
        taps: Sequence[Tap],
        observer: Observer,
        chooser: Chooser,
        zone: tzinfo,
    ) -> None:
        self.progress = Progress()
        self._lake, self._locks, self._taps, self._observer = lake, locks, taps, observer
        self._choose, self._zone = chooser, zone
        self._ledger = Ledger(lake)
        self._buffer = _Buffer()
        self._seen: set[str] = set()
        self._marked: set[str] = set()
        self._resumed: dict[str, dict[str, int]] = {}
        self._refused: set[str] = set()

    def read_all(self, paths: Sequence[Path], *, wait: bool) -> int:
        """Read every source that is free (or, waiting, every one); return how many were busy."""
        busy, root = 0, ("", 0)
        for evidence in walk(paths):
            if isinstance(evidence, Refused):
                self._skip(evidence.path, evidence.reason)
                continue
            if evidence.root != root:
                self.progress.disk += root[1]
                root = evidence.root
            evidence.zone = self._zone
            self.progress.path = evidence.name
            self._observer(self.progress)
            try:
                busy += not self._read(evidence, wait=wait)
            except (CollectError, OSError) as error:
                self._skip(evidence.name, str(error).removeprefix(f"{evidence.name}: "))
        self._flush()
        return busy

    def _read(self, evidence: Evidence, *, wait: bool) -> bool:
        reading = self._ledger.reading(evidence)
        if reading is None or reading.digest in self._seen:
            self.progress.known += reading is None
            return True
        source_id = reading.source_id
        if not self._locks.take(source_id, wait=False):
            if not wait:
                return False
            self._flush()  # hold nothing that the other process may be waiting for
            self._locks.take(source_id, wait=True)
        if self._ledger.holds(reading):
            self._locks.release(source_id)
            self.progress.known += 1
            return True
        self._seen.add(reading.digest)
        if reading.grown or self._locks.was_begun(source_id):
            self._resumed[source_id] = {
                name: self._lake.position(name, source_id) for name in TABLES
            }
        self._read_records(evidence, reading)
        return True

    def _read_records(self, evidence: Evidence, reading: Reading) -> None:
        chosen = self._choose(evidence.head())
        reading.collector = chosen.name
        resumed = self._resumed.get(reading.source_id)
        before = self.progress.size
        sequence = -1
        for sequence, item in enumerate(chosen.read(evidence)):
            if isinstance(item, BadRecord):
                self._keep_bad(reading, sequence, item)
            else:
                reading.events += 1
                if resumed is None or sequence > resumed[item.shape.event_class.name]:
                    self._buffer.add(item, reading.source_id, sequence)
            if not sequence % OBSERVE_EVERY:
                self.progress.size = before + evidence.consumed
                self._observer(self.progress)
            if self._buffer.is_full():
                self._flush()
        for fault in evidence.faults:
            sequence += 1
            self._keep_bad(reading, sequence, fault)
            self._skip(evidence.name, fault.reason)
        if reading.quarantined and not evidence.faults:
            self._skip(evidence.name, f"{reading.quarantined} records could not be read")
        self.progress.size = before + reading.size
        self.progress.sources += 1
        self.progress.zoneless += evidence.zoneless
        counts = self.progress.collectors
        counts[chosen.name] = counts.get(chosen.name, 0) + reading.events
        self._buffer.ended.append(reading)

    def _keep_bad(self, reading: Reading, sequence: int, bad: BadRecord) -> None:
        reading.quarantined += 1
        resumed = self._resumed.get(reading.source_id)
        if resumed is not None and sequence <= resumed["quarantine"]:
            return
        self.progress.quarantined += 1
        self._buffer.bad.append(
            {
                "source_id": reading.source_id,
                "path": reading.path,
                "sequence": sequence,
                "offset": bad.offset,
                "reason": bad.reason,
                "excerpt": bad.excerpt[:EXCERPT_BYTES],
                "day": _today(),
            }
        )

    def _skip(self, path: str, reason: str) -> None:
        if path not in self._refused:
            self._refused.add(path)
            self.progress.skipped.append(Skipped(path, reason))

    def _flush(self) -> None:
        buffer, self._buffer = self._buffer, _Buffer()
        positions = buffer.positions()
        self._mark_begun(buffer)
        if buffer.bad:
            rows = pa.Table.from_pylist(buffer.bad, schema=TABLES["quarantine"])
            self._lake.append("quarantine", rows, _bad_positions(buffer.bad))
        tables, matches = self._columnise(buffer)
        if matches.num_rows:
            self._lake.append("matches", matches, self._match_positions(positions))
            self.progress.matches += matches.num_rows
        for name, rows in tables.items():
            self._lake.append(name, rows, positions[name])
            self._count(rows)
        self._end(buffer.ended)
        del buffer, tables, matches
        collect_now()
        self._observer(self.progress)

    def _mark_begun(self, buffer: _Buffer) -> None:
        for source_id in buffer.sources.keys() | {str(bad["source_id"]) for bad in buffer.bad}:
            if source_id not in self._marked:
                self._locks.mark_begun(source_id)
                self._marked.add(source_id)

    def _columnise(self, buffer: _Buffer) -> tuple[dict[str, pa.Table], pa.Table]:
        tables: dict[str, list[pa.Table]] = {}
        matches = [TABLES["matches"].empty_table()]
        source_ids = list(buffer.sources)
        for bucket in buffer.buckets.values():
            for batch in batches(bucket, source_ids):
                matches += [self._new(tap(batch)) for tap in self._taps]
                tables.setdefault(batch.event_class.name, []).append(to_table(batch))
            bucket.variants.clear()
        return {name: pa.concat_tables(parts) for name, parts in tables.items()}, pa.concat_tables(
            matches
        )

    def _new(self, matches: pa.Table) -> pa.Table:
        """Leave out matches that an interrupted run committed already."""
        if not self._resumed or not matches.num_rows:
            return matches
        keep = [
            int(event_id.rpartition(":")[2]) > self._resumed.get(source_id, _NOTHING)["matches"]
            for source_id, event_id in zip(
                matches["source_id"].to_pylist(), matches["event_id"].to_pylist(), strict=True
            )
        ]
        return matches.filter(pa.array(keep))

    def _match_positions(self, positions: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
        found: dict[str, int] = {}
        for highest in positions.values():
            for source_id, sequence in highest.items():
                before = self._resumed.get(source_id, _NOTHING)["matches"]
                found[source_id] = max(sequence, before, found.get(source_id, -1))
        return found

    def _count(self, rows: pa.Table) -> None:
        self.progress.events += rows.num_rows
        times = rows["time"].filter(pc.greater(rows["time"], 0))
        if len(times):
            low, high = pc.min_max(times).as_py().values()
            self.progress.first = min(low, self.progress.first or low)
            self.progress.last = max(high, self.progress.last or high)

    def _end(self, ended: Sequence[Reading]) -> None:
        if not ended:
            return
        now = time.time_ns() // 1000
        rows = pa.Table.from_pylist(
            [
                {
                    "source_id": reading.source_id,
                    "path": reading.path,
                    "digest": reading.digest,
                    "size": reading.size,
                    "collector": reading.collector,
                    "events": reading.events,
                    "quarantined": reading.quarantined,
                    "finished": now,
                    "day": _today(),
                }
                for reading in ended
            ],
            schema=TABLES["sources"],
        )
        self._lake.append("sources", rows, {reading.source_id: reading.size for reading in ended})
        for reading in ended:
            self._locks.mark_finished(reading.source_id)
            self._locks.release(reading.source_id)


_NOTHING = {"matches": -1}


def _bad_positions(bad: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    return {row["source_id"]: row["sequence"] for row in bad}


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
