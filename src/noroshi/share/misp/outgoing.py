"""STIX objects to MISP events.

A report or grouping is an event with what it refers to; everything else goes into one event more.
The mapping is ``misp-stix``'s: its "internal" one for what came from MISP, so that attributes keep
their types and ids, its "external" one for the rest.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from noroshi.intel.objects import Tlp, clock
from noroshi.intel.objects.bundle import Writable, as_2_1
from noroshi.intel.objects.markings import marking_levels
from noroshi.intel.objects.references import references
from noroshi.lang import N_, Language, gettext
from noroshi.share.misp import tags
from noroshi.share.misp.conform import as_misp_wrote
from noroshi.share.misp.incoming import CONTAINERS, LABELS, STATEMENT
from noroshi.share.misp.library import MispError, misp_extra

MOST = 50_000
"""Objects of one export: all of them are in memory, and converting is slow."""

_NAMESPACE = uuid.UUID("b3a3dd4e-0c0e-5c3b-a9ab-29b4b1a1f6a5")
_FROM_MISP = 'misp:tool="MISP-STIX-Converter"'
_ADDED = "Threat-Report"
"""A label that the library adds to every report."""

_KEPT = re.compile(rf'misp:({"|".join(LABELS)})="(.*)"')
_LINKS = frozenset(("relationship", "sighting"))


def to_events(objects: Iterable[Mapping[str, Any]], language: Language = "en") -> Iterator[Any]:
    """Yield the MISP events (what stands below ``Event``) that some objects make.

    Args:
        objects: what the reader may see, and nothing else.
        language: of the name of the event for objects that no report holds.

    Raises:
        MispError: there are too many, they cannot be converted, or the extra is not installed.
    """
    items = {}
    for item in objects:
        items[item["id"]] = as_misp_wrote(as_2_1(item))
        if len(items) > MOST:
            raise MispError(
                f"more than {MOST:,} objects for MISP events; choose with --collection or --type, "
                "or export values: --format misp"
            )
    loose = dict(items)
    for item in items.values():
        if item["type"] in CONTAINERS:
            held = _held(item, items)
            for one in held:
                loose.pop(one["id"], None)
            yield _event(held, item)
    rest = [item for item in loose.values() if item["type"] != "marking-definition"]
    if any(item["type"] != "identity" for item in rest):
        yield _rest(_closed(rest, items), language)


def write_events(events: Iterable[Mapping[str, Any]], sink: Writable) -> int:
    """Write events as a MISP server answers with them; return how many."""
    sink.write(b'{"response":[')
    count = 0
    for count, event in enumerate(events, 1):
        sink.write((b",\n" if count > 1 else b"\n") + orjson.dumps({"Event": event}))
    sink.write(b"\n]}\n")
    return count


def _held(
    container: Mapping[str, Any], items: Mapping[str, dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return a report with all that it refers to, and what joins those."""
    ids = {container["id"], *container.get("object_refs", ())} & items.keys()
    ids = {name for name in ids if name == container["id"] or items[name]["type"] not in CONTAINERS}
    ids |= {
        item["id"] for item in items.values()
        if item["type"] in _LINKS and {ref for _, ref in _ends(item)} <= ids
    }  # fmt: skip
    found = [items[name] for name in items if name in ids]
    return _closed(found, items)


