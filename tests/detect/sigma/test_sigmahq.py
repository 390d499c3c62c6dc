"""The public rules and their regression pairs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.detect.sigma.evidence import batches_of

from noroshi.detect.sigma import RuleSet, SigmaMatcher, load_rules
from noroshi.detect.sigma.pivot import pivots

pytestmark = pytest.mark.shared_data


def test_nearly_all_load_and_the_rest_is_named(sigmahq: RuleSet) -> None:
    assert sigmahq.files > 3_700
    assert len(sigmahq.rules) >= 0.99 * sigmahq.files
    assert len(sigmahq.rules) + len(sigmahq.problems) == sigmahq.files
    assert all("placeholder" in problem.reason for problem in sigmahq.problems)
    assert all(problem.path and problem.rule_id for problem in sigmahq.problems)


def test_authors_and_licence_are_kept(sigmahq: RuleSet) -> None:
    assert all(rule.header.license == "DRL-1.1" for rule in sigmahq.rules)
    assert sum(bool(rule.header.author) for rule in sigmahq.rules) > 0.99 * len(sigmahq.rules)


def test_loading_again_gives_the_same_from_the_cache(
    sigmahq: RuleSet, shared_data: Path, sigma_cache: Path
) -> None:
    folder = shared_data / "logs" / "sigma-rules"
    again = load_rules([folder], cache=sigma_cache)
    assert again.rules == sigmahq.rules
    assert again.problems == sigmahq.problems


def test_few_rules_have_to_look_at_every_event(sigmahq: RuleSet) -> None:
    assert sum(pivots(rule.condition) is None for rule in sigmahq.rules) < 25


def pairs(folder: Path) -> list[tuple[Path, str]]:
    """EVTX files and the rules that must fire on them."""
    found = []
    for info in sorted(folder.rglob("info.yml")):
        data: dict[str, Any] = yaml.safe_load(info.read_text("utf-8"))
        files = sorted(info.parent.glob("*.evtx"))
        found += [(file, str(rule["id"])) for file in files for rule in data["rule_metadata"]]
    return found


def test_every_regression_pair_fires(sigmahq: RuleSet, shared_data: Path) -> None:
    expected = pairs(shared_data / "logs" / "sigma-regression")
    assert len(expected) > 90
    matcher = SigmaMatcher(sigmahq)
    fired: set[tuple[str, str]] = set()
    for batch in batches_of([file for file, _rule in expected]):
        table = matcher(batch)
        sources, rules = table["source_id"].to_pylist(), table["rule_id"].to_pylist()
        fired.update(zip(sources, rules, strict=True))
    silent = [(file.name, rule) for file, rule in expected if (str(file), rule) not in fired]
    assert silent == []
