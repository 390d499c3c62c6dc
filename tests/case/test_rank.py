from __future__ import annotations

from collections.abc import Callable

from noroshi.case.noise import rule_use
from noroshi.case.rank import rank, score
from noroshi.case.title import title
from noroshi.lang import Message, render
from noroshi.model import Finding, Severity

MakeFinding = Callable[..., Finding]
HOUR = 3_600_000_000
START = 1_790_000_000_000_000


def _score(*findings: Finding, among: tuple[Finding, ...] = ()) -> float:
    return score(rank(findings, rule_use([*findings, *among])))


def _templates(*findings: Finding) -> set[str]:
    return {reason.message.template for reason in rank(findings, rule_use(findings))}


def test_reasons_add_up_and_come_with_the_weightiest_first(incident: tuple[Finding, ...]) -> None:
    reasons = rank(incident[:11], rule_use(incident))
    assert [r.points for r in reasons] == sorted((r.points for r in reasons), reverse=True)
    assert score(reasons) == round(sum(r.points for r in reasons), 1)


def test_worse_and_surer_findings_rank_higher(make_finding: MakeFinding) -> None:
    scores = [_score(make_finding(severity=level)) for level in Severity]
    assert scores == sorted(scores)
    assert len(set(scores)) == 5
    assert _score(make_finding(score=0.9)) > _score(make_finding(score=0.2))


def test_stages_in_the_order_of_an_attack_rank_higher_than_out_of_it(
    make_finding: MakeFinding,
) -> None:
    stages = ("initial-access", "execution", "credential-access", "lateral-movement")
    forward = [
        make_finding(f"r{n}", START + n * HOUR, tactics=(name,)) for n, name in enumerate(stages)
    ]
    backward = [
        make_finding(f"r{n}", START - n * HOUR, tactics=(name,)) for n, name in enumerate(stages)
    ]
    assert _score(*forward) > _score(*reversed(backward))


def test_a_rule_that_fires_everywhere_counts_less_and_says_so(make_finding: MakeFinding) -> None:
    everywhere = tuple(make_finding("noisy", START, (f"pc{n}",)) for n in range(10))
    rare = make_finding("rare", START)
    assert _score(everywhere[0], among=everywhere) < _score(rare, among=everywhere)
    reasons = rank([everywhere[0]], rule_use(everywhere))
    assert reasons[-1].points < 0
    assert reasons[-1].message.params == {"n": 10, "total": 10}


def test_minor_findings_do_not_claim_damage(make_finding: MakeFinding) -> None:
    minor = make_finding(severity=Severity.LOW, tactics=("impact", "exfiltration"))
    serious = make_finding(severity=Severity.HIGH, tactics=("impact", "exfiltration"))
    assert "Damage was done or prepared (impact)" not in _templates(minor)
    assert "Damage was done or prepared (impact)" in _templates(serious)


def test_known_bad_things_are_counted(make_finding: MakeFinding) -> None:
    one = make_finding("i1", analytic="indicator")
    two = make_finding("i2", analytic="indicator")
    assert "A known bad address, file or domain was met" in _templates(one)
    assert "{n} known bad addresses, files or domains were met" in _templates(one, two)


def _title(*findings: Finding) -> str:
    return render(title(findings, rule_use(findings)), "en")


def test_the_title_tells_the_story_from_where_it_happened(incident: tuple[Finding, ...]) -> None:
    assert _title(*incident[:11]) == (
        "Break-in on pc-somu-07, spread over 3 machines, data sent out"
    )


def test_the_title_counts_the_machines_reached(make_finding: MakeFinding) -> None:
    theft = make_finding("dump", START, ("pc1",), tactics=("credential-access",))
    moves = [
        make_finding(f"move{n}", START + n * HOUR, (f"srv{n}",), tactics=("lateral-movement",))
        for n in (1, 2)
    ]
    assert _title(theft, *moves) == (
        "Credential theft on pc1, then lateral movement to 2 more machines"
    )
    same = make_finding("other", START, ("pc1",), tactics=("credential-access",))
    assert _title(theft, same, moves[0]) == (
        "Credential theft on pc1, then lateral movement to one more machine"
    )


def test_a_single_finding_is_told_by_its_own_title(make_finding: MakeFinding) -> None:
    assert _title(make_finding(title="Odd service")) == "Odd service on pc01"
    assert _title(make_finding(title="Odd", hosts=(), subject="k-tanaka")) == "Odd (k-tanaka)"
    assert _title(make_finding(title="Odd", hosts=(), subject="")) == "Odd"


def test_minor_findings_are_not_dramatised(make_finding: MakeFinding) -> None:
    minor = [
        make_finding(f"low{n}", severity=Severity.LOW, tactics=("impact", "execution"))
        for n in range(5)
    ]
    assert _title(*minor) == "Minor findings on pc01: 5 rules"


def test_a_hostile_title_stays_a_parameter(make_finding: MakeFinding) -> None:
    hostile = make_finding(title="{host} {0} <b>")
    message = title([hostile], rule_use([hostile]))
    assert message == Message("{title} on {host}", {"title": "{host} {0} <b>", "host": "pc01"})
    assert render(message, "en") == "{host} {0} <b> on pc01"
