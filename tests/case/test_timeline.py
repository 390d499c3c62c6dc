from __future__ import annotations

from collections.abc import Callable

from noroshi.case import coverage, tasks, timeline
from noroshi.model import Finding, Severity

MakeFinding = Callable[..., Finding]
START = 1_790_000_000_000_000
HOUR = 3_600_000_000


def test_entries_come_in_order_of_time(incident: tuple[Finding, ...]) -> None:
    told = timeline(reversed(incident))
    assert [e.time for e in told.entries] == sorted(e.time for e in told.entries)
    assert told.left_out == 0
    assert {entry.finding_id for entry in told.entries} <= {item.id for item in incident}


def test_repetitions_are_folded_with_their_count(make_finding: MakeFinding) -> None:
    (line,) = timeline([make_finding(count=15, minutes=30)]).entries
    assert (line.count, line.until - line.time) == (15, HOUR // 2)
    far = make_finding(count=3, minutes=300)
    assert [entry.count for entry in timeline([far]).entries] == [1, 1, 1]


def test_events_beyond_the_kept_evidence_are_counted(make_finding: MakeFinding) -> None:
    told = timeline([make_finding(count=5000, minutes=60)])
    assert sum(entry.count for entry in told.entries) == 5000


def test_a_long_timeline_leaves_out_the_least_severe(make_finding: MakeFinding) -> None:
    low = [
        make_finding(f"low{n}", START + n * HOUR, severity=Severity.LOW, salt=str(n))
        for n in range(50)
    ]
    high = make_finding("high", START + 60 * HOUR)
    told = timeline([*low, high], limit=10)
    assert (len(told.entries), told.left_out) == (10, 41)
    assert told.entries[-1].finding_id == high.id


def test_coverage_lists_every_tactic_in_the_order_of_an_attack(
    incident: tuple[Finding, ...],
) -> None:
    seen = coverage(incident, {"T1003.001": "LSASS Memory"})
    assert [item.tactic for item in seen][:3] == [
        "reconnaissance",
        "resource-development",
        "initial-access",
    ]
    assert len(seen) == 14
    stolen = next(item for item in seen if item.tactic == "credential-access")
    assert [(t.id, t.name, t.findings) for t in stolen.techniques] == [
        ("T1003.001", "LSASS Memory", 1)
    ]


def test_coverage_knows_newer_and_unknown_tactics(make_finding: MakeFinding) -> None:
    findings = [
        make_finding(tactics=("defense_impairment",)),
        make_finding("b", tactics=("tampering",)),
        make_finding("c", tactics=(), techniques=("T1059",)),
    ]
    names = [item.tactic for item in coverage(findings) if item.findings]
    assert names == ["defense-impairment", "other", "tampering"]


def test_tasks_fit_what_was_seen(incident: tuple[Finding, ...]) -> None:
    told = [(task.template.split()[0], dict(task.params)) for task in tasks(incident[:11])]
    assert told[0] == ("Disconnect", {"hosts": "pc-somu-07, fs01, db-jumin"})
    assert ("Block", {"outside": "203.0.113.57, cdn-update.example"}) in told
    assert ("From", {"users": "k-tanaka, svc-backup"}) in told


def test_one_odd_thing_is_cleared_up_by_asking(make_finding: MakeFinding) -> None:
    odd = make_finding(severity=Severity.MEDIUM, entities=[("user", "m-sato"), ("user", "SYSTEM")])
    assert tasks([odd])[0].params == {"users": "m-sato"}
    assert not any("Disconnect" in task.template[:10] for task in tasks([odd]))
    assert tasks([]) == ()


def test_nobody_is_told_to_block_his_own_proxy(make_finding: MakeFinding) -> None:
    seen = make_finding(
        "upload",
        hosts=("PC01.town.example",),
        entities=[("domain", "proxy01.town.example"), ("domain", "bad.example")],
        tactics=("exfiltration",),
    )
    block = [task for task in tasks([seen]) if task.template.startswith("Block")]
    assert [task.params for task in block] == [{"outside": "bad.example"}]


def test_guessed_passwords_from_outside_are_shut_out_not_asked_about(
    make_finding: MakeFinding,
) -> None:
    tried = make_finding(
        severity=Severity.MEDIUM,
        entities=[("user", "oracle"), ("address", "198.51.100.7")],
        tactics=("credential-access",),
        techniques=("T1110.003",),
    )
    told = tasks([tried])
    other = make_finding(severity=Severity.MEDIUM, entities=[("address", "198.51.100.7")])
    assert any("telephone" in task.template or "Ask" in task.template for task in tasks([other]))
    assert [task.params for task in told] == [{"outside": "198.51.100.7"}] * 2
    assert not any("telephone" in task.template for task in told)
