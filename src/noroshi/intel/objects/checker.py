"""Checks an object against what STIX 2.1 demands, fast enough for every object that comes in.

The rules are the specification's "MUST": common properties (section 3), required properties,
identifiers, timestamps, references, markings, extensions. Words of open vocabularies and
"SHOULD" are left alone. STIX 2.0 objects are taken too, since much of the world still writes them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeAlias

from noroshi.intel.objects import clock
from noroshi.intel.objects.vocabulary import ONE_OF, REQUIRED, SCO, TEXT_LISTS, TEXTS

_ID = re.compile(
    r"([a-z][a-z0-9-]{1,248}[a-z0-9])--"
    r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
)
_PROPERTY = re.compile(r"[a-z0-9_]{3,250}")
_SPECIFICATION = frozenset(("id", "to", "by"))
_DEFINITION_TYPES = {"tlp": "tlp", "statement": "statement"}
_TIMES = (
    "valid_from", "valid_until", "first_seen", "last_seen", "first_observed", "last_observed",
    "published", "start_time", "stop_time",
)  # fmt: skip
_SPANS = (
    ("valid_from", "valid_until", True), ("first_seen", "last_seen", False),
    ("first_observed", "last_observed", False), ("start_time", "stop_time", True),
)  # fmt: skip
"""First and last, and whether the last must be later and not only not earlier."""


def problem(item: object) -> str | None:
    """Return what is wrong with an object, the first thing found; None for a good one."""
    if not isinstance(item, dict):
        return "not a JSON object"
    return next(_problems(item), None)


def identifier_type(text: object) -> str | None:
    """Return the type inside an identifier, or None if it is no STIX identifier."""
    return _type_inside(text) if isinstance(text, str) else None


@lru_cache(maxsize=65_536)
def _type_inside(text: str) -> str | None:
    found = _ID.fullmatch(text)
    return found[1] if found else None


_Check: TypeAlias = Callable[[Mapping[str, Any], str, Any], str | None]
"""Says what is wrong with a property of an object, given its name and value."""


@lru_cache(maxsize=4_096)
def _check_of(name: str) -> _Check | None:
    """Return what a property's name demands of its value."""
    if not (_PROPERTY.fullmatch(name) or name in _SPECIFICATION):
        return _no_name
    if name in TEXTS:
        return _text
    if name in TEXT_LISTS:
        return _text_list
    if name.endswith("_ref") and not name.startswith("x_"):
        return _reference
    if name.endswith("_refs") and not name.startswith("x_"):
        return _reference_list
    return None


def _no_name(_item: Mapping[str, Any], name: str, _value: Any) -> str | None:
    return f"{name!r} cannot be the name of a property"


def _text(_item: Mapping[str, Any], name: str, value: Any) -> str | None:
    return None if isinstance(value, str) else f"{name} is not text: {value!r}"


def _text_list(_item: Mapping[str, Any], name: str, value: Any) -> str | None:
    return None if value and _texts(value) else f"{name} is not a list of text: {value!r}"


def _reference(item: Mapping[str, Any], name: str, value: Any) -> str | None:
    if identifier_type(value) is None and not _old_reference(item, value):
        return f"{name} is not an identifier: {value!r}"
    return None


def _reference_list(_item: Mapping[str, Any], name: str, value: Any) -> str | None:
    if not isinstance(value, list) or not value:
        return f"{name} is not a list of identifiers: {value!r}"
    return None if all(map(identifier_type, value)) else f"{name} holds what is no identifier"


def _problems(item: dict[str, Any]) -> Iterator[str]:
    kind = item.get("type")
    if not isinstance(kind, str) or not kind:
        yield "it has no type"
        return
    if kind == "bundle":
        yield "a bundle is not an object; give the objects inside"
        return
    if identifier_type(item.get("id")) != kind:
        yield f"its id {item.get('id')!r} is not {kind}--UUID"
    spec = item.get("spec_version", "2.0" if kind not in SCO else "2.1")
    if spec not in ("2.0", "2.1"):
        yield f"spec_version {spec!r} is neither 2.0 nor 2.1"
    yield from _required(item, kind)
    yield from _common(item)
    yield from _times(item)
    yield from _properties(item, custom=kind not in REQUIRED)
    if kind == "marking-definition":
        yield from _marking(item)


