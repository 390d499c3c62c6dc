"""Findings at rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa

from noroshi.lang import Message
from noroshi.model import Entity, EntityType, Evidence, Finding, Severity

_TEXTS = pa.list_(pa.string())
_ENTITY = pa.struct([("type", pa.string()), ("value", pa.string())])
_EVIDENCE = pa.struct(
    [
        ("event_id", pa.string()),
        ("class_name", pa.string()),
        ("time", pa.int64()),
        ("host", pa.string()),
        ("fields", pa.map_(pa.string(), pa.string())),
    ]
)

FINDINGS = pa.schema(
    [
        pa.field("id", pa.string(), metadata={"doc": "Hash of analytic, rule, subject, window."}),
        pa.field("analytic", pa.string(), metadata={"doc": "Which engine."}),
        pa.field("rule_id", pa.string(), metadata={"doc": "Rule or indicator."}),
        pa.field("title", pa.string(), metadata={"doc": "Title of the rule."}),
        pa.field("severity", pa.int64(), metadata={"doc": "OCSF severity, 1 to 5."}),
        pa.field("score", pa.float64(), metadata={"doc": "How sure, 0 to 1."}),
        pa.field("subject", pa.string(), metadata={"doc": "Host, account or address."}),
        pa.field("first", pa.int64(), metadata={"doc": "First event, µs since 1970 UTC."}),
        pa.field("last", pa.int64(), metadata={"doc": "Last event."}),
        pa.field("count", pa.int64(), metadata={"doc": "Number of events."}),
        pa.field("explanation", pa.string(), metadata={"doc": "Message as JSON."}),
        pa.field("disproof", pa.string(), metadata={"doc": "Message as JSON."}),
        pa.field("next_steps", _TEXTS, metadata={"doc": "Messages as JSON."}),
        pa.field("techniques", _TEXTS, metadata={"doc": "ATT&CK technique ids."}),
        pa.field("tactics", _TEXTS, metadata={"doc": "ATT&CK tactic short names."}),
        pa.field("hosts", _TEXTS, metadata={"doc": "Hosts concerned."}),
        pa.field("entities", pa.list_(_ENTITY), metadata={"doc": "What it shares with others."}),
        pa.field("evidence", pa.list_(_EVIDENCE), metadata={"doc": "Sample of the events."}),
        pa.field("author", pa.string(), metadata={"doc": "Author of the rule."}),
        pa.field("licence", pa.string(), metadata={"doc": "Licence of the rule."}),
        pa.field("references", _TEXTS, metadata={"doc": "Where the method is described."}),
        pa.field("day", pa.string(), metadata={"doc": "Day of the first event. Partition."}),
    ]
)
"""Rows of the ``findings`` table: derived, and written anew by every detection."""


def finding_rows(findings: Iterable[Finding]) -> pa.Table:
    """Return findings as rows."""
    return pa.Table.from_pylist([_row(finding) for finding in findings], schema=FINDINGS)


def findings_of(rows: pa.Table) -> Iterator[Finding]:
    """Yield the findings that rows hold."""
    for row in rows.to_pylist():
        yield _finding(row)


def _row(finding: Finding) -> dict[str, Any]:
    plain = {name: getattr(finding, name) for name in FINDINGS.names if name != "day"}
    return plain | {
        "severity": int(finding.severity),
        "explanation": finding.explanation.to_json(),
        "disproof": finding.disproof.to_json(),
        "next_steps": [step.to_json() for step in finding.next_steps],
        "entities": [{"type": e.type.value, "value": e.value} for e in finding.entities],
        "evidence": [
            {
                "event_id": item.event_id,
                "class_name": item.class_name,
                "time": item.time,
                "host": item.host,
                "fields": list(item.fields),
            }
            for item in finding.evidence
        ],
        "day": day_of(finding.first),
    }


def _finding(row: dict[str, Any]) -> Finding:
    values = {name: row[name] for name in FINDINGS.names if name != "day"}
    for name in ("techniques", "tactics", "hosts", "references"):
        values[name] = tuple(row[name])
    values |= {
        "severity": Severity(row["severity"]),
        "explanation": Message.from_json(row["explanation"]),
        "disproof": Message.from_json(row["disproof"]),
        "next_steps": tuple(Message.from_json(step) for step in row["next_steps"]),
        "entities": tuple(Entity(EntityType(e["type"]), e["value"]) for e in row["entities"]),
        "evidence": tuple(
            Evidence(e["event_id"], e["class_name"], e["time"], e["host"], tuple(e["fields"]))
            for e in row["evidence"]
        ),
    }
    return Finding(**values)


CALENDAR_END = 84_000 * 86_400_000_000
"""First moment, late in 2199, from which a time counts as undated."""


def day_of(time: int) -> str:
    """UTC day of a time in µs, ISO; 1970-01-01 for an undated one (before 1970, after 2199)."""
    if not 0 <= time < CALENDAR_END:
        return "1970-01-01"
    return str(pa.scalar(time, pa.timestamp("us")).cast(pa.date32()))
