"""MISP events to STIX 2.1 objects.

Source: MISP core format (draft-dulaunoy-misp-core-format); the mapping is ``misp-stix``'s, "MISP to
STIX 2.1". Ids follow from those of MISP, so that the same event twice is once.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from noroshi.intel.objects import TLP_IDS, Tlp, clock
from noroshi.share.exports.formats.stix import MARKS
from noroshi.share.misp import tags
from noroshi.share.misp.conform import conform
from noroshi.share.misp.library import MispError, misp_extra

MOST = 50_000
"""Attributes of one event: converting takes about a hundredth of a second each."""

LABELS = ("date", "threat_level_id", "analysis")
"""Properties of an event for which STIX has no place; they go into labels of its report."""

STATEMENT = "statement:"
"""How tags begin that stand for statement markings."""

CONTAINERS = frozenset(("report", "grouping"))
_SHARED = frozenset(
    ("identity", "attack-pattern", "campaign", "course-of-action", "infrastructure",
     "intrusion-set", "location", "malware", "threat-actor", "tool", "vulnerability"),
)  # fmt: skip
"""Types that MISP's organisations and galaxies become: the same one for many events."""


_NAMESPACE = uuid.UUID("7b3c7a32-9a6e-5b3b-8f5a-3a0a9a4a8c1e")
_UUID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Converted:
    """What an event became.

    Attributes:
        objects: STIX 2.1 objects, marked.
        shared: ids of those that belong to no event alone, such as organisations and techniques:
            where the store knows one already, that one is the better one.
        notes: what could not be converted, in the library's words.
    """

    objects: tuple[dict[str, Any], ...]
    shared: frozenset[str]
    notes: tuple[str, ...]


def events_in(data: Any) -> list[dict[str, Any]]:
    """Return the MISP events of a JSON document: one, a list, or a server's ``response``."""
    if isinstance(data, dict) and isinstance(data.get("response"), list | dict):
        data = data["response"]
    found = []
    for item in data if isinstance(data, list) else [data]:
        event = item.get("Event") if isinstance(item, dict) else None
        if isinstance(event, dict):
            found.append(event)
    return found


def to_objects(event: Mapping[str, Any]) -> Converted:
    """Return the STIX objects of an event.

    Raises:
        MispError: it cannot be converted, or the extra ``misp`` is not installed.
    """
    count = len(tags.parts(event)) + sum(map(len, map(tags.parts, tags.parts(event, "Object"))))
    name = f"event {event.get('uuid', '?')}"
    if count > MOST:
        raise MispError(
            f"{name} has {count:,} attributes, {MOST:,} is the most; "
            "match its values with noroshi indicators import, or split it"
        )
    sound, nameless = _sound(event)
    with misp_extra():
        from misp_stix_converter import MISPtoSTIX21Parser  # type: ignore[import-untyped]

        parser = MISPtoSTIX21Parser()
        try:
            parser.parse_misp_event({"Event": sound})
            items = [_plain(one) for one in parser.bundle.objects]
        except Exception as error:
            raise MispError(f"{name} cannot be converted: {error!s:.300}") from error
        notes = [*nameless, *_told(parser.errors), *_told(parser.warnings)]
    levels = tags.levels_in(event)
    statements = _statements(event)
    items = [_finished(item, event, levels, [one["id"] for one in statements]) for item in items]
    return Converted(
        (*statements, *items),
        frozenset(i["id"] for i in items if i["type"] in _SHARED and i["id"][-36:] not in levels),
        tuple(notes),
    )


