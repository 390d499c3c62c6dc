"""Matches to findings."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from tests.detect.sigma.batches import batch_of

from noroshi.detect.sigma import RuleSet, SigmaMatcher, explain, findings, load_documents
from noroshi.lang import render
from noroshi.model import EVIDENCE_KEPT, Entity, EntityType, Severity

RULE: dict[str, Any] = {
    "title": "Odd tool",
    "id": "00000000-0000-4000-8000-000000000001",
    "status": "test",
    "level": "high",
    "author": "A. Author",
    "license": "MIT",
    "tags": ["attack.execution", "attack.t1059.001", "attack.s0002", "cve.2024-1"],
    "references": ["https://example.test/odd"],
    "falsepositives": ["Inventory software.", "Unknown"],
    "logsource": {"product": "windows", "category": "process_creation"},
    "detection": {
        "tool": {"Image|endswith": "\\odd.exe"},
        "flags": {"CommandLine|contains": ["--loud", "--quiet"]},
        "ours": {"User|startswith": "TOWN\\svc"},
        "condition": "tool and flags and not ours",
    },
}


def matched(ruleset: RuleSet, count: int = 1, **columns: Any) -> pa.Table:
    record = {"Image": "C:\\odd.exe", "CommandLine": "odd --loud", "User": "TOWN\\anna"}
    known = {"device_hostname": ["PC-1.example"] * count, **columns}
    return SigmaMatcher(ruleset)(batch_of([record] * count, columns=known))


def test_a_finding_says_what_and_why() -> None:
    ruleset = load_documents([RULE])
    (finding,) = findings(matched(ruleset, 3), ruleset)
    assert (finding.analytic, finding.rule_id, finding.title) == ("sigma", RULE["id"], "Odd tool")
    assert (finding.severity, finding.count, finding.subject) == (Severity.HIGH, 3, "pc-1.example")
    assert 0.7 < finding.score < 0.8
    assert finding.techniques == ("T1059.001",)
    assert finding.tactics == ("execution",)
    assert finding.hosts == ("pc-1.example",)
    assert Entity(EntityType.HOST, "pc-1.example") in finding.entities
    assert (finding.author, finding.licence) == ("A. Author", "MIT")
    assert finding.references == ("https://example.test/odd",)
    assert render(finding.explanation, "en") == (
        "On pc-1.example, 3 event(s) match the rule “Odd tool”: Image is “C:\\odd.exe”, "
        "CommandLine is “odd --loud”."
    )
    assert "Inventory software" in render(finding.disproof, "en")
    assert "Unknown" not in render(finding.disproof, "en")
    assert dict(finding.evidence[0].fields)["User"] == "TOWN\\anna"
    assert finding.first < finding.last


def test_everything_is_there_in_japanese() -> None:
    ruleset = load_documents([RULE])
    (finding,) = findings(matched(ruleset), ruleset)
    for message in (finding.explanation, finding.disproof, *finding.next_steps):
        assert render(message, "ja") != render(message, "en")
    assert "ルール「Odd tool」" in render(finding.explanation, "ja")


def test_one_finding_per_host_and_day_and_the_same_id_again() -> None:
    ruleset = load_documents([RULE])
    table = matched(
        ruleset, 4, device_hostname=["a", "b", "A", "a"],
        day=["2024-01-01", "2024-01-01", "2024-01-01", "2024-01-02"],
    )  # fmt: skip
    once, again = list(findings(table, ruleset)), list(findings(table, ruleset))
    assert sorted((f.subject, f.count) for f in once) == [("a", 1), ("a", 2), ("b", 1)]
    assert [f.id for f in once] == [f.id for f in again]
    assert len({f.id for f in once}) == 3


def test_without_a_host_it_is_about_the_user_or_the_address() -> None:
    ruleset = load_documents([RULE])
    nobody: dict[str, Any] = {"device_hostname": [None]}
    (finding,) = findings(matched(ruleset, **nobody, actor_user_name=["anna"]), ruleset)
    assert finding.subject == "anna"
    (finding,) = findings(matched(ruleset, **nobody, src_endpoint_ip=["192.0.2.1"]), ruleset)
    assert finding.subject == "192.0.2.1"


def test_the_sample_is_bounded_and_the_earliest() -> None:
    ruleset = load_documents([RULE])
    (finding,) = findings(matched(ruleset, 50), ruleset)
    assert finding.count == 50
    assert len(finding.evidence) == EVIDENCE_KEPT
    assert finding.evidence[0].time == finding.first


def test_long_values_are_cut() -> None:
    ruleset = load_documents([RULE])
    record = {"Image": "C:\\odd.exe", "CommandLine": "--loud" + "x" * 100_000}
    table = SigmaMatcher(ruleset)(batch_of([record]))
    (finding,) = findings(table, ruleset)
    assert len(dict(finding.evidence[0].fields)["CommandLine"]) == 4_000
    assert len(render(finding.explanation, "en")) < 500


def test_keywords_name_the_field_where_they_stand() -> None:
    rule = RULE | {"detection": {"words": ["loud"], "condition": "words"}}
    ruleset = load_documents([rule])
    (finding,) = findings(matched(ruleset), ruleset)
    assert finding.evidence[0].fields == (("CommandLine", "odd --loud"),)


def test_correlation_findings_replace_those_that_feed_them() -> None:
    named = RULE | {"name": "odd"}
    together = {"title": "Often", "id": "00000000-0000-4000-8000-000000000002", "level": "critical",
                "correlation": {"type": "event_count", "rules": ["odd"], "group-by": ["User"],
                                "timespan": "1h", "condition": {"gte": 3}}}  # fmt: skip
    ruleset = load_documents([named, together])
    (finding,) = findings(matched(ruleset, 3), ruleset)
    assert (finding.title, finding.count) == ("Often", 3)
    assert "User: TOWN\\anna" in render(finding.explanation, "en")
    assert list(findings(matched(ruleset, 2), ruleset)) == []


def test_a_rule_explained() -> None:
    explanation = explain(load_documents([RULE]).rules[0])
    assert explanation.fields == ("Image", "CommandLine", "User")
    assert explanation.atoms == 4
    assert explanation.text("en").splitlines() == [
        "- all of these:",
        "  - Image ends with “\\odd.exe”",
        "  - at least one of these:",
        "    - CommandLine contains “--loud”",
        "    - CommandLine contains “--quiet”",
        "  - not the case:",
        "    - User starts with “town\\svc”",
    ]
    assert "Image が「\\odd.exe」で終わる" in explanation.text("ja")
