"""MISP feeds: a manifest with an event file each, ``hashes.csv`` beside it, or single event files.

Source: MISP core format (manifest.json, event JSON); MISP feed layout (hashes.csv: md5 of a value,
uuid of its event; it holds no values, so it only tells which events to read where there is no
manifest).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any
from urllib.parse import urljoin

import orjson

from noroshi.collect.feeds.door import Door, Got
from noroshi.collect.feeds.errors import FeedError
from noroshi.collect.feeds.item import Form, Item
from noroshi.collect.feeds.kinds.files import each_file
from noroshi.collect.feeds.kinds.kind import load, mapping, moment
from noroshi.intel.indicators.read import parse_indicators

_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")


def read_misp(door: Door, position: dict[str, Any]) -> Iterator[Item]:
    """Yield the events that are new or have a later timestamp."""
    if not door.feed.is_remote:
        for got in each_file(door):
            if not got.location.endswith(("manifest.json", "hashes.csv")):
                yield from _events(got)
        return
    got = door.read()
    if got is None:
        return
    if got.location.endswith("hashes.csv"):
        text = got.body.decode("ascii", "replace")
        marks = dict.fromkeys(dict.fromkeys(_UUID.findall(text)), "")
    else:
        data = mapping(load(got.body, got.location))
        if "Event" in data or "response" in data:
            yield from _events(got)
            return
        marks = {
            name: str(mapping(about).get("timestamp", ""))
            for name, about in data.items()
            if _UUID.fullmatch(name)
        }
    if not marks:
        raise FeedError(f"{got.location}: neither a MISP event nor a manifest")
    yield from _changed(door, got.location, marks, position)


def _changed(
    door: Door, base: str, marks: dict[str, str], position: dict[str, Any]
) -> Iterator[Item]:
    known: dict[str, str] = position.setdefault("events", {})
    missing: list[str] = []
    for uuid, mark in marks.items():
        if known.get(uuid) == mark:
            continue
        try:
            event = door.read(urljoin(base, f"{uuid}.json"), conditional=not mark)
        except FeedError as error:
            if door.seconds_left <= 0 or len(missing) >= 20:
                raise
            missing.append(str(error))
            continue
        if event is not None:
            yield from _events(event)
        known[uuid] = mark
    if missing:
        raise FeedError(f"{len(missing)} events could not be read, first: {missing[0]}")


def _events(got: Got) -> Iterator[Item]:
    data = load(got.body, got.location)
    found = mapping(data).get("response", data)
    for one in found if isinstance(found, list) else [found]:
        event = mapping(mapping(one).get("Event", one))
        if "Attribute" in event or "Object" in event or "info" in event:
            yield _event(event)


def _event(event: dict[str, Any]) -> Item:
    uuid = str(event.get("uuid") or event.get("info") or "?")
    found = parse_indicators(orjson.dumps(event), "", uuid)
    tlp = next((one.tlp for one in found.indicators if one.tlp), "")
    stamp = moment(event.get("timestamp"))
    body = {
        "name": str(event.get("info") or uuid)[:1000],
        "published": moment(event.get("date")) or stamp,
        "stamp": stamp,
        "tlp": tlp,
        "indicators": [
            {**asdict(one), "type": one.type.value, "labels": list(one.labels)}
            for one in found.indicators
        ],
        "refused": found.refused_count,
    }
    return Item(uuid, Form.EVENT, body, moment(event.get("date")))
