"""A MISP feed: events in JSON, ``manifest.json`` and ``hashes.csv`` in a folder.

Source: MISP core format (draft-dulaunoy-misp-core-format), sections 2.2 (Event), 2.4 (Attribute),
2.9 (Tag), 3 (Manifest); PyMISP's feed generator for ``hashes.csv``: the MD5 of each value and its
event. Ids follow from the values, so that the same indicators are the same event. An event holds at
most 10,000 attributes: larger ones are slow in MISP.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import orjson

from noroshi.intel.indicators import IndicatorType
from noroshi.intel.objects import Tlp
from noroshi.intel.objects.bundle import Writable
from noroshi.lang import N_
from noroshi.share.exports.format import Format, Job
from noroshi.share.exports.row import Row
from noroshi.share.exports.safe import one_line
from noroshi.share.exports.writing import Target

ATTRIBUTES = 10_000
"""Attributes of one event at most."""

_NAMESPACE = uuid.UUID("5c0b0f43-98b0-5d0c-9e2b-5a7cf4f0e3a6")
_TYPES = {
    IndicatorType.ADDRESS: ("ip-dst", "Network activity"),
    IndicatorType.NETWORK: ("ip-dst", "Network activity"),
    IndicatorType.DOMAIN: ("domain", "Network activity"),
    IndicatorType.URL: ("url", "Network activity"),
    IndicatorType.MAIL: ("email-src", "Payload delivery"),
    IndicatorType.FILE_NAME: ("filename", "Payload delivery"),
}
_DIGESTS = {32: "md5", 40: "sha1", 56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"}
_COLOURS = {
    Tlp.CLEAR: "#ffffff", Tlp.GREEN: "#33ff00", Tlp.AMBER: "#ffc000",
    Tlp.AMBER_STRICT: "#ffc000", Tlp.RED: "#ff2b2b",
}  # fmt: skip
_ORGANISATION = {"name": "Noroshi", "uuid": str(uuid.uuid5(_NAMESPACE, "organisation"))}


def write(job: Job, target: Target) -> None:
    """Write the events, their digests, and the manifest last."""
    manifest: dict[str, Any] = {}
    waiting = iter(job.rows)
    with target.file("hashes.csv") as hashes:
        while rows := list(islice(waiting, ATTRIBUTES)):
            event = _event(job, len(manifest))
            with target.file(f"{event['uuid']}.json") as sink:
                _write_event(event, rows, sink, hashes)
            manifest[event["uuid"]] = {
                name: event[name]
                for name in ("Orgc", "Tag", "info", "date", "analysis", "threat_level_id",
                             "timestamp")
            }  # fmt: skip
    with target.file("manifest.json") as sink:
        sink.write(orjson.dumps(manifest, option=orjson.OPT_INDENT_2))


def _event(job: Job, number: int) -> dict[str, Any]:
    moment = datetime.fromtimestamp(job.policy.now // 1_000_000, UTC)
    stamp = str(job.policy.now // 1_000_000)
    return {
        "uuid": str(uuid.uuid5(_NAMESPACE, f"event/{job.policy.tlp.word}/{number}")),
        "info": f"Indicators from Noroshi, part {number + 1}",
        "date": moment.date().isoformat(),
        "timestamp": stamp, "publish_timestamp": stamp, "published": True,
        "analysis": "2", "threat_level_id": "4", "distribution": "0",
        "Orgc": _ORGANISATION,
        "Tag": [_tag(job.policy.tlp)],
    }  # fmt: skip


def _write_event(event: dict[str, Any], rows: list[Row], sink: Writable, hashes: Writable) -> None:
    head = orjson.dumps(event)[:-1]
    sink.write(b'{"Event":' + head + b',"Attribute":[')
    for at, row in enumerate(rows):
        item = _attribute(row, event)
        sink.write((b",\n" if at else b"\n") + orjson.dumps(item))
        digest = hashlib.md5(item["value"].encode(), usedforsecurity=False).hexdigest()
        hashes.write(f"{digest},{event['uuid']}\n".encode())
    sink.write(b"\n]}}\n")


def _attribute(row: Row, event: dict[str, Any]) -> dict[str, Any]:
    kind, category = _TYPES.get(row.kind) or (_DIGESTS[len(row.value)], "Payload delivery")
    item: dict[str, Any] = {
        "uuid": str(uuid.uuid5(_NAMESPACE, f"{row.kind.value}/{row.value}")),
        "type": kind, "category": category, "value": row.value, "to_ids": True,
        "timestamp": event["timestamp"], "distribution": "5",
        "comment": one_line(_comment(row))[:1000],
        "Tag": [_tag(row.tlp)],
    }  # fmt: skip
    times = {"first_seen": row.first, "last_seen": row.last}
    return item | {name: _time(time) for name, time in times.items() if time}


def _comment(row: Row) -> str:
    return "; ".join(_parts(row))


def _parts(row: Row) -> Iterator[str]:
    yield f"score {row.score:g}"
    if row.until:
        yield f"valid until {_time(row.until)}"
    yield f"named by {', '.join(row.sources)}"
    if row.description:
        yield row.description


def _tag(level: Tlp) -> dict[str, str]:
    return {"name": level.word.lower(), "colour": _COLOURS[level]}


def _time(time: int) -> str:
    return datetime.fromtimestamp(time / 1_000_000, UTC).isoformat()


FORMAT = Format("misp", N_("MISP feed (folder)"), frozenset(IndicatorType), write)
