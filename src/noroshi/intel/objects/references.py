"""Which objects an object points at, and what is left of it when some of them are hidden."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from noroshi.intel.objects.checker import identifier_type
from noroshi.intel.objects.markings import complete
from noroshi.intel.objects.vocabulary import ONE_OF, REQUIRED

_MARKS = frozenset(("object_marking_refs", "granular_markings"))


def references(item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (property, id) of all that an object points at, extensions too, markings aside."""
    for name, value in item.items():
        if type(value) is str:
            if name.endswith("_ref") and identifier_type(value):
                yield name, value
        elif type(value) is list:
            if name not in _MARKS:
                yield from _of_list(name, value)
        elif type(value) is dict:
            yield from references(value)


def _of_list(name: str, values: list[Any]) -> Iterator[tuple[str, str]]:
    refers = name.endswith("_refs")
    for value in values:
        if type(value) is dict:
            yield from references(value)
        elif refers and type(value) is str and identifier_type(value):
            yield name, value


def hangs_on_others(item: Mapping[str, Any]) -> bool:
    """Tell whether an object must be hidden when what it points at is."""
    kind = str(item["type"])
    needed = (*REQUIRED.get(kind, ()), *ONE_OF.get(kind, ()))
    return any(name.endswith(("_ref", "_refs")) for name in needed)


def without_hidden(item: dict[str, Any], hidden: Collection[str]) -> dict[str, Any] | None:
    """Return an object that no longer points at hidden ones; None if it cannot do without.

    A relationship one of whose ends is hidden is itself hidden: that two things are related is
    already something told.
    """
    if not hidden or not any(target in hidden for _, target in references(item)):
        return item
    kept = _pruned(item, hidden)
    for name, value in item.items():
        if name in kept and isinstance(value, list) and len(kept[name]) < len(value):
            _mark_whole(kept, name)
    return complete(item, kept)


def _pruned(item: Mapping[str, Any], hidden: Collection[str]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, value in item.items():
        if name in _MARKS:
            kept[name] = value
        elif isinstance(value, dict):
            kept[name] = _pruned(value, hidden)
        elif isinstance(value, list):
            left = _of_kept(name, value, hidden)
            if left or not value:
                kept[name] = left
        elif not (name.endswith("_ref") and value in hidden):
            kept[name] = value
    return kept


def _of_kept(name: str, values: list[Any], hidden: Collection[str]) -> list[Any]:
    refers = name.endswith("_refs")
    return [
        _pruned(value, hidden) if isinstance(value, dict) else value
        for value in values
        if not (refers and isinstance(value, str) and value in hidden)
    ]


def _mark_whole(item: dict[str, Any], name: str) -> None:
    """Let markings of single items of a shortened list cover all of it: places have moved."""
    start = f"{name}.["
    marks = [
        {**mark, "selectors": list(dict.fromkeys(
            name if selector.startswith(start) else selector for selector in mark["selectors"]
        ))}
        for mark in item.get("granular_markings", ())
    ]  # fmt: skip
    if marks:
        item["granular_markings"] = marks