def _sound(event: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return a copy of an event in which everything has what it needs, and what was left out.

    Without a time the library takes the present one, and the same event would be another one
    tomorrow; a cluster without an id, as old exports hold, would make it refuse the whole event,
    and so would a tag without a name, which says nothing.
    """
    copy: dict[str, Any] = orjson.loads(orjson.dumps(dict(event)))
    if not str(copy.get("timestamp") or "").isdecimal():
        day = clock.parse(f"{copy.get('date', '')}T00:00:00Z") or 0
        copy["timestamp"] = str(day // 1_000_000)
    objects = tags.parts(copy, "Object")
    inside = [*tags.parts(copy), *(one for item in objects for one in tags.parts(item))]
    reports = tags.parts(copy, "EventReport")
    for item in (*objects, *inside, *reports):
        item["timestamp"] = item.get("timestamp") or copy["timestamp"]
    nameless: list[str] = []
    for item in (copy, *objects, *inside, *reports):
        if gone := _drop_nameless_tags(item):
            nameless.append(f"{item.get('uuid', '?')}: {gone} tags without a name are left out")
        for galaxy in tags.parts(item, "Galaxy"):
            for cluster in tags.parts(galaxy, "GalaxyCluster"):
                if not _UUID.fullmatch(str(cluster.get("uuid", ""))):
                    name = f"{cluster.get('type')}/{cluster.get('value')}"
                    cluster["uuid"] = str(uuid.uuid5(_NAMESPACE, name))
    return copy, nameless


def _drop_nameless_tags(item: dict[str, Any]) -> int:
    """Take tags without a name out of an event or attribute; return how many there were."""
    listed = item.get("Tag")
    if not isinstance(listed, list):
        return 0
    item["Tag"] = [tag for tag in listed if isinstance(tag, dict) and _has_name(tag)]
    return len(listed) - len(item["Tag"])


def _has_name(tag: Mapping[str, Any]) -> bool:
    return isinstance(tag.get("name"), str) and bool(tag["name"].strip())


def _plain(item: Any) -> dict[str, Any]:
    text = item.serialize() if hasattr(item, "serialize") else orjson.dumps(item)
    plain: dict[str, Any] = orjson.loads(text)
    return plain


def _told(said: Mapping[str, list[str]]) -> list[str]:
    return [f"{where}: {words}"[:300] for where, told in said.items() for words in told]


def _statements(event: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the statement markings that tags of an event stand for."""
    texts = [tag.removeprefix(STATEMENT) for tag in tags.names(event) if tag.startswith(STATEMENT)]
    return [
        {
            "type": "marking-definition", "spec_version": "2.1",
            "id": f"marking-definition--{uuid.uuid5(_NAMESPACE, text)}",
            "created": "2026-01-01T00:00:00.000Z", "definition_type": "statement",
            "definition": {"statement": text},
        }
        for text in dict.fromkeys(texts) if text
    ]  # fmt: skip


def _finished(
    item: dict[str, Any],
    event: Mapping[str, Any],
    levels: Mapping[str, Tlp],
    statements: Sequence[str],
) -> dict[str, Any]:
    """Mark an object, and keep what the conversion drops."""
    if item["type"] == "marking-definition":
        return item
    conform(item)
    level = levels.get(item["id"][-36:], tags.level_of(tags.names(event)))
    borne = item.get("object_marking_refs", [])
    if level > max((TLP_IDS.get(mark, Tlp.CLEAR) for mark in borne), default=Tlp.CLEAR):
        others = [mark for mark in borne if mark not in TLP_IDS]
        item["object_marking_refs"] = [*others, MARKS[level]]
    if "modified" in item:
        item["modified"] = _later(item["modified"], event)
    if item["type"] in CONTAINERS:
        kept = [f'misp:{name}="{event[name]}"' for name in LABELS if event.get(name)]
        labels = [one for one in item.get("labels", ()) if not one.startswith(STATEMENT)]
        item["labels"] = [*labels, *kept]
        if statements:
            item["object_marking_refs"] = [*item.get("object_marking_refs", ()), *statements]
    return item


def _later(modified: str, event: Mapping[str, Any]) -> str:
    """Return when an object or its event changed last.

    A tag of the event marks the attribute too, but MISP leaves the attribute's own time alone:
    without this, a marking that was tightened would look like the version that is known.
    """
    stamp = str(event.get("timestamp", ""))
    changed = int(stamp) * 1_000_000 if stamp.isdecimal() and len(stamp) <= 10 else 0
    own = clock.parse(modified) or 0
    return clock.text(changed) if changed > own else modified
