"""Collector of JSON objects of any kind, the last resort for JSON."""

from __future__ import annotations

from collections.abc import Iterator

from noroshi.collect.evidence import Evidence, Head
from noroshi.collect.flatten import flatten
from noroshi.collect.guessed import GENERIC, guess_fields
from noroshi.collect.json_objects import json_objects
from noroshi.collect.record import BadRecord, Record
from noroshi.collect.registry import collector


def sniff(head: Head) -> int:
    """Anything that begins with a JSON object."""
    return 5 if head.json else 0


@collector("json", sniff=sniff)
def read_json(evidence: Evidence) -> Iterator[Record | BadRecord]:
    """Yield the objects as generic events."""
    for item in json_objects(evidence):
        if isinstance(item, BadRecord):
            yield item
        else:
            yield Record(GENERIC, guess_fields(flatten(item[1])))
