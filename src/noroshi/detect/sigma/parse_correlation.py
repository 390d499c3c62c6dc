"""pySigma's correlation rule -> ours."""

from __future__ import annotations

from sigma.correlations import (
    CorrelationConditionAND,
    CorrelationConditionItem,
    CorrelationConditionNOT,
    SigmaCorrelationCondition,
    SigmaCorrelationRule,
    SigmaExtendedCorrelationCondition,
    SigmaRuleReference,
)

from noroshi.detect.sigma.errors import RuleRejected
from noroshi.detect.sigma.rule import Correlation, Expression, Header, Threshold

_SECOND = 1_000_000


def to_correlation(header: Header, found: SigmaCorrelationRule) -> Correlation:
    """Return our form of a correlation rule.

    Raises:
        RuleRejected: it watches no rules.
    """
    condition = found.condition
    expression: Expression | None = None
    threshold: Threshold | None = None
    if isinstance(condition, SigmaExtendedCorrelationCondition):
        expression = _expression(condition.parsed)
        names = tuple(condition.get_referenced_rules())
    else:
        threshold = _threshold(condition)
        names = tuple(reference.reference for reference in found.rules or ())
    rules = tuple(reference.reference for reference in found.rules or ()) or names
    if not rules:
        raise RuleRejected("the correlation names no rules")
    return Correlation(
        header=header,
        type=found.type.name.lower(),
        rules=rules,
        span=found.timespan.seconds * _SECOND,
        group_by=tuple(found.group_by or ()),
        aliases={
            alias.alias: {ref.reference: name for ref, name in alias.mapping.items()}
            for alias in found.aliases
        },
        generate=found.generate,
        threshold=threshold,
        expression=expression,
    )


def _threshold(condition: SigmaCorrelationCondition) -> Threshold:
    names = condition.fieldref or ()
    return Threshold(
        operator=condition.op.name.lower(),
        number=condition.count,
        fields=(names,) if isinstance(names, str) else tuple(names),
        percentile=50 if condition.percentile is None else condition.percentile,
    )


def _expression(tree: CorrelationConditionItem | SigmaRuleReference) -> Expression:
    if isinstance(tree, SigmaRuleReference):
        return tree.reference
    operands = tuple(_expression(item) for item in tree.args)
    if isinstance(tree, CorrelationConditionNOT):
        return ("not", *operands)
    return ("and" if isinstance(tree, CorrelationConditionAND) else "or", *operands)
