"""Correlation rules over matches, by example."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from tests.detect.sigma.batches import batch_of

from noroshi.detect.sigma import RuleSet, SigmaMatcher, correlate, load_documents

MINUTE = 60_000_000

BASE: list[dict[str, Any]] = [
    {
        "title": name,
        "name": name,
        "id": f"00000000-0000-4000-8000-00000000000{number}",
        "logsource": {"product": "windows"},
        "detection": {"one": {"Kind": name}, "condition": "one"},
    }
    for number, name in enumerate(("logon_failed", "logon_ok", "share"))
]


def ruleset(**correlation: Any) -> RuleSet:
    correlation.setdefault("timespan", "5m")
    correlation = {key.replace("_by", "-by"): value for key, value in correlation.items()}
    rule = {"title": "together", "name": "together", "id": ID, "correlation": correlation}
    found = load_documents([rule, *BASE])
    assert not found.problems
    return found


ID = "11111111-0000-4000-8000-000000000000"


def matches(rules: RuleSet, *events: tuple[float, str, str, str]) -> pa.Table:
    """Matches of events given as (minute, kind, user, value)."""
    records = [{"Kind": kind, "User": user, "Value": value} for _, kind, user, value in events]
    batch = batch_of(records, columns={"time": [int(event[0] * MINUTE) for event in events]})
    return SigmaMatcher(rules)(batch)


def fired(rules: RuleSet, *events: tuple[float, str, str, str], rule_id: str = ID) -> list[int]:
    """Numbers of the events that a correlation rests on."""
    table = correlate(matches(rules, *events), rules)
    return sorted(
        int(event.split(":")[1])
        for event, rule in zip(
            table["event_id"].to_pylist(), table["rule_id"].to_pylist(), strict=True
        )
        if rule == rule_id
    )


def failures(*minutes: float, user: str = "u", value: str = "v") -> list[tuple[Any, ...]]:
    return [(minute, "logon_failed", user, value) for minute in minutes]


COUNT = {"type": "event_count", "rules": ["logon_failed"], "group_by": ["User"]}


def test_event_count_within_the_window() -> None:
    rules = ruleset(**COUNT, condition={"gte": 3})
    assert fired(rules, *failures(0, 2, 5)) == [0, 1, 2]
    assert fired(rules, *failures(0, 2, 5.01)) == []
    assert fired(rules, *failures(0, 4, 8, 9, 10)) == [1, 2, 3, 4]


def test_groups_are_apart_and_know_no_case() -> None:
    rules = ruleset(**COUNT, condition={"gte": 3})
    events = [*failures(0, 1), *failures(2, user="U"), *failures(3, 4, user="other")]
    assert fired(rules, *events) == [0, 1, 2]


def test_events_may_come_in_any_order() -> None:
    rules = ruleset(**COUNT, condition={"gte": 3})
    assert fired(rules, *failures(4, 0, 2)) == [0, 1, 2]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [({"gt": 2}, [0, 1, 2]), ({"gt": 3}, []), ({"eq": 3}, [0, 1, 2]), ({"eq": 2}, []),
     ({"lt": 4}, [0, 1, 2]), ({"lte": 2}, []), ({"neq": 3}, []), ({"neq": 2}, [0, 1, 2])],
)  # fmt: skip
def test_operators(condition: dict[str, int], expected: list[int]) -> None:
    assert fired(ruleset(**COUNT, condition=condition), *failures(0, 1, 2)) == expected


def test_value_count_counts_different_values() -> None:
    rules = ruleset(
        type="value_count", rules=["logon_failed"], group_by=["User"],
        condition={"field": "Value", "gte": 3},
    )  # fmt: skip
    same = failures(0, 1, 2, 3)
    assert fired(rules, *same) == []
    others = [*failures(0, value="a"), *failures(1, value="b"), *failures(2, value="c")]
    assert fired(rules, *others) == [0, 1, 2]
    assert (
        fired(rules, *failures(0, value="a"), *failures(4, value="b"), *failures(6, value="c"))
        == []
    )


@pytest.mark.parametrize(
    ("kind", "condition", "values", "expected"),
    [
        ("value_sum", {"gt": 10}, ("5", "5", "1"), True),
        ("value_sum", {"gt": 10}, ("5", "5", "none"), False),
        ("value_avg", {"gte": 4}, ("3", "4", "5"), True),
        ("value_avg", {"lt": 2}, ("3", "4", "5"), False),
        ("value_median", {"eq": 4}, ("9", "4", "1"), True),
        ("value_percentile", {"percentile": 90, "gte": 9}, ("10", "10", "10"), True),
        ("value_percentile", {"percentile": 10, "gte": 9}, ("1", "1", "10"), False),
    ],
)
def test_metrics(
    kind: str, condition: dict[str, Any], values: tuple[str, ...], expected: bool
) -> None:
    rules = ruleset(
        type=kind,
        rules=["logon_failed"],
        group_by=["User"],
        condition={"field": "Value", **condition},
    )
    events = [
        (minute, "logon_failed", "u", value)
        for minute, value in zip((0, 1, 2), values, strict=True)
    ]
    assert bool(fired(rules, *events)) is expected


def test_temporal_needs_every_rule_in_any_order() -> None:
    rules = ruleset(type="temporal", rules=["logon_failed", "logon_ok"], group_by=["User"])
    assert fired(rules, (0, "logon_ok", "u", ""), (3, "logon_failed", "u", "")) == [0, 1]
    assert fired(rules, (0, "logon_ok", "u", ""), (6, "logon_failed", "u", "")) == []
    assert fired(rules, (0, "logon_ok", "u", ""), (3, "logon_failed", "v", "")) == []


def test_temporal_ordered_needs_the_order() -> None:
    rules = ruleset(
        type="temporal_ordered", rules=["logon_failed", "logon_ok", "share"], group_by=["User"]
    )
    assert fired(rules, (0, "logon_failed", "u", ""), (1, "logon_ok", "u", ""),
                 (2, "share", "u", "")) == [0, 1, 2]  # fmt: skip
    assert fired(rules, (0, "logon_ok", "u", ""), (1, "logon_failed", "u", ""),
                 (2, "share", "u", "")) == []  # fmt: skip
    assert fired(rules, (0, "logon_failed", "u", ""), (0, "logon_ok", "u", ""),
                 (0, "share", "u", "")) == [0, 1, 2]  # fmt: skip
    late = [(0, "logon_failed", "u", ""), (4, "logon_ok", "u", ""), (6, "share", "u", "")]
    assert fired(rules, *late) == []


def test_extended_conditions() -> None:
    rules = ruleset(
        type="temporal", group_by=["User"], condition="logon_failed and (logon_ok or share)"
    )
    assert fired(rules, (0, "logon_failed", "u", ""), (1, "share", "u", "")) == [0, 1]
    assert fired(rules, (0, "logon_ok", "u", ""), (1, "share", "u", "")) == []
    absent = ruleset(type="temporal", group_by=["User"], condition="logon_failed and not logon_ok")
    assert fired(absent, (0, "logon_failed", "u", "")) == [0]
    assert fired(absent, (0, "logon_failed", "u", ""), (1, "logon_ok", "u", "")) == []


def test_aliases_name_different_fields() -> None:
    rules = ruleset(
        type="temporal", rules=["logon_failed", "share"], group_by=["who"],
        aliases={"who": {"logon_failed": "User", "share": "Value"}},
    )  # fmt: skip
    assert fired(rules, (0, "logon_failed", "anna", ""), (1, "share", "x", "anna")) == [0, 1]
    assert fired(rules, (0, "logon_failed", "anna", ""), (1, "share", "anna", "x")) == []


def test_correlations_can_be_chained() -> None:
    chain: dict[str, Any] = {
        "title": "brute force, then in",
        "id": "22222222-0000-4000-8000-000000000000",
        "correlation": {
            "type": "temporal_ordered", "rules": ["together", "logon_ok"], "group-by": ["User"],
            "timespan": "10m",
        },
    }  # fmt: skip
    count = {"title": "c", "name": "together", "id": ID, "correlation": {
        "type": "event_count", "rules": ["logon_failed"], "group-by": ["User"], "timespan": "5m",
        "condition": {"gte": 3}}}  # fmt: skip
    rules = load_documents([chain, count, *BASE])
    events = [*failures(0, 1, 2), (8, "logon_ok", "u", ""), (8, "logon_ok", "other", "")]
    assert fired(rules, *events, rule_id=chain["id"]) == [0, 1, 2, 3]
    assert fired(rules, *events) == [0, 1, 2]
    assert fired(rules, *failures(0, 1), (8, "logon_ok", "u", ""), rule_id=chain["id"]) == []


def test_a_correlation_over_missing_rules_is_a_problem() -> None:
    rule = {"title": "t", "id": ID, "correlation": {
        "type": "event_count", "rules": ["nobody"], "timespan": "5m",
        "condition": {"gte": 1}}}  # fmt: skip
    found = load_documents([rule])
    assert not found.correlations
    assert "nobody" in found.problems[0].reason


def test_what_only_feeds_a_correlation_is_silent() -> None:
    assert ruleset(**COUNT, condition={"gte": 3}).silent == {BASE[0]["id"]}
    assert not ruleset(**COUNT, condition={"gte": 3}, generate=True).silent
