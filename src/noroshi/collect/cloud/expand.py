"""Microsoft's audit records flattened: JSON inside text opened, both spellings of names given."""

from __future__ import annotations

from typing import Any

import orjson

from noroshi.collect.flatten import MAX_FIELDS, flatten
from noroshi.collect.record import Value

_MAX_TEXT = 1_048_576


def opened(record: dict[str, Any]) -> dict[str, Value]:
    """Flatten a record; fields whose text is JSON are listed beside it under dotted names."""
    fields = flatten(record)
    for name, value in list(fields.items()):
        if isinstance(value, str) and value[:1] in ("{", "[") and len(fields) < MAX_FIELDS:
            inner = _json(value)
            if inner is not None:
                for key, part in flatten({name: inner}).items():
                    fields.setdefault(key, part)
    return fields


def capitalised(fields: dict[str, Value]) -> dict[str, Value]:
    """Return the fields of diagnostic settings and Graph under Log Analytics' column names.

    ``properties.deviceDetail.deviceId`` is ``DeviceDetail.deviceId`` there. Of a name that the
    envelope and the properties share, the properties' value counts.
    """
    names: dict[str, Value] = {}
    inner_first = sorted(fields, key=lambda name: not name.startswith("properties."))
    for name in inner_first:
        value = fields[name]
        bare = name.removeprefix("properties.")
        if bare[:1].islower():
            names.setdefault(bare[0].upper() + bare[1:], value)
    return {name: value for name, value in names.items() if name not in fields}


def _json(text: str) -> Any:
    if len(text) > _MAX_TEXT:
        return None
    try:
        value = orjson.loads(text.encode("utf-8", "replace"))
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict | list) else None
