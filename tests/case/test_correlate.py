from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from noroshi.case import correlate
from noroshi.model import Case, Finding, Severity

MakeFinding = Callable[..., Finding]
START = 1_790_000_000_000_000
HOUR = 3_600_000_000
DAY = 24 * HOUR


def _together(cases: Sequence[Case], *findings: Finding) -> bool:
    wanted = {item.id for item in findings}
    return any(wanted <= set(case.finding_ids) for case in cases)


def test_an_incident_is_one_case_and_everyday_findings_stay_out(
    incident: tuple[Finding, ...],
) -> None:
    first, second, third = correlate(incident)
    assert len(first.finding_ids) == 11
    assert first.users == ("k-tanaka", "svc-backup")
    assert first.score > 100 > second.score > third.score
    assert second.hosts == ("pc-kyoiku-02",)
    assert len(third.hosts) == 8, "one everyday rule on eight machines is one line, not eight"


def test_nothing_is_lost_and_nothing_is_told_twice(incident: tuple[Finding, ...]) -> None:
    told = [item for case in correlate([*incident, *incident]) for item in case.finding_ids]
    assert sorted(told) == sorted(item.id for item in incident)


def test_no_findings_are_no_cases() -> None:
    assert correlate([]) == []


_ENTITIES = st.lists(
    st.sampled_from(
        [
            ("user", "k-tanaka"),
            ("user", "system"),
            ("user", "administrator"),
            ("host", "dc01"),
            ("address", "203.0.113.9"),
            ("address", "192.168.1.7"),
            ("process", "aa" * 16),
            ("hash", "bb" * 32),
            ("mail", "k-tanaka@town.example"),
            ("domain", "pc2.town.example"),
            ("file", r"c:\users\public\x.exe"),
        ]
    ),
    max_size=4,
    unique=True,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 72),
            st.integers(1, 5),
            st.integers(0, 4),
            st.integers(0, 5),
            _ENTITIES,
        ),
        max_size=25,
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_findings_does_not_matter(
    make_finding: MakeFinding,
    plans: list[tuple[int, int, int, int, list[tuple[str, str]]]],
    shuffle: random.Random,
) -> None:
    findings = [
        make_finding(
            f"rule{rule}",
            START + hours * HOUR,
            (f"pc{host}",) if host else (),
            Severity(severity),
            entities,
            salt=str(number),
        )
        for number, (hours, severity, host, rule, entities) in enumerate(plans)
    ]
    other = list(findings)
    shuffle.shuffle(other)
    cases = correlate(findings)
    assert correlate(other) == cases
    assert sorted(i for c in cases for i in c.finding_ids) == sorted(f.id for f in findings)
    assert all(case.score == round(sum(r.points for r in case.reasons), 1) for case in cases)


@pytest.mark.parametrize(
    "common",
    [
        ("user", "system"),
        ("user", "nt authority\\local service"),
        ("user", "dwm-3"),
        ("user", "pc07$"),
        ("user", "administrator"),
        ("address", "127.0.0.1"),
        ("address", "::1"),
        ("address", "255.255.255.255"),
        ("address", "192.168.1.255"),
        ("address", "224.0.0.252"),
        ("address", "8.8.8.8"),
        ("address", "192.168.1.53"),
        ("file", r"c:\windows\system32\cmd.exe"),
    ],
)
def test_what_everybody_has_ties_nothing_together(
    make_finding: MakeFinding, common: tuple[str, str]
) -> None:
    findings = [
        make_finding(f"rule{n}", START + n * 60_000_000, (f"pc{n}",), entities=[common])
        for n in range(20)
    ]
    assert len(correlate(findings)) == 20


def test_an_entity_of_everyday_findings_does_not_tie_severe_ones(make_finding: MakeFinding) -> None:
    backup, update = ("user", "svc-patch"), ("domain", "update.vendor.example")
    everyday = [
        make_finding(f"low{n % 7}", START + n * HOUR, (f"pc{n}",), Severity.LOW, [backup, update])
        for n in range(40)
    ]
    severe = [
        make_finding(f"high{n}", START + n * HOUR, (f"pc{n}",), Severity.HIGH, [backup, update])
        for n in range(10)
    ]
    cases = correlate([*everyday, *severe])
    assert max(len(case.hosts) for case in cases if case.score > 30) == 1


