"""Infrastructure in common, ways past commonplaces, and many values at once."""

from __future__ import annotations

from typing import Any

from tests.intel.objects.conftest import SOURCE, made, related

from noroshi.intel.objects import Clearance, ObjectStore, Tlp
from noroshi.intel.objects.words import confidence_word, name_of, prose, verb_word

ALL = Clearance.everything()
RED = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"


def seen_at(name: str, address: str, **more: Any) -> dict[str, Any]:
    return made("indicator", name, pattern=f"[ipv4-addr:value = '{address}']", pattern_type="stix",
                valid_from="2026-01-01T00:00:00Z", **more)  # fmt: skip


def test_two_that_share_an_address_are_told_by_it(store: ObjectStore) -> None:
    rake, broom, fork = (made("malware", name) for name in ("Rake", "Broom", "Fork"))
    one, two = seen_at("a", "198.51.100.9"), seen_at("b", "198.51.100.9")
    other = seen_at("c", "203.0.113.7")
    links = [(one, rake), (two, broom), (other, fork)]
    store.add([rake, broom, fork, one, two, other], SOURCE)
    store.add([related(source, "indicates", target) for source, target in links], SOURCE)
    found = store.shared(rake["id"], ALL)
    assert [shared.object["name"] for shared in found] == ["Broom"]
    assert {item["id"] for item in found[0].by} == {two["id"]}
    assert store.shared(fork["id"], ALL) == []


def test_what_a_reader_may_not_see_joins_nothing(store: ObjectStore) -> None:
    rake, broom = made("malware", "Rake"), made("malware", "Broom")
    secret = seen_at("s", "198.51.100.9", object_marking_refs=[RED])
    links = [related(secret, "indicates", item) for item in (rake, broom)]
    store.add([rake, broom, secret, *links], SOURCE)
    assert [one.object["name"] for one in store.shared(rake["id"], ALL)] == ["Broom"]
    assert store.shared(rake["id"], Clearance(Tlp.AMBER)) == []
    assert store.naming_each(["198.51.100.9"], Clearance(Tlp.AMBER)) == {}


def test_many_values_at_once_and_a_crowd_is_left_out(store: ObjectStore) -> None:
    lone = seen_at("lone", "198.51.100.9")
    crowd = [seen_at(f"crowd {number}", "203.0.113.7") for number in range(201)]
    store.add([lone, *crowd], SOURCE)
    asked = ["198.51.100.9", "203.0.113.7", *(f"x{number}.example" for number in range(1200))]
    found = store.naming_each(asked, ALL)
    assert {value: [item["id"] for item in items] for value, items in found.items()} == {
        "198.51.100.9": [lone["id"]]
    }


def test_words_for_people() -> None:
    told = "[Kuma](https://kuma.example/x) ran <code>rake</code>\nat night.(Citation: Us, 2026)"
    assert prose(told, 100) == "Kuma ran rake at night."
    assert prose("one two three four", 13) == "one two…"
    assert prose(None, 10) == ""
    assert [confidence_word(number) for number in (0, 1, 29, 30, 70, 100)] == [
        "none", "low", "low", "middling", "high", "high",
    ]  # fmt: skip
    assert verb_word("x-own", forward=False) == "← x-own"
    technique = made("attack-pattern", "Mail", external_references=[
        {"source_name": "mitre-attack", "external_id": "T1566"}])  # fmt: skip
    assert name_of(technique) == "T1566 Mail"
    assert name_of({"type": "file", "id": "file--1", "hashes": {"MD5": "ab"}}) == "ab"
