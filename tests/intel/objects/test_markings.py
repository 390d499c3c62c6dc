"""No object leaves to a reader below its markings, whichever way out is taken."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.intel.objects.conftest import SOURCE, made, related

from noroshi.intel.knowledge import Knowledge
from noroshi.intel.objects import TLP_IDS, Clearance, ObjectError, ObjectStore, Tlp

RED = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"
AMBER = "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"
UNKNOWN = "marking-definition--11111111-1111-4111-8111-111111111111"
STATEMENT = made("marking-definition", "statement", definition_type="statement",
                 definition={"statement": "share with care"})  # fmt: skip
OWN = made("marking-definition", "own", definition_type="x-town", definition={"town": "only us"})
LEVELS = {level: mark for mark, level in TLP_IDS.items()}


def ways_out(store: ObjectStore, item_id: str, reader: Clearance) -> Iterator[Any]:
    """Everything that any way out of the store gives a reader."""
    yield store.get(item_id, reader)
    yield store.get(item_id, reader, version="2026-05-20T00:00:00.000Z")
    yield [entry.object for entry in store.page(reader, limit=99).entries]
    yield [entry.object for entry in store.page(reader, collection="shared", limit=99).entries]
    yield list(store.all(reader))
    yield store.search("", reader)
    yield store.neighbours(item_id, reader, depth=3)
    yield store.lasts([item_id], reader)
    yield store.shared(item_id, reader)
    yield store.versions(item_id, reader)


@settings(max_examples=40, deadline=None)
@given(
    marks=st.lists(st.sampled_from([*TLP_IDS, STATEMENT["id"], OWN["id"], UNKNOWN]), max_size=3),
    reader=st.sampled_from(Tlp),
)
def test_nothing_leaves_below_its_level(
    marks: list[str], reader: Tlp, tmp_path_factory: pytest.TempPathFactory
) -> None:
    secret = uuid.uuid4().hex
    item = made("malware", secret, aliases=[secret])
    if marks:
        item["object_marking_refs"] = list(dict.fromkeys(marks))
    levels = [TLP_IDS.get(mark, Tlp.RED) for mark in marks if mark != STATEMENT["id"]]
    visible = max(levels, default=Tlp.CLEAR) <= reader
    other = made("tool", "open")
    with Knowledge(tmp_path_factory.mktemp("k") / "k.sqlite") as knowledge:
        store = ObjectStore(knowledge)
        store.add([other, item, STATEMENT, OWN, related(other, "drops", item)], SOURCE, "shared")
        found = [repr(given_out) for given_out in ways_out(store, item["id"], Clearance(reader))]
        told = any(secret in text or item["id"] in text for text in found)
        assert told is visible
        assert any(secret in repr(out) for out in ways_out(store, item["id"],
                                                           Clearance.everything()))  # fmt: skip


def test_an_agreed_marking_opens_what_it_marks(store: ObjectStore) -> None:
    item = made("tool", "a", object_marking_refs=[OWN["id"]])
    store.add([OWN, item], SOURCE)
    assert store.get(item["id"], Clearance(Tlp.AMBER)) is None
    assert store.get(item["id"], Clearance(Tlp.CLEAR, frozenset((OWN["id"],)))) == item


def test_a_relationship_to_something_hidden_is_hidden(store: ObjectStore) -> None:
    hidden, shown = made("tool", "a", object_marking_refs=[RED]), made("malware", "b")
    link = related(shown, "uses", hidden)
    store.add([hidden, shown, link], SOURCE)
    assert store.get(link["id"], Clearance(Tlp.GREEN)) is None
    assert store.get(link["id"], Clearance(Tlp.RED)) == link


def test_references_to_something_hidden_are_left_out(store: ObjectStore) -> None:
    author = made("identity", "an informant", object_marking_refs=[RED])
    one, two = made("tool", "a"), made("malware", "b", object_marking_refs=[AMBER])
    report = made("report", "r", published="2026-05-20T00:00:00Z", created_by_ref=author["id"],
                  object_refs=[one["id"], two["id"]])  # fmt: skip
    only = report | {"id": f"report--{uuid.uuid4()}", "object_refs": [two["id"]]}
    store.add([author, one, two, report, only], SOURCE)
    shown = store.get(report["id"], Clearance())
    assert shown is not None
    assert shown["object_refs"] == [one["id"]]
    assert "created_by_ref" not in shown
    assert store.get(only["id"], Clearance()) is None
    assert store.get(report["id"], Clearance(Tlp.RED)) == report


def test_marked_properties_are_left_out(store: ObjectStore) -> None:
    item = made(
        "malware", "a", description="the source is Mr. S", labels=["open", "secret"],
        granular_markings=[
            {"marking_ref": RED, "selectors": ["description", "labels.[1]"]},
            {"lang": "ja", "selectors": ["name"]},
        ],
    )  # fmt: skip
    nameless = made("tool", "b", granular_markings=[{"marking_ref": RED, "selectors": ["name"]}])
    lost = made("tool", "c", granular_markings=[{"marking_ref": RED, "selectors": ["nowhere"]}])
    store.add([item, nameless, lost], SOURCE)
    shown = store.get(item["id"], Clearance(Tlp.AMBER))
    assert shown is not None
    assert "Mr. S" not in orjson.dumps(shown).decode()
    assert "secret" not in orjson.dumps(shown).decode()
    assert shown["granular_markings"] == [{"lang": "ja", "selectors": ["name"]}]
    assert store.get(nameless["id"], Clearance(Tlp.AMBER)) is None
    assert store.get(lost["id"], Clearance(Tlp.AMBER)) is None
    assert store.get(item["id"], Clearance(Tlp.RED)) == item


def test_words_of_the_protocol() -> None:
    assert Tlp.of("TLP:AMBER+STRICT") is Tlp.AMBER_STRICT
    assert Tlp.of("white") is Tlp.CLEAR
    assert Tlp.AMBER_STRICT.word == "TLP:AMBER+STRICT"
    with pytest.raises(ObjectError, match="no TLP level"):
        Tlp.of("purple")
    assert set(LEVELS) == set(Tlp)


def test_a_store_of_another_home_tells_the_same(tmp_path: Path) -> None:
    with Knowledge(tmp_path / "k.sqlite") as knowledge:
        store = ObjectStore(knowledge)
        late = made("tool", "a", object_marking_refs=[STATEMENT["id"]])
        store.add([late], SOURCE)
        assert store.get(late["id"], Clearance(Tlp.AMBER)) is None  # nobody knows the marking yet
        store.add([STATEMENT], SOURCE)
        assert store.get(late["id"], Clearance()) == late
