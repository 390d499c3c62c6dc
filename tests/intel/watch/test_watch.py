"""What meets the watchlist, by which path, and told once."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from noroshi.intel.knowledge import Knowledge
from noroshi.intel.objects import ObjectStore, Provenance
from noroshi.intel.watch import Entry, WatchError, WatchKind, WatchStore, as_entry
from noroshi.lang import render

SAID = Provenance("feed Y", 1_767_225_600_000_000, "test")


@pytest.fixture
def knowledge(tmp_path: Path) -> Iterator[Knowledge]:
    with Knowledge(tmp_path / "k.sqlite") as opened:
        yield opened


def _indicator(pattern: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "indicator", "spec_version": "2.1",
        "id": f"indicator--{uuid.uuid5(uuid.NAMESPACE_URL, pattern)}",
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
        "pattern": pattern, "pattern_type": "stix", "valid_from": "2026-01-01T00:00:00Z", **more,
    }  # fmt: skip


def _watched(*texts: str) -> list[Entry]:
    return [Entry(0, *as_entry(text), label="ours") for text in texts]


@pytest.mark.parametrize(
    ("watched", "pattern", "words"),
    [
        ("203.0.113.0/24", "[ipv4-addr:value = '203.0.113.9']", "is inside 203.0.113.0/24"),
        ("10.1.2.3", "[ipv4-addr:value = '10.1.2.3']", "10.1.2.3 is watched as “ours”"),
        ("203.0.113.9", "[ipv4-addr:value = '203.0.113.0/28']", "covers 203.0.113.9"),
        ("203.0.113.0/24", "[ipv4-addr:value = '203.0.113.64/26']", "is inside 203.0.113.0/24"),
        ("town.example", "[domain-name:value = 'a.b.town.example']", "is below town.example"),
        ("town.example", "[url:value = 'http://x.town.example/p']", "leads to town.example"),
        ("town.example", "[email-addr:value = 'bob@mail.town.example']", "mail address at"),
        ("2001:db8::/32", "[ipv6-addr:value = '2001:0DB8::1']", "is inside 2001:db8::/32"),
        ("A" * 64, "[file:hashes.'SHA-256' = '" + "a" * 64 + "']", "is watched as"),
        ("町.example", "[domain-name:value = 'www.町.example']", "is below xn--"),
    ],
)
def test_each_kind_is_met_by_its_path(
    knowledge: Knowledge, watched: str, pattern: str, words: str
) -> None:
    store = WatchStore(knowledge)
    store.add(_watched(watched))
    ObjectStore(knowledge, watchers=[store.watch]).add([_indicator(pattern, name="Bad")], SAID)
    (hit,) = store.hits()
    assert words in render(hit.how, "en")
    assert "“Bad”, retrieved from feed Y" in render(hit.origin, "en")


@pytest.mark.parametrize(
    "pattern",
    [
        "[ipv4-addr:value = '203.0.114.9']",
        "[domain-name:value = 'nottown.example']",
        "[domain-name:value = 'town.example.evil.example']",
        "[ipv4-addr:value = '203.0.112.0/25']",
    ],
)
def test_neighbours_do_not_match(knowledge: Knowledge, pattern: str) -> None:
    store = WatchStore(knowledge)
    store.add(_watched("203.0.113.0/24", "town.example"))
    ObjectStore(knowledge, watchers=[store.watch]).add([_indicator(pattern)], SAID)
    assert store.hits() == []


@pytest.mark.parametrize(
    ("word", "text", "met"),
    [
        ("acme", "AcmeはAcme社", True),
        ("acme", "acmeology", False),
        ("ランサムウェア", "新しいﾗﾝｻﾑｳｪｱが", True),
        ("acme corp", "ＡＣＭＥ　ＣＯＲＰ", True),
        ("西田町", "西田町役場", True),
        ("straße", "In der STRASSE.", True),
        ("acme", "x_acme", False),
    ],
)
def test_words_follow_their_script(knowledge: Knowledge, word: str, text: str, met: bool) -> None:
    store = WatchStore(knowledge)
    store.add([Entry(0, *as_entry(word, WatchKind.KEYWORD))])
    item = _indicator("[ipv4-addr:value = '192.0.2.1']", description=f"first\n{text}\nlast")
    ObjectStore(knowledge, watchers=[store.watch]).add([item], SAID)
    assert [hit.quote for hit in store.hits()] == ([text] if met else [])


def test_a_value_is_told_once_a_report_and_again_by_another(knowledge: Knowledge) -> None:
    store = WatchStore(knowledge)
    store.add(_watched("town.example"))
    objects = ObjectStore(knowledge, watchers=[store.watch])
    one = _indicator("[domain-name:value = 'www.town.example']")
    two = _indicator("[domain-name:value='www.town.example' OR url:value='http://z.example/']")
    report = {
        "type": "report", "spec_version": "2.1", "id": f"report--{uuid.uuid4()}",
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
        "name": "R", "published": "2026-01-01T00:00:00Z", "object_refs": [one["id"], two["id"]],
    }  # fmt: skip
    objects.add([one, two, report], SAID)
    objects.add([one, two, report], SAID)
    assert [hit.subject for hit in store.hits()] == [report["id"]]
    assert store.acknowledge(None, "me") == 1
    newer = {**one, "modified": "2026-02-01T00:00:00.000Z", "name": "later"}
    objects.add([newer], SAID)
    assert [hit.subject for hit in store.hits()] == [one["id"]]


def test_what_is_known_is_looked_through_once(knowledge: Knowledge) -> None:
    store = WatchStore(knowledge)
    objects = ObjectStore(knowledge, watchers=[store.watch])
    objects.add([_indicator("[domain-name:value = 'www.town.example']")], SAID)
    store.add(_watched("town.example"))
    assert store.hits() == []
    assert (store.look_back(objects), store.look_back(objects)) == (1, 0)


@pytest.mark.parametrize("text", ["0.0.0.0/0", "::/0", "a", "!!", "10.0.0.0/7"])
def test_what_would_match_everything_is_refused(text: str) -> None:
    with pytest.raises(WatchError):
        as_entry(text)
