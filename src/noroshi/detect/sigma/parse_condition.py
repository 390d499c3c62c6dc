"""pySigma's condition tree -> ours."""

from __future__ import annotations

from typing import Any

from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionNOT,
    ConditionOR,
    ConditionValueExpression,
)
from sigma.rule import SigmaDetections
from sigma.types import (
    Placeholder,
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
    SigmaType,
    SpecialChars,
)

from noroshi.detect.sigma.condition import (
    And,
    Cidr,
    Compare,
    Condition,
    Exists,
    FieldReference,
    Not,
    Or,
    Parts,
    Regex,
    Text,
    TimePart,
    Wild,
)
from noroshi.detect.sigma.errors import RuleRejected
from noroshi.detect.sigma.fold import fold
from noroshi.detect.sigma.regex import check_pattern

_FLAGS = {"IGNORECASE": "i", "MULTILINE": "m", "DOTALL": "s"}
_MODES = {
    (False, False): "equals",
    (True, False): "startswith",
    (False, True): "endswith",
    (True, True): "contains",
}


def whole_condition(detections: SigmaDetections) -> Condition:
    """Return the condition of a rule; several conditions in one rule are alternatives."""
    parsed = [condition.parsed for condition in detections.parsed_condition]
    if any(tree is None for tree in parsed):
        raise RuleRejected("the condition is empty")
    found = tuple(to_condition(tree) for tree in parsed)
    return found[0] if len(found) == 1 else Or(found)


DEEPEST = 60
"""Levels of nesting that a condition may have; people write five."""


def to_condition(tree: Any, depth: int = 0) -> Condition:
    """Return our form of a pySigma condition (sub)tree.

    Raises:
        RuleRejected: it holds something that cannot be evaluated, such as a placeholder.
    """
    if depth > DEEPEST:
        raise RuleRejected(f"the condition is nested more than {DEEPEST} levels; split the rule")
    if isinstance(tree, ConditionAND | ConditionOR):
        children = tuple(to_condition(child, depth + 1) for child in tree.args if child is not None)
        return And(children) if isinstance(tree, ConditionAND) else Or(children)
    if isinstance(tree, ConditionNOT):
        return Not(to_condition(tree.args[0], depth + 1))
    if isinstance(tree, ConditionFieldEqualsValueExpression):
        return _field_atom(tree.field, tree.value)
    if isinstance(tree, ConditionValueExpression):
        return _keyword(tree.value)
    raise RuleRejected(f"unsupported condition {type(tree).__name__}")


def _field_atom(field: str, value: SigmaType) -> Condition:
    """One field and one value. The order matters: some of pySigma's types are subclasses."""
    match value:
        case SigmaExpansion():
            return Or(tuple(_field_atom(field, item) for item in value.values))
        case SigmaString():
            return _text(field, value)
        case SigmaRegularExpression():
            return _regex(field, value)
        case SigmaTimestampPart():
            return TimePart(field, value.timestamp_part.name.lower(), int(value.number))
        case SigmaNumber():
            return Text(field, (str(value.number),))
        case SigmaBool():
            return Text(field, ("true" if value.boolean else "false",))
        case SigmaNull():
            return Exists(field, False)
        case SigmaExists():
            return Exists(field, value.exists)
        case SigmaCIDRExpression():
            return Cidr(field, str(value.network))
        case SigmaCompareExpression():
            return Compare(field, value.op.name.lower(), value.number.number)
        case SigmaFieldReference():
            return FieldReference(field, value.field, _MODES[value.starts_with, value.ends_with])
    raise RuleRejected(f"unsupported value of type {type(value).__name__} for field {field!r}")


def _keyword(value: SigmaType) -> Condition:
    match value:
        case SigmaExpansion():
            return Or(tuple(_keyword(item) for item in value.values))
        case SigmaString():
            found = _text(None, value)
            return Text(None, _contained(found.parts), found.cased)
        case SigmaRegularExpression():
            return _regex(None, value)
        case SigmaNumber() | SigmaBool():
            return Text(None, _contained((fold(str(value)),)))
    raise RuleRejected(f"a value of type {type(value).__name__} needs a field")


def _contained(parts: Parts) -> Parts:
    """A keyword is searched anywhere in a value: wildcards on both sides."""
    head = () if parts[:1] == (Wild.MANY,) else (Wild.MANY,)
    tail = () if len(parts) > 0 and parts[-1] == Wild.MANY else (Wild.MANY,)
    return (*head, *parts, *tail) if parts else (Wild.MANY,)


def _text(field: str | None, value: SigmaString) -> Text:
    cased = isinstance(value, SigmaCasedString)
    parts: list[str | Wild] = []
    for part in value.s:
        if isinstance(part, Placeholder):
            raise RuleRejected(f"placeholder %{part.name}% needs values that nobody defined")
        if isinstance(part, SpecialChars):
            wild = Wild.MANY if part is SpecialChars.WILDCARD_MULTI else Wild.ONE
            if not (wild is Wild.MANY and parts and parts[-1] is Wild.MANY):
                parts.append(wild)
            continue
        text = part if cased else fold(part)
        if parts and isinstance(last := parts[-1], str):
            parts[-1] = last + text
        elif text:
            parts.append(text)
    return Text(field, tuple(parts), cased)


def _regex(field: str | None, value: SigmaRegularExpression) -> Regex:
    if value.contains_placeholder():
        raise RuleRejected("a regular expression with a placeholder that nobody defined")
    flags = "".join(sorted(_FLAGS[flag.name] for flag in value.flags))
    pattern = str(value.regexp)
    check_pattern(pattern, flags)
    return Regex(field, pattern, flags)
