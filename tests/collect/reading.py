"""Read evidence the way the intake does, into plain rows that a test can look at."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from noroshi.collect import BadRecord, Evidence, Record, choose
from noroshi.collect.columnise import Bucket, batches
from noroshi.collect.shape import Shape

MODIFIED = 1_715_700_000_000_000
"""2024-05-14T15:20:00Z: when the tests' evidence was last changed, whatever the clock says."""


@dataclass(frozen=True)
class Read:
    """What one source gave, in the source's order.

    Attributes:
        collector: name of the collector that was chosen.
        records: the records.
        bad: what could not be read.
        rows: OCSF columns of each record, nulls left out.
    """

    collector: str
    records: list[Record]
    bad: list[BadRecord]
    rows: list[dict[str, Any]]


def evidence_of(content: bytes | str, name: str = "x") -> Evidence:
    data = content.encode() if isinstance(content, str) else content
    return Evidence(name, lambda: io.BytesIO(data), modified=MODIFIED)


def read(content: bytes | str, name: str = "x") -> Read:
    evidence = evidence_of(content, name)
    chosen = choose(evidence.head())
    records: list[Record] = []
    bad: list[BadRecord] = []
    for item in chosen.read(evidence):
        if isinstance(item, BadRecord):
            bad.append(item)
        else:
            records.append(item)
    return Read(chosen.name, records, bad, rows_of(records))


def read_path(path: Path) -> Read:
    return read(path.read_bytes(), path.name)


def rows_of(records: list[Record]) -> list[dict[str, Any]]:
    buckets: dict[Shape, Bucket] = {}
    for number, record in enumerate(records):
        buckets.setdefault(record.shape, Bucket(record.shape)).add(record, 0, number)
    rows: dict[int, dict[str, Any]] = {}
    for bucket in buckets.values():
        for batch in batches(bucket, ["s"]):
            for row in batch.events.to_pylist():
                number = int(row["event_id"].partition(":")[2])
                rows[number] = {key: value for key, value in row.items() if value is not None}
                rows[number]["class"] = batch.event_class.name
    return [rows[number] for number in sorted(rows)]
