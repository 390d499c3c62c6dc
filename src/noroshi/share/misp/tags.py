"""Tags of MISP: which of them mark, and how strictly.

Source: MISP taxonomy ``tlp`` (machine tags such as ``tlp:amber+strict``), FIRST TLP 2.0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from noroshi.intel.objects import ObjectError, Tlp


def names(item: Mapping[str, Any]) -> list[str]:
    """Return the tags of an event or attribute."""
    tags = item.get("Tag")
    listed = tags if isinstance(tags, list) else []
    return [str(tag["name"]) for tag in listed if isinstance(tag, dict) and tag.get("name")]


def level_of(tags: Iterable[str]) -> Tlp:
    """Return the strictest level among tags; a TLP tag that nobody knows is red."""
    return max((_level(tag) for tag in tags if tag.lower().startswith("tlp:")), default=Tlp.CLEAR)


def levels_in(event: Mapping[str, Any]) -> dict[str, Tlp]:
    """Return the level of each attribute and object of an event by its uuid.

    What is in the event is at least as strict as the event, an object as its strictest attribute.
    """
    whole = level_of(names(event))
    found = {str(one.get("uuid")): max(whole, level_of(names(one))) for one in parts(event)}
    for item in parts(event, "Object"):
        inside = [max(whole, level_of(names(one))) for one in parts(item)]
        level = max([whole, *inside])
        found[str(item.get("uuid"))] = level
        found |= {str(one.get("uuid")): level for one in parts(item)}
    return found


def parts(item: Mapping[str, Any], name: str = "Attribute") -> list[dict[str, Any]]:
    """Return the attributes, or objects, of an event or object; what is none is left out."""
    listed = item.get(name)
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _level(tag: str) -> Tlp:
    try:
        return Tlp.of(tag)
    except ObjectError:
        return Tlp.RED
