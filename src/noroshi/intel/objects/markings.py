"""Markings: who may see what, asked at every way out.

An object's level is the strictest of its TLP markings, read from the marking definitions that TLP
1.0 and 2.0 fix and from definitions in the store. A marking that nobody can resolve counts as
TLP:RED: it was put there for a reason. Statement markings restrict nobody.

Sources: STIX 2.1, section 7.2 (markings, granular markings, TLP 1.0 definitions); "TLP 2.0 marking
definitions for STIX 2.1" of the OASIS common object repository; FIRST, Traffic Light Protocol 2.0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from typing import Any

from noroshi.intel.objects.errors import ObjectError
from noroshi.intel.objects.vocabulary import ONE_OF, REQUIRED


class Tlp(IntEnum):
    """Traffic Light Protocol 2.0, from open to closed."""

    CLEAR = 0
    GREEN = 1
    AMBER = 2
    AMBER_STRICT = 3
    RED = 4

    @classmethod
    def of(cls, text: str) -> Tlp:
        """Return the level of a word such as ``TLP:AMBER+STRICT``; TLP 1.0's white is clear.

        Raises:
            ObjectError: no such level.
        """
        word = text.strip().casefold().removeprefix("tlp:")
        try:
            return _WORDS[word]
        except KeyError as error:
            raise ObjectError(f"{text!r} is no TLP level; there are {', '.join(_WORDS)}") from error

    @property
    def word(self) -> str:
        """The level as TLP 2.0 writes it."""
        return f"TLP:{self.name.replace('_', '+')}"


_WORDS = {
    "clear": Tlp.CLEAR, "white": Tlp.CLEAR, "green": Tlp.GREEN, "amber": Tlp.AMBER,
    "amber+strict": Tlp.AMBER_STRICT, "red": Tlp.RED,
}  # fmt: skip

TLP_IDS: Mapping[str, Tlp] = MappingProxyType(
    {
        f"marking-definition--{uuid}": level
        for uuid, level in (
            ("613f2e26-407d-48c7-9eca-b8e91df99dc9", Tlp.CLEAR),
            ("34098fce-860f-48ae-8e50-ebd3cc5e41da", Tlp.GREEN),
            ("f88d31f6-486f-44da-b317-01333bde0b82", Tlp.AMBER),
            ("5e57c739-391a-4eb3-b6be-7d15ca92d5ed", Tlp.RED),
            ("94868c89-83c2-464b-929b-a1a8aa3c8487", Tlp.CLEAR),
            ("bab4a63c-aed9-4cf5-a766-dfca5abac2bb", Tlp.GREEN),
            ("55d920b0-5e8b-4f79-9ee9-91f868d9b421", Tlp.AMBER),
            ("939a9414-2ddd-4d32-a0cd-375ea402b003", Tlp.AMBER_STRICT),
            ("e828b379-4e03-4974-9ac4-e53a884c97c1", Tlp.RED),
        )
    }
)
"""The marking definitions that TLP 1.0 (first four) and TLP 2.0 fix."""

TLP_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"


@dataclass(frozen=True, slots=True)
class Clearance:
    """A reader: up to which level, and which other markings they hold.

    Attributes:
        tlp: the highest level they may see.
        markings: ids of marking definitions agreed with them; such a marking does not hide an
            object from them, whatever else it says.
    """

    tlp: Tlp = Tlp.CLEAR
    markings: frozenset[str] = frozenset()

    @classmethod
    def everything(cls) -> Clearance:
        """The owner of the store, who sees all that was put into it."""
        return cls(Tlp.RED, frozenset((_ALL,)))


_ALL = "*"

Levels = Callable[[str], Tlp | None]
"""Tells the level of a marking definition; None for one that restricts nobody."""


def level_of_definition(definition: Mapping[str, Any]) -> Tlp | None:
    """Return the TLP level that a marking definition stands for; None for a statement."""
    told = _within(_within(definition, "extensions"), TLP_EXTENSION).get("tlp_2_0")
    if told is None and definition.get("definition_type") == "tlp":
        told = _within(definition, "definition").get("tlp")
    if told is not None:
        try:
            return Tlp.of(str(told))
        except ObjectError:
            return Tlp.RED
    return None if definition.get("definition_type") == "statement" else Tlp.RED


def _within(item: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    inner = item.get(name)
    return inner if isinstance(inner, dict) else {}


def marking_levels(objects: Iterable[Mapping[str, Any]]) -> dict[str, Tlp | None]:
    """Return the level of every marking that some objects define, and of those TLP fixes."""
    found: dict[str, Tlp | None] = dict(TLP_IDS)
    for item in objects:
        name = str(item.get("id"))
        if item.get("type") == "marking-definition" and name not in TLP_IDS:
            found[name] = level_of_definition(item)
    return found


def may_see(marks: Iterable[str], clearance: Clearance, levels: Levels) -> bool:
    """Tell whether a reader may see what bears these markings."""
    if _ALL in clearance.markings:
        return True
    for mark in marks:
        if mark in clearance.markings:
            continue
        level = TLP_IDS[mark] if mark in TLP_IDS else levels(mark)
        if level is not None and level > clearance.tlp:
            return False
    return True


def view(item: Mapping[str, Any], clearance: Clearance, levels: Levels) -> dict[str, Any] | None:
    """Return what a reader may see of an object; None if nothing.

    Properties under a granular marking above the reader are left out, a whole list where one of
    its items is; an object that then lacks what its type must have is not shown at all, nor is one
    whose marking points nowhere.
    """
    if not may_see(item.get("object_marking_refs", ()), clearance, levels):
        return None
    marked = item.get("granular_markings")
    if not marked or _ALL in clearance.markings:
        return dict(item)
    hidden: set[str] = set()
    for mark in marked:
        if "marking_ref" in mark and not may_see((mark["marking_ref"],), clearance, levels):
            if not all(_leads_somewhere(item, selector) for selector in mark["selectors"]):
                return None
            hidden.update(selector.split(".[", 1)[0] for selector in mark["selectors"])
    return without(item, hidden) if hidden else dict(item)


def without(item: Mapping[str, Any], paths: Iterable[str]) -> dict[str, Any] | None:
    """Return an object without some properties; None if it cannot do without them."""
    kept = _copy(item)
    for path in paths:
        *way, last = path.split(".")
        place = kept
        for name in way:
            place = place.get(name, {}) if isinstance(place, dict) else {}
        if isinstance(place, dict):
            place.pop(last, None)
    return complete(item, kept)


def complete(item: Mapping[str, Any], kept: dict[str, Any]) -> dict[str, Any] | None:
    """Return what is kept of an object; None if it lacks what an object of its type must have."""
    kind = str(item["type"])
    needed = (*_ALWAYS, *REQUIRED.get(kind, ()))
    if any(name not in kept for name in needed if name in item):
        return None
    choices = ONE_OF.get(kind, ())
    if any(name in item for name in choices) and not any(name in kept for name in choices):
        return None
    _drop_dead_selectors(kept)
    return kept


_ALWAYS = ("type", "id", "spec_version", "created", "modified", "object_marking_refs")


def _drop_dead_selectors(item: dict[str, Any]) -> None:
    """Leave out granular markings of what is no longer there."""
    marks = []
    for mark in item.get("granular_markings", []):
        alive = [selector for selector in mark["selectors"] if _leads_somewhere(item, selector)]
        if alive:
            marks.append({**mark, "selectors": alive})
    if marks:
        item["granular_markings"] = marks
    else:
        item.pop("granular_markings", None)


def _leads_somewhere(item: Mapping[str, Any], selector: str) -> bool:
    place: Any = item
    for step in selector.split("."):
        if step.startswith("[") and isinstance(place, list) and step[1:-1].isdigit():
            index = int(step[1:-1])
            if index >= len(place):
                return False
            place = place[index]
        elif isinstance(place, dict) and step in place:
            place = place[step]
        else:
            return False
    return True


def _copy(item: Mapping[str, Any]) -> dict[str, Any]:
    """Copy the dictionaries of an object, so that removing from the copy leaves it whole."""
    return {
        name: _copy(value) if isinstance(value, dict) else value for name, value in item.items()
    }
