"""MISP feeds: a manifest with an event file each, ``hashes.csv`` beside it, or event files.

Source: MISP core format (manifest.json, event JSON); MISP feed layout (hashes.csv: md5 of a value,
uuid of its event; it holds no values, so it only tells which events to read where there is no
manifest).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from noroshi.collect.feeds.door import Door, Got
from noroshi.collect.feeds.errors import FeedError
from noroshi.collect.feeds.item import Form, Item
from noroshi.collect.feeds.kinds.files import Files
from noroshi.collect.feeds.kinds.values import body_of, load, mapping, moment, words
from noroshi.intel.indicators import Indicator, IndicatorType
from noroshi.intel.indicators.imported import Imported
from noroshi.intel.indicators.misp_event import misp_event

_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_LISTS = ("manifest.json", "hashes.csv")


def read_misp(door: Door, position: dict[str, Any]) -> Iterator[Item]:
    """Yield the events that are new or have a later timestamp."""

    def parse(got: Got) -> Iterator[Item]:
        name = got.location.lower()
        if door.feed.is_remote or name == door.feed.location.lower():
            yield from _answer(door, got, position)
        elif not name.endswith(_LISTS):
            yield from _events(door, got)

    return Files(door, parse, suffixes=(".json",), zipped=True).items()


def _answer(door: Door, got: Got, position: dict[str, Any]) -> Iterator[Item]:
    if got.location.endswith("hashes.csv"):
        found = _UUID.findall(got.body.decode("ascii", "replace"))
        yield from _changed(door, got.location, dict.fromkeys(found, ""), position)
        return
    data = load(got.body, got.location)
    marks = {
        name: words(mapping(about).get("timestamp"), 40)
        for name, about in mapping(data).items()
        if _UUID.fullmatch(name)
    }
    if marks:
        yield from _changed(door, got.location, marks, position)
    else:
        yield from _events(door, got)


def _changed(
    door: Door, base: str, marks: dict[str, str], position: dict[str, Any]
) -> Iterator[Item]:
    known: dict[str, str] = position.setdefault("events", {})
    missing: list[str] = []
    for uuid, mark in marks.items():
        if mark and known.get(uuid) == mark:
            continue
        try:
            event = door.read(urljoin(base, f"{uuid}.json"), conditional=not mark)
            if event is not None:
                yield from _events(door, event)
                door.done(event)
        except FeedError as error:
            if door.seconds_left <= 0 or len(missing) >= 20:
                raise
            missing.append(str(error))
            continue
        known[uuid] = mark
    if missing:
        raise FeedError(f"{len(missing)} events could not be read, first: {missing[0]}")


def _events(door: Door, got: Got) -> Iterator[Item]:
    data = load(got.body, got.location)
    data = mapping(data).get("response", data)
    found = 0
    for one in data if isinstance(data, list) else [data]:
        event = mapping(mapping(one).get("Event", one))
        if "Attribute" in event or "Object" in event or "info" in event:
            found += 1
            yield _event(door, event)
    if not found:
        raise FeedError(f"{got.location}: neither a MISP event nor a manifest")


def _event(door: Door, event: dict[str, Any]) -> Item:
    uuid = words(event.get("uuid")) or words(event.get("info")) or "?"
    found = Imported()
    for part in misp_event(event, Indicator(IndicatorType.DOMAIN, "", "")):
        found.join(part)
        door.refuse_late()
    stamp = moment(event.get("timestamp"))
    body = {
        "name": words(event.get("info")) or uuid,
        "published": moment(event.get("date")) or stamp,
        "tlp": next((one.tlp for one in found.indicators if one.tlp), ""),
        "indicators": list(map(body_of, found.indicators)),
    }
    return Item(uuid, Form.EVENT, body, moment(event.get("date")))
