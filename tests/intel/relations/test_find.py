"""Relations stated in prose, in English and Japanese, each with its words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noroshi.intel.attack_text import Span
from noroshi.intel.relations import Party, find_relations

NAMES = {
    "Kuma Group": "actor",
    "Oni Group": "actor",
    "Rake": "malware",
    "Spade": "malware",
    "Trowel": "tool",
    "hospitals": "sector",
    "医療機関": "sector",
    "Japan": "country",
    "日本": "country",
    "CVE-2026-0001": "cve",
    "c2.example": "domain",
    "a.dll": "file-name",
}


def parties(text: str) -> list[Party]:
    return [
        Party(kind, name, Span(found.start(), found.end()))
        for name, kind in NAMES.items()
        for found in re.finditer(re.escape(name), text)
    ]


def stated(text: str) -> list[tuple[str, str, str]]:
    return [(r.source.value, r.type, r.target.value) for r in find_relations(text, parties(text))]


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("Kuma Group uses Rake.", ("Kuma Group", "uses", "Rake")),
        ("Kuma Group has been seen using Trowel since May.", ("Kuma Group", "uses", "Trowel")),
        ("Rake, a backdoor used by Kuma Group, is new.", ("Kuma Group", "uses", "Rake")),
        ("Kuma Group targets hospitals.", ("Kuma Group", "targets", "hospitals")),
        ("In Japan, hospitals were hit by Rake.", ("Rake", "targets", "hospitals")),
        ("Kuma Group exploited CVE-2026-0001.", ("Kuma Group", "exploits", "CVE-2026-0001")),
        ("Rake drops a.dll into the folder.", ("Rake", "drops", "a.dll")),
        ("Rake then downloads Spade.", ("Rake", "drops", "Spade")),
        ("Rake beacons to c2.example hourly.", ("Rake", "communicates-with", "c2.example")),
        ("Kuma GroupはRakeを使用していた。", ("Kuma Group", "uses", "Rake")),
        ("Kuma Groupは日本の医療機関を標的とする。", ("Kuma Group", "targets", "医療機関")),
        ("Kuma GroupがCVE-2026-0001を悪用した。", ("Kuma Group", "exploits", "CVE-2026-0001")),
        ("Rakeはc2.exampleと通信する。", ("Rake", "communicates-with", "c2.example")),
        ("Rakeはa.dllを作成する。", ("Rake", "drops", "a.dll")),
    ],
)
def test_a_relation_is_found_with_the_words_that_state_it(
    text: str, relation: tuple[str, str, str]
) -> None:
    assert relation in stated(text)
    for found in find_relations(text, parties(text)):
        assert found.quote == text[found.span.start : found.span.end]
        for party in (found.source, found.target):
            assert party.value in found.quote


@pytest.mark.parametrize(
    ("text", "relations"),
    [
        ("Rake and Spade were both deployed by Kuma Group.", "KuR KuS"),
        ("Rake, which Kuma Group has used since May, is signed.", "KuR"),
        ("Kuma Group's backdoor Rake was rewritten.", "KuR"),
        ("The use of Rake by Kuma Group was seen.", "KuR"),
        ("Spade is part of Kuma Group's arsenal.", "KuS"),
        ("Spade was only seen in Kuma Group campaigns.", "KuS"),
        ("During an operation of Kuma Group, Spade was used.", "KuS"),
        ("Kuma Group Rake campaigns go on.", "KuR"),
        ("Kuma Group uses Rake, Spade, and Trowel; Oni Group watches.", "KuR KuS KuT"),
        ("Kuma Group and Oni Group use Rake.", "KuR OuR"),
        ("Kuma Group stole mail via Rake.", "KuR"),
        ("Kuma Group carried out attacks against hospitals in Japan.", "Kth KtJ"),
        ("Attacks on Japan by Kuma Group continue.", "KtJ"),
        ("Rake's C2 server is c2.example.", "Rcc"),
        ("Rake fetches its settings from c2.example.", "Rcc"),
        ("Rake sends what it finds to c2.example.", "Rcc"),
        ("c2.example | Rake C2", "Rcc"),
        ("Spade is delivered through Rake.", "RdS"),
        ("Kuma Group is new. The group uses Rake.", "KuR"),
        ("Rake is small. When it starts, the malware connects to c2.example.", "Rcc"),
        ("Tools used by Kuma Group:\n- Rake\n- Spade: a backdoor", "KuR KuS"),
        ("Kuma Group uses these tools:\n\n* Rake\n* Spade", "KuR KuS"),
        ("Rake C2 servers:\n- c2.example", "Rcc"),
        ("RakeはKuma Groupによって使用された。", "KuR"),
        ("Kuma GroupはRakeとSpadeを使用する。", "KuR KuS"),
        ("Kuma Groupが使用するマルウェア「Rake」を確認した。", "KuR"),
        ("Rakeを使用するKuma Groupが動いた。", "KuR"),
        ("RakeはKuma Groupのツールである。", "KuR"),
        ("日本を狙うKuma Groupの活動。", "Kt日"),
        ("Kuma Groupによる日本への攻撃が続く。", "Kt日"),
        ("Rakeの通信先はc2.exampleである。", "Rcc"),
        ("SpadeはRakeによってダウンロードされる。", "RdS"),
        ("Kuma Groupは古い。同グループはRakeを使用する。", "KuR"),
        ("Kuma Groupが使用するツール：\n・Rake\n・Spade", "KuR KuS"),
    ],
)
def test_passives_lists_attributes_and_words_that_mean_somebody_state_it_too(
    text: str, relations: str
) -> None:
    """Each relation is given by its letters: who does it, the relation, to whom."""
    assert sorted(a[0] + kind[0] + b[0] for a, kind, b in stated(text)) == sorted(relations.split())
    for found in find_relations(text, parties(text)):
        assert found.source.value in found.quote
        assert found.target.value in found.quote


def test_a_word_that_means_somebody_is_less_sure_than_the_name() -> None:
    named, deed, meant = (
        next(iter(find_relations(text, parties(text)))).confidence
        for text in (
            "Kuma Group uses Rake.",
            "Kuma Group stole mail via Rake.",
            "Kuma Group is new. The group uses Rake.",
        )
    )
    assert deed < meant < named


@pytest.mark.parametrize(
    "text",
    [
        "If Kuma Group uses Rake, block it.",
        "We saw no sign that Kuma Group used Rake.",
        "Kuma Group hasn't used Rake.",
        "The report that Kuma Group used Rake was false.",
        "Kuma Group is unrelated to those who use Rake.",
        "Rake was not used by Kuma Group.",
        "Rake, which Kuma Group never used, is old.",
        "Tools not used by Kuma Group:\n- Rake",
        "Kuma Group is known for these:\n- Rake",
        "Kuma Group and Oni Group met in secret. The group uses Rake.",
        "Kuma Group is new.\n\nThe group uses Rake.",
        "Kuma Group is new. The group that Oni Group fears uses nothing of Rake's.",
        "Rake is run by the actor that deploys Spade.",
        "Kuma Group worked with Rake.",
        "RakeはKuma Groupに使用されていない。",
        "Kuma GroupがRakeを使用した場合は通報する。",
        "Kuma GroupはRakeを使用しているわけではない。",
        "Kuma GroupとRakeは無関係である。",
    ],
)
def test_a_denial_a_condition_or_doubt_who_is_meant_states_nothing(text: str) -> None:
    assert stated(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Kuma Group did not use Rake.",
        "There is no evidence that Kuma Group used Rake.",
        "Kuma Group is different from Rake.",
        "Kuma Group grew. Rake is used widely.",
        "Kuma Group's target list was found beside Japan's.",
        "Kuma GroupはRakeを使用していない。",
        "Kuma GroupとRakeに関する報告書。",
        "Rakeを使用した形跡がある。Kuma Groupは別の組織である。",
        "Kuma Group attacks via compromised hosts, while Japan watches.",
    ],
)
def test_what_is_denied_or_only_stands_together_is_no_relation(text: str) -> None:
    assert stated(text) == []


def test_what_is_hedged_counts_half() -> None:
    sure, perhaps, ja = (
        next(iter(find_relations(text, parties(text)))).confidence
        for text in (
            "Kuma Group uses Rake.",
            "Kuma Group may have used Rake.",
            "Kuma GroupはRakeを使用した可能性がある。",
        )
    )
    assert perhaps == ja == 0.5 < sure


def test_a_list_of_a_thousand_names_is_no_prose() -> None:
    text = "Kuma Group uses " + "Rake, Spade, " * 1_000
    assert stated(text) == []


@given(st.lists(st.sampled_from([*NAMES, "uses", "は", "を使用", "。", ". ", "\n", "not", "by"])))
def test_any_text_is_read_and_every_quote_is_in_it(pieces: list[str]) -> None:
    text = " ".join(pieces)
    for found in find_relations(text, parties(text)):
        assert text[found.span.start : found.span.end] == found.quote
