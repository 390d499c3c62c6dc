"""Real files to batches, by the way that the intake goes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from noroshi.collect import BadRecord, Evidence, choose
from noroshi.collect.columnise import Bucket, batches
from noroshi.collect.walk import walk
from noroshi.model import EventBatch


def batches_of(paths: Iterable[Path]) -> Iterator[EventBatch]:
    """Yield the events of files, columnised together; the source id of an event is its file."""
    buckets: dict[int, Bucket] = {}
    names: list[str] = []
    for evidence in walk(paths):
        if not isinstance(evidence, Evidence):
            continue
        names.append(evidence.name)
        for sequence, item in enumerate(choose(evidence.head()).read(evidence)):
            if not isinstance(item, BadRecord):
                bucket = buckets.setdefault(id(item.shape), Bucket(item.shape))
                bucket.add(item, len(names) - 1, sequence)
    for bucket in buckets.values():
        yield from batches(bucket, names)
