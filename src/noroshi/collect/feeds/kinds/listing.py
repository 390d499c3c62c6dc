"""Lists of indicators: CSV, plain, or a JSON list of values, one file or a folder of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from noroshi.collect.feeds.door import Door, Got
from noroshi.collect.feeds.errors import FeedError
from noroshi.collect.feeds.item import Form, Item
from noroshi.collect.feeds.kinds.files import Files
from noroshi.collect.feeds.kinds.values import body_of
from noroshi.intel.indicators import Indicator, IndicatorError
from noroshi.intel.indicators.read import parse_indicators

_FEW = 3
_NAMES = (".txt", ".csv", ".tsv", ".list", ".lst", ".json", ".ipset", ".netset", ".ioc", ".md5",
          ".sha1", ".sha256")  # fmt: skip


def read_list(door: Door, _: dict[str, Any]) -> Iterator[Item]:
    """Yield the indicators of a list, or of each list in a folder."""
    return Files(door, lambda got: _listed(door, got), suffixes=_NAMES, zipped=True).items()


def _listed(door: Door, got: Got) -> Iterator[Item]:
    try:
        found = parse_indicators(got.body, door.feed.name, got.location)
    except IndicatorError as error:
        raise FeedError(str(error)) from error
    if found.refused_count > (max(_FEW, 4 * len(found.indicators)) if found.indicators else 0):
        # An error page, say, in the place of a list.
        value, reason = found.refused[0]
        raise FeedError(
            f"{got.location}: no list of indicators: {found.refused_count:,} of "
            f"{found.refused_count + len(found.indicators):,} lines are none, e.g. "
            f"{value[:80]!r}: {reason}"
        )
    for entry, reason in found.refused:
        door.refuse(entry, reason)
    yield from map(indicator_item, found.indicators)


def indicator_item(one: Indicator) -> Item:
    """Return an indicator as an item."""
    return Item(f"{one.type.value} {one.value}", Form.INDICATOR, body_of(one), one.valid_from)
