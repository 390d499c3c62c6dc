"""A naive matcher to check the engine against: pySigma's own tree, walked event by event."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionNOT,
    ConditionOR,
    ConditionValueExpression,
)
from sigma.rule import SigmaRule
from sigma.types import (
    SigmaBool,
    SigmaCasedString,
    SigmaCIDRExpression,
    SigmaCompareExpression,
    SigmaExists,
    SigmaExpansion,
    SigmaFieldReference,
    SigmaNull,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaString,
    SigmaTimestampPart,
    SpecialChars,
)

Event = Mapping[str, "str | list[str] | None"]


def matches(rule: SigmaRule, event: Event) -> bool:
    """Tell whether any condition of a rule holds for an event."""
    return any(_holds(condition.parsed, event) for condition in rule.detection.parsed_condition)


def _holds(tree: Any, event: Event) -> bool:
    if isinstance(tree, ConditionAND):
        return all(_holds(item, event) for item in tree.args)
    if isinstance(tree, ConditionOR):
        return any(_holds(item, event) for item in tree.args)
    if isinstance(tree, ConditionNOT):
        return not _holds(tree.args[0], event)
    if isinstance(tree, ConditionFieldEqualsValueExpression):
        return _field_holds(tree.field, tree.value, event)
    assert isinstance(tree, ConditionValueExpression)
    return any(_inside(tree.value, text) for name in event for text in _texts(event.get(name)))


def _texts(value: str | list[str] | None) -> list[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else value


def _field_holds(field: str, value: Any, event: Event) -> bool:
    if isinstance(value, SigmaExpansion):
        return any(_field_holds(field, item, event) for item in value.values)
    if isinstance(value, SigmaNull):
        return event.get(field) is None
    if isinstance(value, SigmaExists):
        return (event.get(field) is not None) == value.exists
    texts = _texts(event.get(field))
    if isinstance(value, SigmaFieldReference):
        others = _texts(event.get(value.field))
        return any(_refers(value, low(a), low(b)) for a in texts for b in others)
    return any(_is(value, text) for text in texts)


def _refers(value: SigmaFieldReference, mine: str, theirs: str) -> bool:
    if value.starts_with and value.ends_with:
        return theirs in mine
    if value.starts_with:
        return mine.startswith(theirs)
    return mine.endswith(theirs) if value.ends_with else mine == theirs


def _is(value: Any, text: str) -> bool:
    match value:
        case SigmaString():
            return _wildcards(list(value.s), text, isinstance(value, SigmaCasedString))
        case SigmaRegularExpression():
            flags = 0
            for flag in value.flags:
                flags |= value.sigma_to_python_flags[flag]
            return re.search(str(value.regexp), text, flags) is not None
        case SigmaTimestampPart():
            return _time_part(value, text)
        case SigmaNumber():
            return low(text) == low(str(value.number))
        case SigmaBool():
            return low(text) == str(value.boolean).lower()
        case SigmaCIDRExpression():
            return _in_network(value, text)
        case SigmaCompareExpression():
            return _compares(value, text)
    raise AssertionError(value)


def _inside(value: Any, text: str) -> bool:
    """A keyword: anywhere in the text."""
    if isinstance(value, SigmaExpansion):
        return any(_inside(item, text) for item in value.values)
    if isinstance(value, SigmaString):
        many = SpecialChars.WILDCARD_MULTI
        return _wildcards([many, *value.s, many], text, isinstance(value, SigmaCasedString))
    if isinstance(value, SigmaNumber):
        return str(value.number) in low(text)
    return _is(value, text)


def low(text: str) -> str:
    """Simple lower case: one character for one (only U+0130 has a longer full mapping)."""
    return "".join("i" if char == "\u0130" else char.lower() for char in text)


def _wildcards(parts: list[Any], text: str, cased: bool) -> bool:
    """Character by character, all states at once."""
    pattern: list[Any] = []
    for part in parts:
        pattern.extend(part if isinstance(part, str) else [part])
    if not cased:
        text = low(text)
        pattern = [low(item) if isinstance(item, str) else item for item in pattern]
    states = {0}
    for char in [*text, None]:
        todo = list(states)
        while todo:
            state = todo.pop()
            skips = state < len(pattern) and pattern[state] is SpecialChars.WILDCARD_MULTI
            if skips and state + 1 not in states:
                states.add(state + 1)
                todo.append(state + 1)
        if char is None:
            break
        states = {
            state if pattern[state] is SpecialChars.WILDCARD_MULTI else state + 1
            for state in states
            if state < len(pattern)
            and (not isinstance(pattern[state], str) or pattern[state] == char)
        }
    return len(pattern) in states


def _in_network(value: SigmaCIDRExpression, text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return address.version == value.network.version and address in value.network


def _compares(value: SigmaCompareExpression, text: str) -> bool:
    try:
        found = float(text)
    except ValueError:
        return False
    limit = value.number.number
    name = value.op.name
    return bool(
        (name == "LT" and found < limit)
        or (name == "LTE" and found <= limit)
        or (name == "GT" and found > limit)
        or (name == "GTE" and found >= limit)
    )


def _epoch(text: str) -> datetime | None:
    """A whole number counts from 1970 in seconds, ms, µs or ns: in the largest that gives sense."""
    seconds = float(text)
    for _ in range(4):
        if abs(seconds) < 1e11:
            try:
                return datetime.fromtimestamp(seconds, UTC)
            except (ValueError, OverflowError, OSError):
                return None
        seconds /= 1000
    return None


def _iso(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _time_part(value: SigmaTimestampPart, text: str) -> bool:
    moment = _epoch(text) if re.fullmatch(r"[+-]?[0-9]{1,40}", text) else _iso(text)
    if moment is None:
        return False
    part = value.timestamp_part.name.lower()
    found = moment.isocalendar().week if part == "week" else getattr(moment, part)
    return bool(found == value.number)