def test_a_domain_controller_does_not_make_one_case_of_everybody(make_finding: MakeFinding) -> None:
    findings = [
        make_finding(
            f"rule{n}",
            START + n * 600_000_000,
            ("dc01",),
            entities=[("user", f"staff{n}"), ("host", f"pc{n}")],
        )
        for n in range(20)
    ]
    assert len(correlate(findings)) == 20


def test_the_same_host_ties_within_hours_but_not_over_months(make_finding: MakeFinding) -> None:
    one = make_finding("a", START)
    soon = make_finding("b", START + 2 * HOUR)
    late = make_finding("c", START + 60 * DAY)
    cases = correlate([one, soon, late])
    assert _together(cases, one, soon)
    assert not _together(cases, one, late)


def test_a_finding_that_lasts_for_months_does_not_hold_the_door_open(
    make_finding: MakeFinding,
) -> None:
    long = make_finding("a", START, minutes=60 * 24 * 90, count=5)
    late = make_finding("b", START + 30 * DAY)
    assert not _together(correlate([long, late]), long, late)


@pytest.mark.parametrize(
    "strong",
    [
        ("user", "k-tanaka"),
        ("address", "203.0.113.9"),
        ("process", "aa" * 16),
        ("mail", "k-tanaka@town.example"),
        ("domain", "evil.example"),
        ("url", "http://evil.example/x"),
    ],
)
def test_a_strong_entity_ties_hosts_together(
    make_finding: MakeFinding, strong: tuple[str, str]
) -> None:
    one = make_finding("a", START, ("pc1",), entities=[strong])
    other = make_finding("b", START + HOUR, ("pc2",), entities=[strong])
    assert len(correlate([one, other])) == 1


def test_a_hash_ties_only_if_it_is_not_of_a_system_program(make_finding: MakeFinding) -> None:
    digest = [("hash", "cc" * 32)]
    shell = [("Image", r"C:\Windows\System32\cmd.exe")]
    malware = [("Image", r"C:\Users\k-tanaka\AppData\Local\Temp\a.exe")]
    one = make_finding("a", START, ("pc1",), entities=digest, fields=shell)
    other = make_finding("b", START + HOUR, ("pc2",), entities=digest, fields=shell)
    assert len(correlate([one, other])) == 2
    one = make_finding("a", START, ("pc1",), entities=digest, fields=malware)
    other = make_finding("b", START + HOUR, ("pc2",), entities=digest, fields=malware)
    assert len(correlate([one, other])) == 1


def test_two_weak_entities_tie_where_one_does_not(make_finding: MakeFinding) -> None:
    address, file = ("address", "192.168.1.7"), ("file", r"c:\users\public\x.exe")
    one = make_finding("a", START, ("pc1",), entities=[address, file])
    other = make_finding("b", START + HOUR, ("pc2",), entities=[address])
    both = make_finding("c", START + HOUR, ("pc3",), entities=[address, file])
    assert not _together(correlate([one, other]), one, other)
    assert _together(correlate([one, both]), one, both)


