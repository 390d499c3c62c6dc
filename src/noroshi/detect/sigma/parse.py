"""One YAML document -> a rule, a correlation or a filter of ours, through pySigma.

pySigma reads the document and applies the modifiers; what we keep is our own representation.
None of the pySigma modules used here reaches for the network (its ATT&CK and D3FEND data are only
loaded by its validators, which we do not use).

Source: Sigma specification 2.1 (rules, correlation rules, filters, modifiers).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, TypeAlias

import orjson
from sigma.correlations import SigmaCorrelationRule
from sigma.exceptions import SigmaError
from sigma.filters import SigmaFilter
from sigma.rule import SigmaRule

from noroshi.detect.sigma.errors import RuleRejected
from noroshi.detect.sigma.parse_condition import to_condition, whole_condition
from noroshi.detect.sigma.parse_correlation import to_correlation
from noroshi.detect.sigma.policy import POLICY
from noroshi.detect.sigma.rule import Correlation, Filter, Header, Rule, RuleSource

Parsed: TypeAlias = Rule | Correlation | Filter

_LEVELS = frozenset({"informational", "low", "medium", "high", "critical"})


def parse_document(document: Any) -> Parsed:
    """Return what a YAML document defines.

    Raises:
        RuleRejected: it defines nothing that can be used; the text says why.
    """
    if not isinstance(document, dict):
        raise RuleRejected("not a rule: a Sigma document is a YAML mapping")
    if not isinstance(document.get("id"), str | None):
        raise RuleRejected(f"its id {document['id']!r} is not a text; it must be a UUID")
    try:
        if "correlation" in document:
            found = SigmaCorrelationRule.from_dict(document)
            return to_correlation(_header(found, document), found)
        renamed = _renamed_modifiers(document)
        if "filter" in document:
            return _filter(document, renamed)
        return _rule(document, renamed)
    except SigmaError as error:
        raise RuleRejected(str(error) or type(error).__name__) from error
    except RecursionError as error:
        raise RuleRejected("the condition is nested too deeply; split the rule") from error
    except (AttributeError, TypeError, ValueError, KeyError, IndexError) as error:
        raise RuleRejected(f"malformed rule ({type(error).__name__}: {error})") from error


def _rule(document: dict[str, Any], renamed: dict[str, Any]) -> Rule:
    found = SigmaRule.from_dict(renamed, policy=POLICY)
    source = RuleSource(found.logsource.product, found.logsource.service, found.logsource.category)
    return Rule.of(_header(found, document), source, whole_condition(found.detection))


def _filter(document: dict[str, Any], renamed: dict[str, Any]) -> Filter:
    found = SigmaFilter.from_dict(renamed, policy=POLICY)
    source = RuleSource(found.logsource.product, found.logsource.service, found.logsource.category)
    rules = found.filter.rules
    references = () if isinstance(rules, str) else tuple(ref.reference for ref in rules)
    parsed = found.filter.parsed_condition[0].parsed
    if parsed is None:
        raise RuleRejected("the filter's condition is empty")
    return Filter(_header(found, document), source, to_condition(parsed), references)


def _header(
    found: SigmaRule | SigmaCorrelationRule | SigmaFilter, raw: Mapping[str, Any]
) -> Header:
    digest = hashlib.sha256(
        orjson.dumps(raw, default=str, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
    ).hexdigest()[:32]
    level = found.level.name.lower() if found.level else "medium"
    return Header(
        id=str(found.id or found.name or digest),
        title=found.title,
        digest=digest,
        name=found.name or "",
        status=found.status.name.lower() if found.status else "",
        level=level if level in _LEVELS else "medium",
        description=found.description or "",
        author=found.author or "",
        license=found.license or "",
        tags=tuple(f"{tag.namespace}.{tag.name}" for tag in found.tags),
        references=tuple(map(str, found.references or ())),
        falsepositives=tuple(map(str, found.falsepositives or ())),
        fields=tuple(map(str, found.fields or ())),
    )


_SYNONYMS = {"utf16le": "wide"}
"""Modifiers of the specification that pySigma 2.0 knows only by their older name."""


def _renamed_modifiers(value: Any) -> Any:
    if isinstance(value, dict):
        return {_renamed_key(key): _renamed_modifiers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed_modifiers(item) for item in value]
    return value


def _renamed_key(key: Any) -> Any:
    if not isinstance(key, str) or "|" not in key:
        return key
    name, *modifiers = key.split("|")
    return "|".join((name, *(_SYNONYMS.get(modifier, modifier) for modifier in modifiers)))
