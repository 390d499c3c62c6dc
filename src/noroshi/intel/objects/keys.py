"""Keys at rest: what tables are searched by, in few bytes however long the text was.

An index on ids or values lies in random order, and a new object changes a page of it. How many
pages there are, and whether they fit into memory, is what intake and lookups cost in a large store.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import blake2b

import sqlalchemy as sa

_TYPES = (
    "artifact", "attack-pattern", "autonomous-system", "campaign", "course-of-action", "directory",
    "domain-name", "email-addr", "email-message", "extension-definition", "file", "grouping",
    "identity", "incident", "indicator", "infrastructure", "intrusion-set", "ipv4-addr",
    "ipv6-addr", "language-content", "location", "mac-addr", "malware", "malware-analysis",
    "marking-definition", "mutex", "network-traffic", "note", "observed-data", "opinion", "process",
    "relationship", "report", "sighting", "software", "threat-actor", "tool", "url", "user-account",
    "vulnerability", "windows-registry-key", "x509-certificate",
)  # fmt: skip
"""The types of STIX 2.1. Never to be changed but at the end: a type's place is its number."""

_NUMBERS = {name: bytes((number,)) for number, name in enumerate(_TYPES, 1)}
_TEXT = b"\0"
_ID = re.compile(r"([a-z0-9-]+)--([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")

_KINDS = ("value", "external", "name", "label")
"""Kinds of artefact."""


def packed_id(text: str) -> bytes:
    """Return an id as its type's number and the 16 bytes of its UUID.

    An id of another type or in capitals, and whatever is no id, is a zero byte and the text.
    """
    found = _ID.fullmatch(text)
    number = _NUMBERS.get(found[1]) if found else None
    if found is None or number is None:
        return _TEXT + text.encode("utf-8", "surrogatepass")
    return number + bytes.fromhex(found[2].replace("-", ""))


def unpacked_id(key: bytes) -> str:
    """Return the id that was packed."""
    if key[:1] == _TEXT:
        return key[1:].decode("utf-8", "surrogatepass")
    digits = key[1:].hex()
    parts = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
    return f"{_TYPES[key[0] - 1]}--{'-'.join(parts)}"


class Identifier(sa.types.TypeDecorator[str]):
    """A column of packed ids: texts to whoever asks."""

    impl = sa.LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> bytes | None:
        """Pack an id that is compared or stored."""
        return None if value is None else packed_id(value)

    def process_result_value(self, value: bytes | None, dialect: sa.Dialect) -> str | None:
        """Unpack an id that was found."""
        return None if value is None else unpacked_id(value)


def artefact_key(kind: str, value: str) -> int:
    """Return the 64-bit key of an artefact; whoever finds something by it compares the texts."""
    data = f"{kind}\0{value}".encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big", signed=True)


def keys_of_any_kind(values: Iterable[str]) -> list[int]:
    """Return the keys of values, whatever kind of artefact each of them may be."""
    return [artefact_key(kind, value) for value in values for kind in _KINDS]
