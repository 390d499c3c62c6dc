"""Feeds at rest, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.intel.objects import postgresql

from noroshi.collect.feeds import Feed, FeedError, FeedStore, Form, Item
from noroshi.collect.feeds.store import Ended
from noroshi.intel.knowledge import Knowledge
from noroshi.lang import Message


@pytest.fixture(scope="module")
def server() -> Iterator[Path]:
    with postgresql.server() as folder:
        yield folder


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FeedStore]:
    location: str | Path = tmp_path / "knowledge.sqlite"
    if request.param == "postgresql":
        location = postgresql.new_database(request.getfixturevalue("server"))
    with Knowledge(location) as knowledge:
        yield FeedStore(knowledge, lambda: 1_000)


def item(key: str, value: str = "x", *, minor: bool = False) -> Item:
    return Item(key, Form.REPORT, {"name": value, "text": "a\0b 狼煙"}, minor=minor)


def believed(one: Item) -> list[tuple[Item, Message | None]]:
    return [(one, Message("bad {n}", {"n": 1}) if one.key.startswith("bad") else None)]


def test_items_are_known_once_and_by_their_content(store: FeedStore) -> None:
    store.add(Feed("x", "list", "https://feeds.example/"))
    pull = store.begin("x")
    assert store.begin("x") == pull
    items = [item("a"), item("bad b"), item("c", minor=True)]
    assert store.keep("x", pull, items, {"next": "7"}, believed) == 2
    assert store.keep("x", pull, items, {"next": "8"}, believed) == 0
    assert store.keep("x", pull, [item("a", "y", minor=True)], {"next": "9"}, believed) == 1
    state = store.state("x")
    assert (state.known, state.waiting, state.held, state.pull) == (2, 2, 1, pull)
    assert state.position == {"next": "9"}
    [held] = store.batches("x", held=True)
    assert held.held == Message("bad {n}", {"n": 1})
    assert [one.key for one in store.items(held.number)] == ["bad b"]
    assert store.release([held.number]) == 1
    assert store.drop([one.number for one in store.batches()]) == 3
    assert store.batches() == []


def test_pulls_are_remembered_and_tell_what_is_usual(store: FeedStore) -> None:
    store.add(Feed("x", "list", "https://feeds.example/"))
    for number in range(1, 6):
        pull = store.begin("x")
        counts = {"new": number, "entries": 100 + number}
        ended = Ended("done", Message("fine"), counts, {}, 0, due=number)
        store.end(store.state("x"), pull, ended)
    assert store.usual("x") == (3, 103)
    failed = Ended("failed", Message("no"), {"new": 900}, {}, 0, due=9)
    store.end(store.state("x"), store.begin("x"), failed)
    state = store.state("x")
    assert (state.failures, state.outcome, state.due, state.pull) == (1, "failed", 9, 0)
    assert store.usual("x") == (3, 103)


def test_a_feed_that_moves_begins_anew_and_one_that_goes_leaves_nothing(store: FeedStore) -> None:
    assert store.add(Feed("x", "list", "https://feeds.example/"))
    store.keep("x", store.begin("x"), [item("a")], {"next": "7"}, believed)
    assert not store.add(Feed("x", "list", "https://feeds.example/", tlp="TLP:GREEN"))
    assert store.state("x").position == {"next": "7"}
    assert not store.add(Feed("x", "list", "https://elsewhere.example/"))
    assert store.state("x").position == {}
    assert store.remove("x")
    assert (store.states(), store.batches(), store.remove("x")) == ([], [], False)
    with pytest.raises(FeedError, match="no feed 'x'"):
        store.state("x")
