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
from noroshi.intel.indicators.imported import Imported
from noroshi.intel.indicators.read import indicator_parts

_FEW = 3
_NAMES = (".txt", ".csv", ".tsv", ".list", ".lst", ".json", ".ipset", ".netset", ".ioc", ".md5",
          ".sha1", ".sha256")  # fmt: skip


def read_list(door: Door, _: dict[str, Any]) -> Iterator[Item]:
    """Yield the indicators of a list, or of each list in a folder."""
    return Files(door, lambda got: _listed(door, got), suffixes=_NAMES, zipped=True).items()


def _listed(door: Door, got: Got) -> Iterator[Item]:
    good, wrong, waiting = 0, Imported(), list[Indicator]()
    try:
        for part in indicator_parts(got.body, door.feed.name, got.location):
            good += len(part.indicators)
            door.repeated += part.repeated
            waiting += part.indicators
            part.indicators = []
            wrong.join(part)
            if not _is_none(good, wrong):
                yield from map(indicator_item, waiting)
                waiting = []
            door.refuse_late()
    except IndicatorError as error:
        raise FeedError(str(error)) from error
    if _is_none(good, wrong):
        value, reason = wrong.refused[0]
        raise FeedError(
            f"{got.location}: no list of indicators: {wrong.refused_count:,} of "
            f"{wrong.refused_count + good:,} lines are none, e.g. {value[:80]!r}: {reason}"
        )
    for entry, reason in wrong.refused:
        door.refuse(entry, reason)
    door.refused += wrong.refused_count - len(wrong.refused)


def _is_none(good: int, wrong: Imported) -> bool:
    """Whether so much is wrong that this is an error page, say, in the place of a list."""
    return wrong.refused_count > (max(_FEW, 4 * good) if good else 0)


def indicator_item(one: Indicator) -> Item:
    """Return an indicator as an item."""
    return Item(f"{one.type.value} {one.value}", Form.INDICATOR, body_of(one), one.valid_from)
