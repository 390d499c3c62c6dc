"""What an object names exactly: values by which two objects, or an object and an event, join.

Observables give their value, indicators the constants of their pattern, everything its ids in other
catalogues (CVE, ATT&CK). Names of actors and malware join too, by letters alone, since nobody
agrees on spaces, and so do labels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_CONSTANT = re.compile(r"=\s*'((?:[^'\\]|\\.)*)'")
_IN = re.compile(r"\bIN\s*\(([^)]*)\)", re.IGNORECASE)
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'")
_NOT_LETTERS = re.compile(r"[\W_]+")
_LONGEST = 512
_TITLE = 400
_NAMED = frozenset(
    ("intrusion-set", "threat-actor", "malware", "tool", "campaign", "attack-pattern",
     "infrastructure", "vulnerability"),
)  # fmt: skip


def artefacts(item: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Return (kind, value) pairs; kinds are ``value``, ``external``, ``name``, ``label``."""
    return {(kind, plain(value[:_LONGEST])) for kind, value in _pairs(item) if value}


def letters(name: str) -> str:
    """Return a name by its letters and digits alone, in lower case: ``APT-28`` is ``apt28``."""
    return _NOT_LETTERS.sub("", name.casefold())


def _pairs(item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    kind = item.get("type")
    if kind == "indicator":
        pattern = item.get("pattern")
        if isinstance(pattern, str) and item.get("pattern_type", "stix") == "stix":
            for text in _constants(pattern):
                yield "value", text.casefold()
    elif isinstance(item.get("value"), str):
        yield "value", item["value"].casefold()
    elif kind in ("mutex", "file", "directory", "windows-registry-key"):
        for name in ("name", "path", "key"):
            if isinstance(item.get(name), str):
                yield "value", item[name].casefold()
    hashes = item.get("hashes")
    if isinstance(hashes, dict):
        for digest in hashes.values():
            if isinstance(digest, str):
                yield "value", digest.casefold()
    for reference in item.get("external_references", ()):
        if isinstance(reference, dict) and isinstance(reference.get("external_id"), str):
            yield "external", reference["external_id"].casefold()
    if kind in _NAMED:
        for name in (
            item.get("name"),
            *_list(item.get("aliases")),
            *_list(item.get("x_mitre_aliases")),
        ):
            if isinstance(name, str):
                yield "name", letters(name)
    for label in _list(item.get("labels")):
        if isinstance(label, str):
            yield "label", label.casefold()


def title(item: Mapping[str, Any]) -> str:
    """Return what a person would search an object by, in lower case."""
    words = (item.get("name"), item.get("value"), item.get("pattern"), item.get("path"))
    found = [word for word in words if isinstance(word, str)]
    found += [alias for alias in _list(item.get("aliases")) if isinstance(alias, str)]
    found += [
        reference["external_id"]
        for reference in _list(item.get("external_references"))
        if isinstance(reference, dict) and isinstance(reference.get("external_id"), str)
    ]
    return plain("\n".join(found).casefold())[:_TITLE]


def plain(text: str) -> str:
    """Return a text without NUL, which PostgreSQL's text cannot hold."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}") if "\0" in text else text


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _constants(pattern: str) -> Iterator[str]:
    for found in _CONSTANT.finditer(pattern):
        yield _plain(found[1])
    for inside in _IN.finditer(pattern) if "(" in pattern else ():
        for found in _QUOTED.finditer(inside[1]):
            yield _plain(found[1])


def _plain(text: str) -> str:
    return text.replace("\\'", "'").replace("\\\\", "\\") if "\\" in text else text
