"""Bytes of unknown origin to text and JSON, and how much of them is taken at a time."""

from __future__ import annotations

import json
from typing import Any

import orjson

CHUNK_BYTES = 1_048_576
LINE_BYTES = 16 * 1_048_576
"""Longest line or JSON object that is kept; longer ones go to quarantine by their first bytes."""


def decode(line: bytes) -> str:
    """Decode a line of unknown encoding: UTF-8, else Windows Japanese, else Latin-1."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return line.decode("cp932")
    except UnicodeDecodeError:
        return line.decode("latin-1")


def load_json(data: bytes) -> Any:
    """Parse JSON; odd but harmless text (lone surrogates, another encoding) is repaired.

    Raises:
        ValueError: not JSON.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        try:
            return json.loads(decode(data))
        except RecursionError as error:
            raise ValueError("JSON nests too deep") from error