def _closed(found: Sequence[dict[str, Any]], items: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Add what some objects cannot be read without: creators, markings, parts of observables."""
    ids = {item["id"] for item in found}
    added = list(found)
    for item in added:
        marks = item.get("object_marking_refs", [])
        wanted = [ref for name, ref in references(item) if name != "object_refs"] + marks
        for ref in wanted:
            if ref in items and ref not in ids and items[ref]["type"] not in CONTAINERS:
                ids.add(ref)
                added.append(items[ref])
    return added


def _ends(link: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in ("source_ref", "target_ref", "sighting_of_ref"):
        if name in link:
            yield name, link[name]


def _event(held: list[dict[str, Any]], container: Mapping[str, Any]) -> dict[str, Any]:
    labels = container.get("labels", [])
    from_misp = _FROM_MISP in labels
    event = _converted(held, internal=from_misp)
    event["uuid"] = container["id"][-36:]
    event["info"] = container["name"] if container.get("name") else event.get("info", "")
    creator = next((one for one in held if one["id"] == container.get("created_by_ref")), None)
    if creator is not None:
        event["Orgc"] = {"name": creator.get("name", ""), "uuid": creator["id"][-36:]}
    if container.get("published"):
        event["published"], event["publish_timestamp"] = True, str(_second(container["published"]))
    told = {found[1]: found[2] for found in map(_KEPT.fullmatch, labels) if found}
    moment = clock.parse(container.get("published") or container["created"]) or 0
    event |= {"date": clock.text(moment)[:10], "threat_level_id": "4", "analysis": "2"} | told
    own = set(labels) - {_FROM_MISP, _ADDED} - {label for label in labels if _KEPT.fullmatch(label)}
    if from_misp:
        event["Tag"] = [
            tag for tag in event.get("Tag", ())
            if tag["name"] in own or tag["name"].startswith("tlp:")
        ]  # fmt: skip
        _restore(event, held)
    there = tags.names(event)
    event["Tag"] += [{"name": tag} for tag in _statements(container, held) if tag not in there]
    return _covered(event, held)


def _statements(container: Mapping[str, Any], held: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the tags that stand for the statement markings of a report."""
    borne = set(container.get("object_marking_refs", ()))
    marks = [item for item in held if item["id"] in borne and "definition" in item]
    said = [mark["definition"].get("statement") for mark in marks]
    return [f"{STATEMENT}{text}" for text in said if text]


def _second(moment: str) -> int:
    return (clock.parse(moment) or 0) // 1_000_000


def _rest(held: list[dict[str, Any]], language: Language) -> dict[str, Any]:
    event = _converted(held, internal=False)
    ids = "\n".join(sorted(item["id"] for item in held))
    newest = max((clock.parse(item.get("modified")) or 0 for item in held), default=0)
    event |= {
        "uuid": str(uuid.uuid5(_NAMESPACE, ids)),
        "info": gettext(N_("Objects that no report holds"), language),
        "date": clock.text(newest)[:10],
        "timestamp": str(newest // 1_000_000),
        "threat_level_id": "4",
        "analysis": "2",
    }
    return _covered(event, held)


def _converted(held: list[dict[str, Any]], *, internal: bool) -> dict[str, Any]:
    with misp_extra():
        import misp_stix_converter as library  # type: ignore[import-untyped]
        import stix2

        parser = (
            library.InternalSTIX2toMISPParser() if internal else library.ExternalSTIX2toMISPParser()
        )
        name = f"bundle--{uuid.uuid5(_NAMESPACE, held[0]['id'])}"
        bundle = {"type": "bundle", "id": name, "objects": orjson.loads(orjson.dumps(held))}
        try:
            parser.load_stix_bundle(stix2.parse(bundle, allow_custom=True))
            parser.parse_stix_bundle(single_event=True)
            event: dict[str, Any] = orjson.loads(parser.misp_event.to_json())
        except Exception as error:
            raise MispError(f"{held[0]['id']} cannot be converted: {error!s:.300}") from error
    event["Tag"] = [
        tag for tag in event.get("Tag", ())
        if tag["name"] != _FROM_MISP and not tag["name"].startswith("misp-galaxy:producer=")
    ]  # fmt: skip
    event["distribution"] = "0"  # whoever takes it in decides whom it goes on to
    return event


def _restore(event: dict[str, Any], held: Iterable[Mapping[str, Any]]) -> None:
    """Give attributes back their comment and time, which the library drops."""
    said: dict[str, dict[str, str]] = {}
    for item in held:
        told = said.setdefault(item["id"][-36:], {})
        if item.get("description"):
            told["comment"] = item["description"]
        if (made := clock.parse(item.get("created"))) is not None:
            told["timestamp"] = str(made // 1_000_000)
    for one in (*tags.parts(event), *tags.parts(event, "Object")):
        told = said.get(one["uuid"], {})
        one |= {name: text for name, text in told.items() if name == "timestamp" or text}


def _covered(event: dict[str, Any], held: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """See to it that no marking is lost: what its own tag does not say, that of the event does."""
    items = list(held)
    levels = marking_levels(items)
    marks = {mark for item in items for mark in item.get("object_marking_refs", ())}
    parts = [part for item in items for part in item.get("granular_markings", ())]
    marks |= {part["marking_ref"] for part in parts if "marking_ref" in part}
    strictest = max((levels.get(mark, Tlp.RED) or Tlp.CLEAR for mark in marks), default=Tlp.CLEAR)
    said = [tags.names(event), *map(tags.names, tags.parts(event))]
    said += [tags.names(one) for item in tags.parts(event, "Object") for one in tags.parts(item)]
    if max(map(tags.level_of, said)) < strictest:
        event["Tag"] = [tag for tag in event["Tag"] if not tag["name"].startswith("tlp:")]
        event["Tag"].append({"name": strictest.word.lower()})
    return event
