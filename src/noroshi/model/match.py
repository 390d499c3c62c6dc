"""A match: one event answers to one rule or one indicator. Findings are made of matches."""

from __future__ import annotations

import pyarrow as pa

ENTITY_TYPE = pa.struct([("type", pa.string()), ("value", pa.string())])

MATCH_SCHEMA = pa.schema(
    [
        pa.field("match_id", pa.string(), metadata={"doc": "Hash of analytic, rule and event."}),
        pa.field("source_id", pa.string(), metadata={"doc": "Source of the event."}),
        pa.field("analytic", pa.string(), metadata={"doc": "sigma, indicator or another engine."}),
        pa.field("rule_id", pa.string(), metadata={"doc": "Rule id, or indicator id."}),
        pa.field("rule_digest", pa.string(), metadata={"doc": "Digest of the rule's content."}),
        pa.field("event_id", pa.string(), metadata={"doc": "The event."}),
        pa.field("class_name", pa.string(), metadata={"doc": "Event class, a table name."}),
        pa.field("time", pa.int64(), metadata={"doc": "Time of the event, µs since 1970 UTC."}),
        pa.field("day", pa.string(), metadata={"doc": "Day of the event. Partition."}),
        pa.field("host", pa.string(), metadata={"doc": "device_hostname, or the best substitute."}),
        pa.field("user", pa.string(), metadata={"doc": "The account that acted."}),
        pa.field(
            "fields",
            pa.map_(pa.string(), pa.string()),
            metadata={"doc": "Fields the rule looked at (and correlation keys), with values."},
        ),
        pa.field("entities", pa.list_(ENTITY_TYPE), metadata={"doc": "Entities of the event."}),
    ],
    metadata={"ocsf": ""},
)
"""Rows of the lake's ``matches`` table."""
