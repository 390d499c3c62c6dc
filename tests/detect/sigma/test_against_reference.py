"""The engine against the naive matcher, on rules and events that nobody thought of."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sigma.policy.profiles import TrustedPolicy
from sigma.rule import SigmaRule
from tests.detect.sigma import reference, strategies
from tests.detect.sigma.batches import Record, batch_of

from noroshi.detect.sigma import RuleSet, SigmaMatcher, load_documents

WAYS: tuple[dict[str, bool], ...] = ({}, {"pure": True}, {"sieved": False})


def found(ruleset: RuleSet, records: list[Any], **ways: bool) -> set[tuple[str, int]]:
    table = SigmaMatcher(ruleset, **ways)(batch_of(records))
    rules = table.column("rule_id").to_pylist()
    events = table.column("event_id").to_pylist()
    return {(rule, int(event.split(":")[1])) for rule, event in zip(rules, events, strict=True)}


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    documents=st.lists(strategies.rules(), min_size=1, max_size=4),
    records=st.lists(strategies.events(), min_size=1, max_size=8),
)
def test_every_way_gives_what_the_reference_gives(
    documents: list[dict[str, Any]], records: list[Record]
) -> None:
    ruleset = load_documents(documents)
    loaded = {rule.header.id for rule in ruleset.rules}
    expected = {
        (document["id"], number)
        for document in documents
        if document["id"] in loaded
        for number, record in enumerate(records)
        if reference.matches(SigmaRule.from_dict(document, policy=TrustedPolicy), record)
    }
    for way in WAYS:
        assert found(ruleset, records, **way) == expected, way


@pytest.mark.parametrize("way", WAYS, ids=["hyperscan", "pure", "unsieved"])
def test_the_property_test_would_see_a_difference(way: dict[str, bool]) -> None:
    rule = {
        "title": "t",
        "id": "00000000-0000-4000-8000-000000000001",
        "logsource": {"product": "windows"},
        "detection": {"one": {"Image|endswith": "\\CMD.exe"}, "condition": "one"},
    }
    records = [{"Image": "c:\\x\\cmd.exe"}, {"Image": "c:\\x\\cmd.exe2"}, {"User": "\\cmd.exe"}]
    assert found(load_documents([rule]), records, **way) == {(rule["id"], 0)}