def _required(item: Mapping[str, Any], kind: str) -> Iterator[str]:
    if kind not in SCO:
        needed = ("created",) if kind == "marking-definition" else ("created", "modified")
        for name in needed:
            if clock.parse(item.get(name)) is None:
                yield f"{name} is not a timestamp: {item.get(name)!r}"
    old = item.get("spec_version", "2.0") == "2.0"
    for name in REQUIRED.get(kind, ()):
        if name not in item and not (old and name in ("pattern_type", "is_family")):
            yield f"it lacks {name}"
    choices = ONE_OF.get(kind, ())
    if choices and not any(name in item for name in choices):
        yield f"it has none of {', '.join(choices)}"


def _common(item: Mapping[str, Any]) -> Iterator[str]:
    confidence = item.get("confidence", 0)
    if type(confidence) is not int or not 0 <= confidence <= 100:
        yield f"confidence {confidence!r} is not 0 to 100"
    if type(item.get("revoked", False)) is not bool:
        yield f"revoked is neither true nor false: {item['revoked']!r}"
    for name, value in item.items():
        check = _check_of(name)
        if check is not None and (wrong := check(item, name, value)):
            yield wrong
    if item["type"] in SCO and not isinstance(item.get("value", ""), str):
        yield f"value is not text: {item['value']!r}"
    if type(item.get("is_family", False)) is not bool:
        yield f"is_family is neither true nor false: {item['is_family']!r}"
    if item["type"] == "malware" and item.get("is_family") is True and "name" not in item:
        yield "a malware family needs a name"
    yield from _references(item)


def _references(item: Mapping[str, Any]) -> Iterator[str]:
    creator = item.get("created_by_ref")
    if creator is not None and identifier_type(creator) != "identity":
        yield f"created_by_ref is not an identity: {creator!r}"
    marks = item.get("object_marking_refs", ())
    if isinstance(marks, list) and any(identifier_type(m) != "marking-definition" for m in marks):
        yield "object_marking_refs holds what is no marking"
    for name, look in _INSIDE.items():
        if name in item:
            for inside in _objects(item[name]):
                yield from look(inside)


def _external_reference(reference: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(reference.get("source_name"), str):
        yield "an external reference lacks source_name"


def _phase(phase: Mapping[str, Any]) -> Iterator[str]:
    if not {"kill_chain_name", "phase_name"} <= phase.keys():
        yield "a kill chain phase lacks its chain or name"


def _granular(mark: Mapping[str, Any]) -> Iterator[str]:
    selectors = mark.get("selectors")
    if not isinstance(selectors, list) or not selectors or not _texts(selectors):
        yield "a granular marking lacks selectors"
    if ("marking_ref" in mark) == ("lang" in mark):
        yield "a granular marking needs a marking_ref or a lang"


_INSIDE = {
    "external_references": _external_reference,
    "kill_chain_phases": _phase,
    "granular_markings": _granular,
}


def _old_reference(item: Mapping[str, Any], value: object) -> bool:
    """STIX 2.0 observables refer to one another by their place, ``"0"``."""
    return "spec_version" not in item and isinstance(value, str) and value.isdigit()


def _objects(value: object) -> Iterator[Mapping[str, Any]]:
    if not isinstance(value, list) or not value:
        if value != []:
            yield {}
        return
    for item in value:
        yield item if isinstance(item, dict) else {}


def _times(item: Mapping[str, Any]) -> Iterator[str]:
    for name in _TIMES:
        if name in item and clock.parse(item[name]) is None:
            yield f"{name} is not a timestamp: {item[name]!r}"
    created, modified = clock.parse(item.get("created")), clock.parse(item.get("modified"))
    if created is not None and modified is not None and modified < created:
        yield "it was modified before it was created"
    for first, last, later in _SPANS:
        if last not in item:
            continue
        begin, end = clock.parse(item.get(first)), clock.parse(item.get(last))
        if begin is not None and end is not None and (end < begin or (later and end == begin)):
            yield f"{last} is not after {first}"


def _properties(item: Mapping[str, Any], *, custom: bool) -> Iterator[str]:
    extensions = item.get("extensions")
    if extensions is not None and (not isinstance(extensions, dict) or not extensions):
        yield "extensions is not a dictionary"
    if custom and not re.fullmatch(r"[a-z0-9-]{3,250}", str(item["type"])):
        yield f"{item['type']!r} cannot be the name of a type"


def _marking(item: Mapping[str, Any]) -> Iterator[str]:
    if "extensions" in item and "definition" not in item:
        return
    kind, definition = item.get("definition_type"), item.get("definition")
    if not isinstance(kind, str) or not isinstance(definition, dict):
        yield "a marking needs definition_type and definition, or an extension"
    elif not isinstance(definition.get(_DEFINITION_TYPES.get(kind, kind), ""), str):
        yield f"its {kind} definition is not text"


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
