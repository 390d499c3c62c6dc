"""Which objects an object points at, and what is left of it when some of them are hidden."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from noroshi.intel.objects.checker import identifier_type
from noroshi.intel.objects.markings import without

MARKS = "object_marking_refs"


def references(item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (property, id) of everything that an object points at, markings aside."""
    for name, value in item.items():
        if name[-4:] not in ("_ref", "refs"):
            continue
        if name.endswith("_ref"):
            if identifier_type(value):
                yield name, value
        elif name.endswith("_refs") and name != MARKS and isinstance(value, list):
            for one in value:
                if identifier_type(one):
                    yield name, one


def without_hidden(item: dict[str, Any], hidden: Collection[str]) -> dict[str, Any] | None:
    """Return an object that no longer points at hidden ones; None if it cannot do without.

    A relationship one of whose ends is hidden is itself hidden: that two things are related is
    already something told.
    """
    if not hidden or not any(target in hidden for _, target in references(item)):
        return item
    gone = []
    kept = dict(item)
    for name, value in item.items():
        if name.endswith("_ref") and value in hidden:
            gone.append(name)
        elif name.endswith("_refs") and name != MARKS and isinstance(value, list):
            kept[name] = [one for one in value if one not in hidden]
            if not kept[name]:
                gone.append(name)
    return without(kept, gone) if gone else kept
