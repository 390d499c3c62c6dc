"""Rules, correlations and filters as the engine holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

import orjson

from noroshi.detect.sigma.condition import Condition, dump, restore
from noroshi.detect.sigma.errors import DamagedCache
from noroshi.model import Severity


@dataclass(frozen=True, slots=True)
class RuleProblem:
    """A rule that is not used, and why.

    Attributes:
        path: file it was read from.
        rule_id: its id, or its title, or nothing if not even that could be read.
        reason: what is wrong.
    """

    path: str
    rule_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class RuleSource:
    """Log source that a rule names; None where it names none."""

    product: str | None = None
    service: str | None = None
    category: str | None = None

    def includes(self, other: RuleSource) -> bool:
        """Tell whether a filter for this log source concerns a rule for the other."""
        pairs = (
            (self.product, other.product),
            (self.service, other.service),
            (self.category, other.category),
        )
        return all(mine is None or mine == theirs for mine, theirs in pairs)


@dataclass(frozen=True, slots=True)
class Header:
    """What every kind of rule says about itself."""

    id: str
    title: str
    digest: str
    name: str = ""
    status: str = ""
    level: str = "medium"
    description: str = ""
    author: str = ""
    license: str = ""
    tags: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    falsepositives: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()

    @property
    def severity(self) -> Severity:
        """The level on our scale."""
        return Severity.of(self.level)


@dataclass(frozen=True)
class Rule:
    """A rule over single events.

    Attributes:
        header: what it says about itself.
        source: the log source it is for.
        stored: its condition as JSON text; most of a large rule set is never looked at.
    """

    header: Header
    source: RuleSource
    stored: str

    @classmethod
    def of(cls, header: Header, source: RuleSource, condition: Condition) -> Rule:
        """Return a rule with a condition."""
        return cls(header, source, orjson.dumps(dump(condition)).decode())

    @cached_property
    def condition(self) -> Condition:
        """Its condition.

        Raises:
            DamagedCache: the stored text is none, so somebody changed the cache on purpose.
        """
        try:
            return restore(orjson.loads(self.stored))
        except ValueError as error:
            raise DamagedCache(
                f"the stored form of rule {self.header.id} is damaged ({error}); delete the rule "
                "cache and load the rules again"
            ) from error


@dataclass(frozen=True, slots=True)
class Filter:
    """Exclusions added to other people's rules; ``rules`` is empty for every rule."""

    header: Header
    source: RuleSource
    condition: Condition
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Threshold:
    """Condition of a correlation: operator, number, and the field and percentile it is about."""

    operator: str
    number: float
    fields: tuple[str, ...] = ()
    percentile: int = 50


@dataclass(frozen=True, slots=True)
class Correlation:
    """A rule over the matches of other rules.

    Attributes:
        header: what it says about itself.
        type: event_count, value_count, temporal, temporal_ordered, value_sum, value_avg,
            value_percentile or value_median.
        rules: ids or names of the rules it watches, in their order.
        span: length of the window in microseconds.
        group_by: fields, or aliases, whose values must be equal.
        aliases: alias -> rule -> field of that rule's events.
        generate: the watched rules also report by themselves.
        threshold: what must hold in a window; None with ``expression``.
        expression: nested ``and``/``or``/``not`` over rule names, as lists, of a temporal rule.
    """

    header: Header
    type: str
    rules: tuple[str, ...]
    span: int
    group_by: tuple[str, ...] = ()
    aliases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    generate: bool = False
    threshold: Threshold | None = None
    expression: Expression | None = None


Expression: TypeAlias = "str | tuple[Expression, ...]"
"""A rule name, or ``("and" | "or" | "not", operand, …)``."""


@dataclass(frozen=True)
class RuleSet:
    """Everything that was read.

    Attributes:
        rules: rules over events, filters already built in.
        correlations: rules over matches, every rule after those that it watches.
        problems: what could not be used.
        files: number of files read.
    """

    rules: tuple[Rule, ...]
    correlations: tuple[Correlation, ...] = ()
    problems: tuple[RuleProblem, ...] = ()
    files: int = 0

    @cached_property
    def headers(self) -> Mapping[str, Header]:
        """Headers of rules and correlations by id and by name."""
        known = [
            *(rule.header for rule in self.rules),
            *(correlation.header for correlation in self.correlations),
        ]
        return {h.name: h for h in known if h.name} | {h.id: h for h in known}

    @cached_property
    def by_id(self) -> Mapping[str, Rule]:
        """Rules over events by id."""
        return {rule.header.id: rule for rule in self.rules}

    @cached_property
    def silent(self) -> frozenset[str]:
        """Ids of rules that only feed a correlation and do not report by themselves."""
        loud = {self.headers[ref].id for c in self.correlations if c.generate for ref in c.rules}
        quiet = {
            self.headers[ref].id for c in self.correlations if not c.generate for ref in c.rules
        }
        return frozenset(quiet - loud)

    @cached_property
    def keys(self) -> Mapping[str, tuple[str, ...]]:
        """Fields beyond its own that a rule's matches must carry for correlations, by rule id."""
        needed: dict[str, dict[str, None]] = {}
        for correlation in self.correlations:
            wanted = (*correlation.group_by, *_counted(correlation))
            for name in base_rules(self, correlation):
                for key in wanted:
                    by_rule = correlation.aliases.get(key)
                    own = by_rule.get(name, "") if by_rule is not None else key
                    if own:
                        needed.setdefault(self.headers[name].id, {})[own] = None
        return {rule_id: tuple(names) for rule_id, names in needed.items()}


def _counted(correlation: Correlation) -> tuple[str, ...]:
    return correlation.threshold.fields if correlation.threshold else ()


def base_rules(ruleset: RuleSet, correlation: Correlation) -> tuple[str, ...]:
    """Return references to all event rules below a correlation, through chained correlations."""
    chained = {c.header.id: c for c in ruleset.correlations}
    found: list[str] = []
    for reference in correlation.rules:
        below = chained.get(ruleset.headers[reference].id)
        found += [reference] if below is None else base_rules(ruleset, below)
    return tuple(found)
