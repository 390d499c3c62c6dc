"""Evidence to events: one module per source format, bytes in, event batches out."""

from __future__ import annotations

from noroshi.collect.decoding import decode, load_json
from noroshi.collect.errors import CollectError, UnknownFormatError, UnsafeArchiveError
from noroshi.collect.evidence import Evidence, Head
from noroshi.collect.record import BadRecord, Record
from noroshi.collect.registry import Collector, choose, collector, collectors
from noroshi.collect.shape import Shape

__all__ = [
    "BadRecord",
    "CollectError",
    "Collector",
    "Evidence",
    "Head",
    "Record",
    "Shape",
    "UnknownFormatError",
    "UnsafeArchiveError",
    "choose",
    "collector",
    "collectors",
    "decode",
    "load_json",
]
