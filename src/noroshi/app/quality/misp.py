"""What a round trip between MISP and the object store keeps, found out by making it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from noroshi.app.made_up.misp import made_up_event, made_up_objects
from noroshi.intel.knowledge import Knowledge
from noroshi.intel.objects import Clearance, ObjectStore, Provenance
from noroshi.share.misp import to_events, to_objects

Look: TypeAlias = Callable[[Any], Any]
"""Takes an event, or objects by type, and gives one thing about it."""

_ALL = Clearance.everything()


def through_the_store(objects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put objects into a store of their own and return what comes out."""
    with tempfile.TemporaryDirectory() as folder, Knowledge(Path(folder) / "k") as knowledge:
        store = ObjectStore(knowledge)
        store.add(objects, Provenance("round trip", 0, "quality"))
        return list(store.all(_ALL))


def event_there_and_back(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return a MISP event after MISP, store, MISP."""
    (back,) = to_events(through_the_store(list(to_objects(event).objects)))
    made: dict[str, Any] = back
    return made


def objects_there_and_back(objects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return STIX objects after store, MISP, store."""
    events = to_events(through_the_store(objects))
    made = {item["id"]: item for event in events for item in to_objects(event).objects}
    return through_the_store(list(made.values()))


def of_events() -> Iterator[tuple[str, str]]:
    """Yield what an event has, and whether it is kept, changed or lost."""
    before = made_up_event()
    yield from _verdicts(_EVENT, before, event_there_and_back(before))


def of_objects() -> Iterator[tuple[str, str]]:
    """Yield what objects have, and whether it is kept, changed or lost."""
    before = made_up_objects()
    after = objects_there_and_back(before)
    yield from _verdicts(_OBJECTS, _by_type(before), _by_type(after))


def _verdicts(looks: Mapping[str, Look], before: Any, after: Any) -> Iterator[tuple[str, str]]:
    for words, look in looks.items():
        one, other = look(before), look(after)
        assert one, words
        yield words, "kept" if one == other else "changed" if other else "lost"


def _by_type(items: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for item in items:
        found.setdefault(item["type"], []).append(item)
    return found


def _named(name: str) -> Look:
    return lambda event: event.get(name)


def _tags(*, tlp: bool) -> Look:
    def look(event: Any) -> Any:
        return sorted(t["name"] for t in event["Tag"] if t["name"].startswith("tlp:") is tlp)

    return look


def _attributes(name: str) -> Look:
    def look(event: Any) -> Any:
        found = {one["value"]: one.get(name) for one in event["Attribute"]}
        return {value: told for value, told in found.items() if told}

    return look


def _attribute_tags(*, tlp: bool) -> Look:
    def look(event: Any) -> Any:
        return sorted(
            (one["value"], tag["name"]) for one in event["Attribute"] for tag in one.get("Tag", ())
            if tag["name"].startswith("tlp:") is tlp
        )  # fmt: skip

    return look


def _objects(name: str) -> Look:
    return lambda event: [one[name] for one in event.get("Object", ()) if one.get(name)]


def _inside(name: str) -> Look:
    def look(event: Any) -> Any:
        return sorted(
            (inner["value"], inner[name])
            for one in event.get("Object", ()) for inner in one["Attribute"] if inner.get(name)
        )  # fmt: skip

    return look


def _levels_inside(event: Any) -> Any:
    inner = [one for item in event.get("Object", ()) for one in item["Attribute"]]
    return sorted({tag["name"] for one in inner for tag in one.get("Tag", ())})


_EVENT: Mapping[str, Look] = {
    "event: uuid": _named("uuid"),
    "event: title (`info`)": _named("info"),
    "event: date": _named("date"),
    "event: time of the last change": _named("timestamp"),
    "event: published, and when": lambda event: (event["published"], event["publish_timestamp"]),
    "event: threat level": _named("threat_level_id"),
    "event: state of the analysis": _named("analysis"),
    "event: creator (`Orgc`)": _named("Orgc"),
    "event: TLP tags": _tags(tlp=True),
    "event: other tags": _tags(tlp=False),
    "event: distribution (set to 0: whoever takes it in decides)": _named("distribution"),
    "event: reports (`EventReport`)": lambda event: [
        (one["name"], one["content"]) for one in event.get("EventReport", ())
    ],
    "attribute: value and type": _attributes("type"),
    "attribute: uuid": _attributes("uuid"),
    "attribute: category": _attributes("category"),
    "attribute: for detection (`to_ids`)": _attributes("to_ids"),
    "attribute: comment": _attributes("comment"),
    "attribute: time of the last change": _attributes("timestamp"),
    "attribute: first and last seen": lambda event: (
        _attributes("first_seen")(event), _attributes("last_seen")(event)),
    "attribute: TLP tags": _attribute_tags(tlp=True),
    "attribute: other tags": _attribute_tags(tlp=False),
    "object: name and uuid": lambda event: (_objects("name")(event), _objects("uuid")(event)),
    "object: comment": _objects("comment"),
    "object: its attributes' values and relations": _inside("object_relation"),
    "object: its attributes' uuids": _inside("uuid"),
    "object: its attributes' comments": _inside("comment"),
    "object: strictest TLP tag inside (then on all of it)": _levels_inside,
    "object: references to others": lambda event: [
        (ref["relationship_type"], ref["referenced_uuid"])
        for one in event.get("Object", ()) for ref in one.get("ObjectReference", ())
    ],
}  # fmt: skip


def _of(kind: str, *names: str) -> Look:
    def look(items: Any) -> Any:
        found = [{name: one[name] for name in names if name in one} for one in items.get(kind, ())]
        return [one for one in found if one]

    return look


def _related(items: Any) -> Any:
    """Verbs with the types they join: ids of what MISP keeps in galaxies may be others."""
    of = {one["id"]: one["type"] for listed in items.values() for one in listed}
    return sorted(
        (of.get(one["source_ref"], ""), one["relationship_type"], of.get(one["target_ref"], ""))
        for one in items.get("relationship", ())
    )  # fmt: skip


def _strict(items: Any) -> Any:
    from noroshi.intel.objects import Tlp
    from noroshi.intel.objects.markings import marking_levels, may_see

    levels = marking_levels(one for listed in items.values() for one in listed)
    signs = items.get("indicator", ())
    return signs and not any(
        may_see(one.get("object_marking_refs", ()), Clearance(Tlp.AMBER), levels.get)
        for one in signs
    )


_OBJECTS: Mapping[str, Look] = {
    "report: id": _of("report", "id"),
    "report: name": _of("report", "name"),
    "report: published": _of("report", "published"),
    "report: description": _of("report", "description"),
    "report: types": _of("report", "report_types"),
    "report: creator's name": _of("identity", "name"),
    "indicator: pattern": _of("indicator", "pattern"),
    "indicator: id": _of("indicator", "id"),
    "indicator: name": _of("indicator", "name"),
    "indicator: description": _of("indicator", "description"),
    "indicator: valid from": _of("indicator", "valid_from"),
    "indicator: valid until": _of("indicator", "valid_until"),
    "indicator: confidence": _of("indicator", "confidence"),
    "indicator: labels": _of("indicator", "labels"),
    "indicator: types": _of("indicator", "indicator_types"),
    "indicator: external references": _of("indicator", "external_references"),
    "markings: TLP of an object": _strict,
    "markings: statements": _of("marking-definition", "definition"),
    "malware: name": _of("malware", "name"),
    "malware: id": _of("malware", "id"),
    "malware: aliases": _of("malware", "aliases"),
    "malware: description": _of("malware", "description"),
    "intrusion set: name": _of("intrusion-set", "name"),
    "intrusion set: aliases": _of("intrusion-set", "aliases"),
    "relationships": _related,
}
