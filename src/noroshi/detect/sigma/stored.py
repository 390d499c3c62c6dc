"""Parsed rules as JSON and back, for the cache. JSON, not pickle: a cache may be tampered with."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from noroshi.detect.sigma.condition import dump, restore
from noroshi.detect.sigma.parse import Parsed
from noroshi.detect.sigma.rule import (
    Correlation,
    Expression,
    Filter,
    Header,
    Rule,
    RuleSource,
    Threshold,
)


def to_json(parsed: Parsed) -> dict[str, Any]:
    """Return a parsed document as JSON data."""
    data: dict[str, Any] = {"header": asdict(parsed.header)}
    if isinstance(parsed, Correlation):
        return {**data, "correlation": asdict(parsed) | {"header": None}}
    data["source"] = [parsed.source.product, parsed.source.service, parsed.source.category]
    if isinstance(parsed, Filter):
        return data | {"condition": dump(parsed.condition), "rules": list(parsed.rules)}
    return data | {"condition": parsed.stored}


def from_json(data: dict[str, Any]) -> Parsed:
    """Return the parsed document that :func:`to_json` wrote.

    Raises:
        ValueError: the data is not of that form.
    """
    try:
        header = Header(**_tuples(data["header"]))
        if "correlation" in data:
            return _correlation(header, data["correlation"])
        source = RuleSource(*data["source"])
        if "rules" in data:
            return Filter(header, source, restore(data["condition"]), tuple(data["rules"]))
        return Rule(header, source, str(data["condition"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a stored rule: {error}") from error


def _correlation(header: Header, data: dict[str, Any]) -> Correlation:
    values = _tuples(data)
    threshold, expression = data["threshold"], data["expression"]
    return Correlation(
        **values
        | {
            "header": header,
            "threshold": Threshold(**_tuples(threshold)) if threshold else None,
            "expression": None if expression is None else _expression(expression),
        }
    )


def _tuples(data: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}


def _expression(data: Any) -> Expression:
    return data if isinstance(data, str) else tuple(_expression(item) for item in data)
