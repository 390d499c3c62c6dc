"""What of the objects is matched against events, and how an import is taken back whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from noroshi.app.errors import AppError
from noroshi.app.workspace import Workspace
from noroshi.intel.indicators import Indicator, IndicatorType, indicators_of
from noroshi.intel.objects import Clearance, Provenance
from noroshi.intel.objects.markings import Tlp, level_of_definition, marking_levels

_ALL = Clearance.everything()

_Key = tuple[IndicatorType, str, str]


class Undone(NamedTuple):
    """What taking an import back did: versions removed, indicators no longer matched."""

    removed: int
    disarmed: int


def arm(workspace: Workspace, objects: Iterable[Mapping[str, Any]], source: str) -> int:
    """Match the indicators among some objects from now on; return how many values."""
    items = [item for item in objects if isinstance(item, dict)]
    found = indicators_of(items, source, _levels(workspace, items))
    return workspace.indicators.add(found.indicators, told=True)


def undo(workspace: Workspace, addition: int) -> Undone:
    """Take an import back: its objects, and the indicators that only it brought.

    What another import of the same source says of a value counts again. The objects go last, so
    that whoever was interrupted simply asks again.

    Raises:
        AppError: there is no addition of that number.
    """
    store = workspace.objects
    said = store.addition(addition)
    if said is None:
        newest = max((number for number, _ in store.additions(1)), default=0)
        raise AppError(f"no addition {addition}; the newest is {newest}")
    brought = _armed(workspace, store.brought(addition, _ALL, "indicator"), said)
    left = _left(workspace, addition, said, brought.keys()) if brought else []
    workspace.indicators.add(left, told=True)
    disarmed = workspace.indicators.remove(brought.keys() - {_key(one) for one in left})
    return Undone(store.undo(addition), disarmed)


def _left(
    workspace: Workspace, addition: int, said: Provenance, wanted: Iterable[_Key]
) -> list[Indicator]:
    """Return what the newest versions of a source's other imports say of some values."""
    store, keys = workspace.objects, set(wanted)
    newest: dict[str, dict[str, Any]] = {}
    for number, other in store.additions(1 << 40):
        if number == addition or other.source != said.source:
            continue
        for item in store.brought(number, _ALL, "indicator"):
            kept = newest.get(item["id"])
            if kept is None or item["modified"] > kept["modified"]:
                newest[item["id"]] = item
    armed = _armed(workspace, newest.values(), said)
    return [one for key, one in armed.items() if key in keys]


def _armed(
    workspace: Workspace, items: Iterable[dict[str, Any]], said: Provenance
) -> dict[_Key, Indicator]:
    objects = list(items)
    found = indicators_of(objects, said.source, _levels(workspace, objects))
    return {_key(one): one for one in found.indicators}


def _key(one: Indicator) -> _Key:
    return one.type, one.value, one.source


def _levels(workspace: Workspace, objects: Iterable[Mapping[str, Any]]) -> Mapping[str, Tlp | None]:
    """Return the level of every marking that objects bear, as they or the store define it."""
    items = list(objects)
    levels = marking_levels(items)
    borne = {str(mark) for item in items for mark in item.get("object_marking_refs") or ()}
    for mark in borne - levels.keys():
        definition = workspace.objects.get(mark, _ALL)
        if definition is not None:
            levels[mark] = level_of_definition(definition)
    return levels
