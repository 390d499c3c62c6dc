"""Deterministic ids of observables: the same artefact has the same id wherever it is seen.

Source: STIX 2.1, section 2.9 (UUIDv5 over the id contributing properties as canonical JSON);
RFC 8785 (JSON Canonicalization Scheme).
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from noroshi.intel.objects.errors import ObjectError
from noroshi.intel.objects.vocabulary import IDENTIFYING

NAMESPACE = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")
"""Namespace that STIX 2.1 fixes for observables."""

_HASHES = ("MD5", "SHA-1", "SHA-256", "SHA-512")
"""Of several digests the first of these there is names the content (section 2.9)."""


def observable_id(observable: Mapping[str, Any]) -> str:
    """Return the deterministic id of an observable.

    Args:
        observable: a STIX 2.1 SCO with at least its type and one contributing property.

    Raises:
        ObjectError: it has no contributing property, so that its id can only be random.
    """
    kind = str(observable.get("type", ""))
    parts: dict[str, Any] = {}
    for name in IDENTIFYING.get(kind, ()):
        if name in observable:
            value = observable[name]
            parts[name] = _one_hash(value) if name == "hashes" else value
    if not parts:
        raise ObjectError(f"a {kind or 'thing without a type'} like this has no deterministic id")
    return f"{kind}--{uuid.uuid5(NAMESPACE, canonical(parts))}"


def _one_hash(hashes: Any) -> Any:
    if not isinstance(hashes, dict) or not hashes:
        return hashes
    name = next((name for name in _HASHES if name in hashes), min(hashes))
    return {name: hashes[name]}


def canonical(value: Any) -> str:
    """Return JSON in its canonical form: keys in order of UTF-16, no spaces, characters as is."""
    return json.dumps(_ordered(value), ensure_ascii=False, separators=(",", ":"))


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return {key: _ordered(value[key]) for key in keys}
    if isinstance(value, list):
        return [_ordered(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
