"""The built-in rules: valid Sigma, in two languages, each with examples for and against."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from sigma.collection import SigmaCollection
from sigma.correlations import SigmaCorrelationRule
from sigma.rule import SigmaRule
from sigma.validation import SigmaValidator
from sigma.validators.core import validators

from noroshi.intel.attack import read_attack
from noroshi.intel.packs import builtin_pack

PACK = builtin_pack("noroshi-core")
RULES = list(PACK.files(".yml"))
EXAMPLES = sorted((PACK.folder / "tests").glob("*.yaml"))
NOT_OURS = {"attacktag", "d3_fendtag", "custom_attributes"}
"""Two fetch their data from the network; our Japanese titles are custom attributes."""


def documents() -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in RULES:
        for document in yaml.safe_load_all(path.read_text("utf-8")):
            yield path, document


def collection(path: Path) -> SigmaCollection:
    return SigmaCollection.from_yaml(path.read_text("utf-8"))


def test_there_are_enough() -> None:
    assert len(RULES) >= 30
    correlations = [document for _, document in documents() if "correlation" in document]
    kinds = {document["correlation"]["type"] for document in correlations}
    assert kinds == {"event_count", "value_count", "temporal_ordered"}


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_is_valid_sigma(path: Path) -> None:
    rules = collection(path)
    checks = {cls for name, cls in validators.items() if name not in NOT_OURS}
    singles = [rule for rule in rules.rules if isinstance(rule, SigmaRule)]
    assert SigmaValidator(checks).validate_rules(iter(singles)) == []
    assert all(isinstance(rule, SigmaRule | SigmaCorrelationRule) for rule in rules.rules)
    assert all(
        condition.parsed for rule in singles for condition in rule.detection.parsed_condition
    )


def test_every_finding_can_be_read_in_both_languages() -> None:
    for path, document in documents():
        if document.get("name"):
            continue  # a building block makes no finding
        for key in ("title", "title_ja", "description", "description_ja"):
            assert document[key].strip(), path
        assert any("ぁ" <= letter <= "ヶ" for letter in document["description_ja"]), path
        assert document["falsepositives"], path
        assert any(tag.startswith("attack.t1") for tag in document["tags"]), path
        assert document["license"] == "Apache-2.0"


def test_ids_are_unique() -> None:
    ids = [document["id"] for _, document in documents()]
    assert len(ids) == len(set(ids))


def test_every_rule_has_examples_for_and_against() -> None:
    covered = {}
    for path in EXAMPLES:
        data = yaml.safe_load(path.read_text("utf-8"))
        covered[data["rule"]] = {example["match"] for example in data["examples"]}
    wanted = {document["id"] for _, document in documents() if not document.get("name")}
    assert covered == {rule: {True, False} for rule in wanted}


def test_techniques_exist(shared_data: Path) -> None:
    attack = read_attack(shared_data / "attack" / "enterprise-attack.json.gz")
    for path, document in documents():
        for tag in document.get("tags", ()):
            name = tag.removeprefix("attack.")
            known = name.upper() in attack.techniques or name in attack.tactics
            assert known, f"{path.name}: {tag}"
            assert not name.startswith("t1") or not attack.techniques[name.upper()].deprecated
