"""A toy source format for the intake's own tests: JSON lines with `t`, `kind`, `text`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from noroshi.collect import BadRecord, Collector, Evidence, Record, Shape
from noroshi.collect.json_objects import json_objects
from noroshi.collect.mapping import integer, iso_time
from noroshi.model import EVENT_CLASSES, MATCH_SCHEMA, EventBatch, LogSource

SHAPES = {
    kind: Shape(
        f"toy/{kind}",
        EVENT_CLASSES[kind],
        LogSource("toy", (), (kind,)),
        iso_time("t"),
        {"message": "text", "severity_id": integer("n")},
    )
    for kind in ("generic", "process_activity", "dns_activity")
}


def read_toy(evidence: Evidence) -> Iterator[Record | BadRecord]:
    for item in json_objects(evidence):
        if isinstance(item, BadRecord):
            yield item
        else:
            yield Record(SHAPES[item[1]["kind"]], item[1])


TOY = Collector("toy", lambda head: 100 if "kind" in head.json else 0, read_toy)


def write_toy(path: Path, records: int, start: int = 0) -> None:
    kinds = list(SHAPES)
    with path.open("a") as out:
        for number in range(start, start + records):
            day = 1 + number % 3
            record = {
                "t": f"2026-03-0{day}T00:00:{number % 60:02d}Z",
                "kind": kinds[number % 3],
                "n": number,
                "text": f"{path.name} {number}",
            }
            out.write(json.dumps(record) + "\n")


def every_tenth(batch: EventBatch) -> pa.Table:
    rows = [
        {"match_id": event, "event_id": event, "source_id": source, "day": "2026-03-01"}
        for event, source, number in zip(
            batch.events["event_id"].to_pylist(),
            batch.events["source_id"].to_pylist(),
            batch.events["severity_id"].to_pylist(),
            strict=True,
        )
        if number % 10 == 0
    ]
    return pa.Table.from_pylist(rows, schema=MATCH_SCHEMA)
