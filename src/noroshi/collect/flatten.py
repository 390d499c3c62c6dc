"""Nested JSON to native fields with dotted names, nothing lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from noroshi.collect.record import Scalar, Value

MAX_DEPTH = 12
MAX_FIELDS = 512


def flatten(record: Mapping[str, Any], separator: str = ".") -> dict[str, Value]:
    """Return one flat mapping.

    Objects become dotted names. A list of plain values stays a list. A list of objects is kept as
    a list of JSON texts, and the fields of its objects are listed beside it under dotted names.
    What nests deeper than :data:`MAX_DEPTH`, or comes after :data:`MAX_FIELDS` fields, is kept as
    JSON text.
    """
    flat: dict[str, Value] = {}
    _into(flat, record, "", separator, 0)
    return flat


def _into(
    flat: dict[str, Value], record: Mapping[str, Any], prefix: str, separator: str, depth: int
) -> None:
    for key, value in record.items():
        name = prefix + key
        if type(value) is str or not isinstance(value, dict | list):
            flat[name] = value
        elif depth >= MAX_DEPTH or len(flat) >= MAX_FIELDS:
            flat[name] = _json(value)
        elif isinstance(value, dict):
            _into(flat, value, name + separator, separator, depth + 1)
        else:
            _list_into(flat, value, name, separator, depth)


def _list_into(
    flat: dict[str, Value], values: list[Any], name: str, separator: str, depth: int
) -> None:
    flat[name] = [_json(item) if isinstance(item, dict | list) else item for item in values]
    gathered: dict[str, list[Scalar]] = {}
    for item in values:
        if isinstance(item, dict):
            inner: dict[str, Value] = {}
            _into(inner, item, name + separator, separator, depth + 1)
            for key, value in inner.items():
                gathered.setdefault(key, []).extend(value if isinstance(value, list) else [value])
    for key, several in gathered.items():
        if len(flat) >= MAX_FIELDS:
            break
        flat.setdefault(key, several)


def _json(value: Any) -> str:
    try:
        return orjson.dumps(value).decode()
    except (orjson.JSONEncodeError, TypeError):
        return str(value)
