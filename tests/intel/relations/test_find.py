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