def test_one_transfer_seen_before_and_behind_a_proxy_is_one_case(
    make_finding: MakeFinding,
) -> None:
    proxy = [("address", "10.0.0.80")]
    before = make_finding("upload", START, ("pc1",), entities=proxy)
    behind = make_finding("upload", START + HOUR // 60, (), entities=proxy, subject="10.0.0.80")
    later = make_finding("upload", START + 3 * HOUR, (), entities=proxy, subject="10.0.0.80")
    assert _together(correlate([before, behind]), before, behind)
    assert not _together(correlate([before, later]), before, later)


def test_a_mail_to_somebody_belongs_to_what_happens_on_his_machine(
    make_finding: MakeFinding,
) -> None:
    mail = make_finding(
        "mail", START, ("mail-gw",), Severity.MEDIUM, [("mail", "k-tanaka@town.example")]
    )
    macro = make_finding("macro", START + HOUR, ("pc1",), entities=[("user", "TOWN\\k-tanaka")])
    assert _together(correlate([mail, macro]), mail, macro)


def test_short_and_full_host_names_are_one_machine(make_finding: MakeFinding) -> None:
    short = make_finding("a", START, ("PC1",))
    full = make_finding("b", START + HOUR, ("pc1.town.example",))
    assert _together(correlate([short, full]), short, full)
    elsewhere = make_finding("c", START + HOUR, ("pc1.village.example",))
    assert not _together(correlate([full, elsewhere]), full, elsewhere)


def test_minor_findings_join_what_they_are_near_but_tie_nothing(make_finding: MakeFinding) -> None:
    one = make_finding("a", START)
    near = make_finding("low", START + HOUR, severity=Severity.LOW)
    chain = [
        make_finding("low", START + n * HOUR, severity=Severity.LOW, salt=str(n))
        for n in range(2, 30)
    ]
    other = make_finding("b", START + 30 * HOUR)
    cases = correlate([one, near, *chain, other])
    assert _together(cases, one, near)
    assert not _together(cases, one, other)


def test_a_burst_of_different_minor_findings_is_a_case_of_its_own(
    make_finding: MakeFinding,
) -> None:
    burst = [
        make_finding(f"low{n}", START + n * 60_000_000, severity=Severity.LOW) for n in range(5)
    ]
    lonely = make_finding("low", START + 20 * HOUR, severity=Severity.LOW)
    cases = correlate([*burst, lonely])
    assert _together(cases, *burst)
    assert not _together(cases, *burst, lonely)


def test_a_medium_rule_that_fires_everywhere_ties_nothing_and_ranks_lower(
    make_finding: MakeFinding,
) -> None:
    noisy = [
        make_finding(
            "noisy", START + n * HOUR, (f"pc{n}",), Severity.MEDIUM, [("user", "k-tanaka")]
        )
        for n in range(20)
    ]
    real = make_finding("real", START + HOUR, ("pc1",), Severity.MEDIUM, [("user", "k-tanaka")])
    cases = correlate([*noisy, real])
    assert cases[0].finding_ids == (real.id,)
    assert all(case.score < cases[0].score for case in cases[1:])


def test_a_rule_that_fires_on_a_host_every_day_ties_nothing(make_finding: MakeFinding) -> None:
    habit = [
        make_finding("habit", START + n * DAY, severity=Severity.MEDIUM, salt=str(n))
        for n in range(10)
    ]
    real = make_finding("real", START + 5 * DAY)
    assert correlate([*habit, real])[0].finding_ids == (real.id,)
    rare = [
        make_finding("rare", START + n * 90 * DAY, severity=Severity.MEDIUM, salt=str(n))
        for n in range(10)
    ]
    assert len(correlate(rare)) == 10, "ten days over years are no habit"


def test_an_outbreak_of_severe_findings_by_one_account_is_one_case(
    make_finding: MakeFinding,
) -> None:
    outbreak = [
        make_finding(
            "encrypt", START + n * 60_000_000, (f"pc{n}",), entities=[("user", "adm-sato")]
        )
        for n in range(40)
    ]
    assert len(correlate(outbreak)) == 1


def test_fifty_thousand_findings_in_bounded_time(make_finding: MakeFinding) -> None:
    dice = random.Random(7)
    findings = [
        make_finding(
            f"rule{dice.randrange(300)}",
            START + dice.randrange(30 * 24) * HOUR,
            (host := f"pc{dice.randrange(400)}",),
            Severity(dice.choice((1, 2, 2, 2, 3, 4))),
            [
                ("user", "system"),
                ("user", f"u-{host}"),
                ("address", "192.168.0.53"),
                ("process", f"{dice.getrandbits(128):032x}"),
                ("process", f"{int(host[2:]):032x}"),
                ("domain", f"d{dice.randrange(100)}.example"),
            ],
            salt=str(n),
        )
        for n in range(50_000)
    ]
    began = time.process_time()
    cases = correlate(findings)
    assert time.process_time() - began < 60
    assert max(len(case.finding_ids) for case in cases) < 500, "no case swallows everything"
