"""STIX 2.1 indicators made of what every source says: deterministic, marked, with an expiry.

The objects that others sent go out as they are by ``--format stix``; this format also tells of what
came from lists, and its confidence is the score.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from noroshi.intel.indicators import IndicatorType
from noroshi.intel.objects import TLP_IDS, Tlp, clock
from noroshi.intel.objects.bundle import write_bundle
from noroshi.lang import N_
from noroshi.share.exports.format import Format, Job
from noroshi.share.exports.row import Row
from noroshi.share.exports.writing import Target

_NAMESPACE = uuid.UUID("0d7a3c1e-5a38-5b5e-8d0a-62c6bb0f7f0e")
_DIGESTS = {32: "MD5", 40: "SHA-1", 64: "SHA-256", 96: "SHA-384", 128: "SHA-512", 56: "SHA-224"}
_PATHS = {
    IndicatorType.DOMAIN: "domain-name:value",
    IndicatorType.URL: "url:value",
    IndicatorType.MAIL: "email-addr:value",
    IndicatorType.FILE_NAME: "file:name",
}
MARKS = {level: name for name, level in TLP_IDS.items()}
"""The marking definition of each level; TLP 2.0's, which come last."""


def write(job: Job, target: Target) -> None:
    """Write a bundle, an indicator at a time."""
    with target.file("indicators.stix.json") as sink:
        write_bundle(_objects(job), sink)


def _objects(job: Job) -> Iterator[dict[str, Any]]:
    for row in job.rows:
        yield indicator(row, job.policy.now)


def indicator(row: Row, now: int) -> dict[str, Any]:
    """Return a row as a STIX indicator; times that nobody gives are the time of the export."""
    first = row.first or now
    item = {
        "type": "indicator",
        "spec_version": "2.1",
        "id": f"indicator--{uuid.uuid5(_NAMESPACE, f'{row.kind.value}/{row.value}')}",
        "created": clock.text(first),
        "modified": clock.text(max(now, first)),
        "name": row.value[:200],
        "description": row.description,
        "indicator_types": ["malicious-activity"],
        "pattern": f"[{pattern(row.kind, row.value)}]",
        "pattern_type": "stix",
        "valid_from": clock.text(first),
        "valid_until": clock.text(row.until) if row.until > first else "",
        "confidence": round(row.score),
        "labels": list(row.labels),
        "object_marking_refs": [MARKS[row.tlp]] if row.tlp is not Tlp.CLEAR else [],
    }
    return {name: value for name, value in item.items() if value not in ("", [])}


def pattern(kind: IndicatorType, value: str) -> str:
    """Return the comparison of a STIX pattern for a value."""
    constant = "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    if kind is IndicatorType.HASH:
        return f"file:hashes.'{_DIGESTS[len(value)]}' = {constant}"
    if kind in (IndicatorType.ADDRESS, IndicatorType.NETWORK):
        return f"ipv{6 if ':' in value else 4}-addr:value = {constant}"
    return f"{_PATHS[kind]} = {constant}"


FORMAT = Format(
    "stix-indicators", N_("STIX 2.1 bundle of indicators with scores"), frozenset(IndicatorType),
    write, "indicators.stix.json",
)  # fmt: skip
