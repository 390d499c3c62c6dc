"""Lists of indicators (CSV, plain), and STIX 2 bundles as files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from noroshi.collect.feeds.door import Door
from noroshi.collect.feeds.errors import FeedError
from noroshi.collect.feeds.item import Form, Item
from noroshi.collect.feeds.kinds.files import each_file
from noroshi.collect.feeds.kinds.kind import indicator_item, listed, load, mapping, moment
from noroshi.intel.indicators import IndicatorError
from noroshi.intel.indicators.read import parse_indicators


def read_list(door: Door, _: dict[str, Any]) -> Iterator[Item]:
    """Yield the indicators of a list, or of each list in a folder."""
    for got in each_file(door):
        try:
            found = parse_indicators(got.body, door.feed.name, got.location)
        except IndicatorError as error:
            raise FeedError(str(error)) from error
        if not found.indicators and found.refused_count > 3:
            value, reason = found.refused[0]
            raise FeedError(f"{got.location}: no indicator in it, but e.g. {value!r}: {reason}")
        yield from map(indicator_item, found.indicators)


def read_stix(door: Door, _: dict[str, Any]) -> Iterator[Item]:
    """Yield the objects of a bundle, or of each bundle in a folder."""
    for got in each_file(door):
        data = load(got.body, got.location)
        objects = data.get("objects", [data]) if isinstance(data, dict) else data
        yield from filter(None, map(object_item, listed(objects)))


def object_item(item: Any) -> Item | None:
    """Return a STIX object as an item; a version of it is one item."""
    found = mapping(item)
    if not isinstance(found.get("id"), str) or found.get("type") == "bundle":
        return None
    key = f"{found['id']} {found.get('modified') or found.get('created') or ''}"
    return Item(key, Form.OBJECT, found, moment(found.get("modified")))
