"""What makes a report an organisation's business, and what does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.intel.objects.conftest import SOURCE, made

from noroshi.app.main_job import Request, run
from noroshi.app.relevance import own_names, relevance, sightings
from noroshi.app.workspace import Workspace
from noroshi.intel.flaws import Fact
from noroshi.intel.relevance import Concern, Profile, Relevance, Sighted, assess
from noroshi.intel.relevance.aim import is_aimed_at
from noroshi.intel.text import Document, extract
from noroshi.lang import render

TOWN = Profile(
    name="Saida Town",
    countries=("JP",),
    sectors=("Local government",),
    products=("FortiGate", "Saida Portal"),
    prefixes=("203.0.113.0/24",),
    domains=("saida.example",),
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(tmp_path_factory.mktemp("home"))


def asked(workspace: Workspace, text: str, *sighted: Sighted) -> Relevance:
    found = extract(Document("report", text), workspace.text_knowledge)
    names = own_names(workspace, TOWN)
    if not sighted:
        return relevance(workspace, TOWN, names, found)
    return assess(found, [], TOWN, names, sighted)


@pytest.mark.parametrize(
    ("text", "concern", "why"),
    [
        ("The weather was fine.", Concern.NONE, ""),
        ("Emotet targets banks in Germany.", Concern.NONE, ""),
        ("Attackers scanned www.saida.example.", Concern.ACT, "www.saida.example"),
        ("Among the victims: http://mail.saida.example/login.", Concern.ACT, "mail.saida"),
        ("Logins came from 203.0.113.77 at night.", Concern.ACT, "203.0.113.77"),
        ("A list of data of Saida Town was for sale.", Concern.ACT, "Saida Town"),
        ("CVE-2026-1234 in FortiGate is exploited.", Concern.CHECK, "CVE-2026-1234"),
        ("Saida Portal has a flaw, CVE-2026-1235.", Concern.CHECK, "Saida Portal"),
        ("We also sell FortiGate.", Concern.WATCH, "FortiGate"),
        ("Emotet targets municipalities in Japan.", Concern.CHECK, "Emotet"),
        ("Emotetは日本の自治体を標的とする。", Concern.CHECK, "Emotet"),
        ("Several municipalities wrote to us.", Concern.WATCH, "municipalities"),
        ("A conference in Japan.", Concern.WATCH, "Japan"),
        ("Municipalities in Japan were hit again.", Concern.CHECK, "attacks on"),
        ("The mail campaign against municipalities across Japan.", Concern.CHECK, "attacks on"),
        ("国内の市町村を狙った標的型メールを確認した。", Concern.CHECK, "国内"),
        ("国内で会議を開いた。市町村が参加した。", Concern.WATCH, "市町村"),
    ],
)
def test_grounds(workspace: Workspace, text: str, concern: Concern, why: str) -> None:
    found = asked(workspace, text)
    assert found.concern is concern
    if why:
        assert why in render(found.reasons[0].message, "en")
        assert render(found.reasons[0].step, "ja") != render(found.reasons[0].step, "en")


def test_an_indicator_seen_here_comes_first(workspace: Workspace) -> None:
    seen = Sighted("c2.example", 3, 0, ("pc01",))
    found = asked(workspace, "Rake uses c2.example. A conference in Japan.", seen)
    assert found.concern is Concern.ACT
    assert "3 times, on pc01" in render(found.reasons[0].message, "en")


def test_a_domain_that_only_ends_alike_is_not_ours(workspace: Workspace) -> None:
    assert asked(workspace, "Malware spread from notsaida.example.").concern is Concern.NONE


def test_the_words_of_a_reason_are_in_the_report(workspace: Workspace) -> None:
    text = "Emotet targets municipalities in Japan. CVE-2026-1234 in FortiGate is exploited."
    for reason in asked(workspace, text).reasons:
        assert reason.span is not None
        assert text[reason.span[0] : reason.span[1]].strip()


def test_products_with_odd_letters_are_only_words(tmp_path: Path) -> None:
    own = Profile(products=("C++ (x", "a.b*"))
    workspace = Workspace(tmp_path)
    found = extract(Document("report", "We use C++ (x and aXbb."), workspace.text_knowledge)
    reasons = relevance(workspace, own, own_names(workspace, own), found).reasons
    assert ["C++ (x" in render(reason.message, "en") for reason in reasons] == [True]


KEV = Fact(
    "CVE-2026-1236", "kev", known_exploited=True, exploited_since="2026-02-01", due="2026-02-22",
    products=("Example Networks FortiGate",), action="Update to 9.9.",
)  # fmt: skip
EPSS = Fact("CVE-2026-1236", "epss", epss=0.91, percentile=0.99)


def with_facts(workspace: Workspace, text: str, *facts: Fact) -> Relevance:
    found = extract(Document("report", text), workspace.text_knowledge)
    said = {fact.cve: [one for one in facts if one.cve == fact.cve] for fact in facts}
    return assess(found, [], TOWN, own_names(workspace, TOWN), facts=said)


def test_a_flaw_that_is_known_to_be_used_comes_first(workspace: Workspace) -> None:
    found = with_facts(workspace, "CVE-2026-1236 in FortiGate.", KEV, EPSS)
    assert [reason.concern for reason in found.reasons] == [
        Concern.ACT, Concern.CHECK, Concern.CHECK,
    ]  # fmt: skip
    first = found.reasons[0]
    assert "since 2026-02-01, says kev" in render(first.message, "en")
    assert "due 2026-02-22): Update to 9.9." in render(first.step, "en")
    assert any("91.0 %" in render(reason.message, "en") for reason in found.reasons)
    assert first.span is not None


def test_a_catalogue_tells_what_a_flaw_is_in_where_the_report_does_not(
    workspace: Workspace,
) -> None:
    text = "They came in through CVE-2026-1236."
    assert asked(workspace, text).concern is Concern.NONE
    found = with_facts(workspace, text, KEV)
    assert found.concern is Concern.ACT
    told = [render(reason.message, "en") for reason in found.reasons]
    assert any("Example Networks FortiGate, says kev" in one for one in told)


@pytest.mark.parametrize(
    "fact",
    [
        Fact("CVE-2026-1236", "kev", known_exploited=True, products=("Other Mailer",)),
        Fact("CVE-2026-9999", "kev", known_exploited=True, products=("FortiGate",)),
        Fact("CVE-2026-1236", "osv", products=("FortiGate",), withdrawn=True),
        EPSS,
    ],
)
def test_what_is_said_of_others_flaws_concerns_nobody_here(
    workspace: Workspace, fact: Fact
) -> None:
    found = with_facts(workspace, "They came in through CVE-2026-1236.", fact)
    assert found.concern is Concern.NONE


def test_a_small_chance_is_no_ground(workspace: Workspace) -> None:
    low = Fact("CVE-2026-1236", "epss", epss=0.02, percentile=0.6)
    found = with_facts(workspace, "CVE-2026-1236 in FortiGate.", low)
    assert len(found.reasons) == 1


@pytest.mark.parametrize(
    ("text", "name", "aimed"),
    [
        ("They went after hospitals in spring.", "hospitals", True),
        ("Hospitals have been heavily targeted.", "Hospitals", True),
        ("Hospitals were not targeted.", "Hospitals", False),
        ("The talk was about hospitals. It hit the news.", "hospitals", False),
        ("病院への不正アクセスが続く。", "病院", True),
        ("病院が攻撃を受けた。", "病院", True),
        ("病院を標的としていない。", "病院", False),
        ("病院で研修を行った。", "病院", False),
    ],
)
def test_words_that_say_who_is_attacked(text: str, name: str, aimed: bool) -> None:
    at = text.index(name)
    assert is_aimed_at(text, (at, at + len(name))) is aimed


def test_whom_the_report_names_may_be_known_to_go_for_us(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    emotet = made("malware", "Emotet", description="It has attacked companies. It targets Japan.")
    qakbot = made(
        "malware", "QakBot", description="It was first seen in Japan, and spread by mail."
    )
    workspace.objects.add([emotet, qakbot], SOURCE)
    found = extract(Document("r", "A new wave of Emotet and QakBot."), workspace.text_knowledge)
    answer = relevance(workspace, TOWN, own_names(workspace, TOWN), found)
    assert [render(reason.message, "en") for reason in answer.reasons] == [
        "It names Emotet, who goes for Japan, says a partner."
    ]


def test_many_reports_are_hunted_for_in_one_pass_each_with_its_own(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    texts = ["C2 server: c2.example", "A talk about clouds.", "C2 server: other.example"]
    read = [extract(Document(str(n), t), workspace.text_knowledge) for n, t in enumerate(texts)]
    (tmp_path / "access.log").write_text(
        "1767232800.000 90 192.168.10.5 TCP_MISS/200 4512 GET http://other.example/a - "
        "HIER_DIRECT/203.0.113.5 text/html\n"
    )
    run(workspace, Request([tmp_path / "access.log"], language="en", report=tmp_path / "report"))
    seen = sightings(workspace, read)
    assert [[one.value for one in ones] for ones in seen] == [[], [], ["other.example"]]
