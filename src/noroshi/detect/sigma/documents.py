"""The YAML documents of one rule file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from sigma.exceptions import SigmaError
from sigma.rule.base import SigmaYAMLLoader, check_alias_expansion

from noroshi.detect.sigma.errors import RuleRejected
from noroshi.model.safe_yaml import load_yaml_documents

LARGEST_FILE = 4 << 20
"""Rule files beyond this many bytes are refused: the largest public ones have 100 kB."""


def documents(content: bytes) -> Iterator[Any]:
    """Yield the documents of a file, with ``action: global`` and ``repeat`` worked in.

    Raises:
        RuleRejected: the file is too large, or is not YAML.
    """
    if len(content) > LARGEST_FILE:
        raise RuleRejected(f"{len(content)} bytes: a rule file may have {LARGEST_FILE}")
    try:
        whole = load_yaml_documents(content, SigmaYAMLLoader)
        found = [item for item in whole if item is not None]
        for item in found:
            check_alias_expansion(item)
    except (yaml.YAMLError, SigmaError, ValueError, RecursionError, TypeError) as error:
        raise RuleRejected(f"not valid YAML: {' '.join(str(error).split())}") from error
    yield from _collection_actions(found)


def _collection_actions(found: list[Any]) -> Iterator[Any]:
    """Older rule files share parts between documents by an ``action`` key."""
    shared: dict[Any, Any] = {}
    previous: dict[Any, Any] = {}
    for item in found:
        if not isinstance(item, dict) or not (action := item.get("action")):
            whole = _merged(shared, item) if shared and isinstance(item, dict) else item
            previous = whole if isinstance(whole, dict) else {}
            yield whole
            continue
        rest = {key: value for key, value in item.items() if key != "action"}
        if action == "global":
            shared = rest
        elif action == "reset":
            shared = {}
        elif action == "repeat":
            previous = _merged(previous, rest)
            yield previous
        else:
            yield item


def _merged(below: dict[Any, Any], above: dict[Any, Any]) -> dict[Any, Any]:
    result = dict(below)
    for key, value in above.items():
        old = result.get(key)
        both = isinstance(value, dict) and isinstance(old, dict)
        result[key] = _merged(old, value) if both and isinstance(old, dict) else value
    return result


def rule_files(paths: list[Path]) -> Iterator[Path]:
    """Yield the rule files below the given files and folders, sorted within each folder."""
    for path in paths:
        if path.is_dir():
            yield from sorted(
                file
                for suffix in ("*.yml", "*.yaml")
                for file in path.rglob(suffix)
                if file.is_file()
            )
        else:
            yield path
