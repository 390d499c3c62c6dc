"""Every table of the lake: the event classes and what the house itself keeps beside them."""

from __future__ import annotations

import pyarrow as pa

from noroshi.lake.findings import FINDINGS
from noroshi.model import EVENT_CLASSES, MATCH_SCHEMA

SOURCES = pa.schema(
    [
        pa.field("source_id", pa.string(), metadata={"doc": "First 128 bits of the SHA-256, hex."}),
        pa.field("path", pa.string(), metadata={"doc": "Where it was read; `!` enters archives."}),
        pa.field("digest", pa.string(), metadata={"doc": "SHA-256 of the content, hex."}),
        pa.field("size", pa.int64(), metadata={"doc": "Bytes, decompressed."}),
        pa.field("collector", pa.string(), metadata={"doc": "Which collector read it."}),
        pa.field("events", pa.int64(), metadata={"doc": "Records that became events."}),
        pa.field("quarantined", pa.int64(), metadata={"doc": "Records that did not."}),
        pa.field("finished", pa.int64(), metadata={"doc": "When, µs since 1970 UTC."}),
        pa.field("day", pa.string(), metadata={"doc": "Day of intake. Partition."}),
    ]
)
"""One row per source read to its end: the intake ledger."""

QUARANTINE = pa.schema(
    [
        pa.field("source_id", pa.string(), metadata={"doc": "Source."}),
        pa.field("path", pa.string(), metadata={"doc": "Where it was read."}),
        pa.field("sequence", pa.int64(), metadata={"doc": "Number of the record in the source."}),
        pa.field("offset", pa.int64(), metadata={"doc": "Byte offset or record number, or -1."}),
        pa.field("reason", pa.string(), metadata={"doc": "What is wrong with it."}),
        pa.field("excerpt", pa.binary(), metadata={"doc": "Its first bytes."}),
        pa.field("day", pa.string(), metadata={"doc": "Day of intake. Partition."}),
    ]
)
"""Records that could not be read."""

TABLES: dict[str, pa.Schema] = {
    **{name: event_class.schema for name, event_class in EVENT_CLASSES.items()},
    "matches": MATCH_SCHEMA,
    "findings": FINDINGS,
    "sources": SOURCES,
    "quarantine": QUARANTINE,
}
"""Arrow schema of every table by name."""
