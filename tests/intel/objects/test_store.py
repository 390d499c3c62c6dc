"""Objects go in once, come out in order, and can be taken back."""

from __future__ import annotations

import pytest
from tests.intel.objects.conftest import SOURCE, Clock, made, related

from noroshi.intel.objects import Clearance, Match, ObjectError, ObjectStore, observable_id

ALL = Clearance.everything()


def test_the_same_object_twice_is_once(store: ObjectStore) -> None:
    item = made("tool", "a")
    first = store.add([item, item], SOURCE)
    assert (first.new, first.versions, first.unchanged, first.refused) == (1, 0, 1, ())
    again = store.add([dict(reversed(item.items()))], SOURCE)
    assert (again.add, again.new, again.unchanged) == (0, 0, 1)
    assert store.get(item["id"], ALL) == item
    assert [number for number, _ in store.additions()] == [first.add]


def test_versions_are_kept_and_the_last_one_is_shown(store: ObjectStore) -> None:
    old = made("tool", "a")
    new = old | {"modified": "2026-06-01T00:00:00.000Z", "description": "more"}
    added = store.add([new, old], SOURCE)
    assert (added.new, added.versions) == (1, 1)
    assert store.get(old["id"], ALL) == new
    assert store.get(old["id"], ALL, version=old["modified"]) == old
    assert sorted(store.versions(old["id"], ALL)) == [old["modified"], new["modified"]]
    first = store.page(ALL, match=Match(versions=("first",)), limit=9)
    assert [entry.object for entry in first.entries] == [old]


def test_another_object_under_a_known_version_is_refused(store: ObjectStore) -> None:
    item = made("tool", "a")
    store.add([item], SOURCE)
    added = store.add([item | {"description": "forged"}], SOURCE)
    assert "later modified time" in added.refused[0].reason
    assert store.get(item["id"], ALL) == item


def test_an_observable_may_learn_more(store: ObjectStore, clock: Clock) -> None:
    name = {"type": "domain-name", "spec_version": "2.1", "value": "c2.example"}
    name["id"] = observable_id(name)
    store.add([name], SOURCE)
    clock.now += 1_000_000
    more = name | {"x_seen": 3}
    assert store.add([more], SOURCE).versions == 1
    assert store.add([more], SOURCE).unchanged == 1
    assert store.get(name["id"], ALL) == more


def test_bad_objects_are_refused_and_the_rest_goes_on(store: ObjectStore) -> None:
    good = made("tool", "a")
    bad = [
        made("malware", "b") | {"confidence": 101},
        {"type": "tool"},
        made("indicator", "c"),
        made("tool", "d") | {"id": good["id"].replace("tool", "malware")},
        made("tool", "e") | {"modified": "yesterday"},
    ]
    added = store.add([*bad, good], SOURCE)
    assert added.new == 1
    assert len(added.refused) == len(bad)
    assert store.count() == 1


def test_pages_neither_lose_nor_repeat_though_all_came_at_once(store: ObjectStore) -> None:
    items = [made("tool", str(number)) for number in range(257)]
    store.add(items, SOURCE, "shared")
    later = [made("tool", f"later {number}") for number in range(20)]
    seen: list[str] = []
    after, more = 0, True
    while more:
        page = store.page(ALL, collection="shared", after=after, limit=13)
        with store.knowledge.write() as connection:
            connection.exec_driver_sql("UPDATE object_entries SET date_added = 1779000000000000")
        seen += [entry.id for entry in page.entries]
        after, more = page.entries[-1].number, page.more
        if later:
            store.add([later.pop()], SOURCE, "shared")
    assert len(seen) == len(set(seen))
    assert {item["id"] for item in items} <= set(seen)


def test_asking_for_what_was_added_later_misses_nothing_wherever_one_stopped(
    store: ObjectStore,
) -> None:
    """The clock stands still here, and the reader knows dates only."""
    seen: list[str] = []
    last = 0
    for round_ in range(3):
        store.add([made("tool", f"{round_} {number}") for number in range(7)], SOURCE, "shared")
        more = True
        while more:
            page = store.page(ALL, collection="shared", added_after=last, limit=3)
            seen += [entry.id for entry in page.entries]
            last, more = page.entries[-1].date_added, page.more
    assert len(seen) == len(set(seen)) == 21


def test_a_page_costs_no_more_than_its_bounds(store: ObjectStore) -> None:
    red = "marking-definition--11111111-1111-4111-8111-111111111111"
    store.add([made("tool", str(n), object_marking_refs=[red]) for n in range(9)], SOURCE, "c")
    store.add([made("tool", f"open {n}", description="x" * 500) for n in range(5)], SOURCE, "c")
    page = store.page(Clearance(), collection="c", limit=9, look=4)
    assert (page.entries, page.more) == ((), True)
    page = store.page(Clearance(), collection="c", limit=9, after=page.after, look=99, most=1)
    assert (len(page.entries), page.more) == (0, True)
    seen, more, after = 0, True, 0
    while more:
        page = store.page(Clearance(), collection="c", limit=9, after=after, most=1200)
        seen, more, after = seen + len(page.entries), page.more, page.after
        assert len(page.entries) <= 2
    assert seen == 5


def test_the_last_version_among_those_of_one_specification(store: ObjectStore) -> None:
    old = {key: value for key, value in made("tool", "a").items() if key != "spec_version"}
    new = made("tool", "a", modified="2026-06-01T00:00:00.000Z")
    store.add([old, new], SOURCE, "c")
    for specs, expected in ((("2.0",), [old]), (("2.1",), [new]), ((), [new])):
        page = store.page(ALL, collection="c", match=Match(spec_versions=specs), limit=9)
        assert [entry.object for entry in page.entries] == expected


def test_what_cannot_be_written_again_is_refused(store: ObjectStore) -> None:
    deep: dict[str, object] = {}
    for _ in range(120):
        deep = {"x_a": deep}
    added = store.add(
        [made("tool", "a", x_deep=deep), made("tool", "b", description="a\0b"),
         made("tool", "c", description="C:\\u0000", x_wide=[[number] for number in range(300)])],
        SOURCE,
    )  # fmt: skip
    assert [one.reason.split()[2] for one in added.refused] == ["nested", "the"]
    assert added.new == 1


def test_times_of_addition_never_go_back(store: ObjectStore, clock: Clock) -> None:
    store.add([made("tool", "a")], SOURCE)
    clock.now -= 3_600_000_000
    store.add([made("tool", "b")], SOURCE)
    dates = [entry.date_added for entry in store.page(ALL, limit=9).entries]
    assert dates == sorted(dates)


def test_a_collection_holds_what_was_put_into_it(store: ObjectStore) -> None:
    one, two = made("tool", "a"), made("tool", "b")
    store.add([one, two], SOURCE)
    store.add([one], SOURCE, "shared")
    newer = one | {"modified": "2026-06-01T00:00:00.000Z"}
    store.add([newer], SOURCE)
    page = store.page(ALL, collection="shared", match=Match(), limit=9)
    assert [entry.object for entry in page.entries] == [one]  # its last version in there
    store.add([newer], SOURCE, "shared")
    page = store.page(ALL, collection="shared", match=Match(), limit=9)
    assert [entry.object for entry in page.entries] == [newer]
    assert store.remove(one["id"], newer["modified"], "shared") == 1
    page = store.page(ALL, collection="shared", match=Match(), limit=9)
    assert [entry.object for entry in page.entries] == [one]
    assert store.get(one["id"], ALL) == newer


def test_filters(store: ObjectStore) -> None:
    tool, malware = made("tool", "a"), made("malware", "b")
    old = {key: value for key, value in made("tool", "c").items() if key != "spec_version"}
    store.add([tool, malware, old], SOURCE)

    def ids(match: Match) -> list[str]:
        return [entry.id for entry in store.page(ALL, match=match, limit=9).entries]

    assert ids(Match(types=("malware",))) == [malware["id"]]
    assert ids(Match(ids=(tool["id"], "tool--no"))) == [tool["id"]]
    assert ids(Match(spec_versions=("2.0",))) == [old["id"]]
    assert ids(Match(versions=("2026-05-20T00:00:00Z",))) == [tool["id"], malware["id"], old["id"]]
    assert ids(Match(versions=("2027-05-20T00:00:00Z",))) == []


def test_an_addition_can_be_taken_back(store: ObjectStore) -> None:
    old = made("tool", "a")
    store.add([old], SOURCE)
    newer = old | {"modified": "2026-06-01T00:00:00.000Z"}
    added = store.add([newer, made("malware", "b")], SOURCE, "shared")
    assert store.undo(added.add) == 2
    assert store.get(old["id"], ALL) == old
    assert store.count() == 1
    assert store.page(ALL, collection="shared", limit=9).entries == ()
    assert store.add([newer], SOURCE).versions == 1


def test_numbers_are_never_given_again(store: ObjectStore) -> None:
    added = store.add([made("tool", "a")], SOURCE)
    last = store.page(ALL, limit=9).entries[-1].number
    store.undo(added.add)
    store.add([made("tool", "b")], SOURCE)
    assert store.page(ALL, limit=9).entries[-1].number > last


def test_where_an_object_came_from(store: ObjectStore) -> None:
    item = made("tool", "a")
    store.add([item], SOURCE)
    assert store.provenance(item["id"]) == SOURCE
    assert store.provenance("tool--unknown") is None


def test_search_takes_words_as_they_are(store: ObjectStore) -> None:
    one, two = made("tool", "100%_sure"), made("tool", "100 sure", aliases=["Kumade"])
    store.add([one, two], SOURCE)
    assert store.search("%_", ALL) == [one]
    assert store.search("kumade", ALL) == [two]
    assert store.search("sure", ALL, types=("malware",)) == []


def test_merging_asks_for_known_objects(store: ObjectStore) -> None:
    one, two = made("intrusion-set", "Kuma"), made("intrusion-set", "Kuma Group")
    store.add([one, two], SOURCE)
    store.merge(one["id"], two["id"], "analyst")
    with pytest.raises(ObjectError, match="merged itself"):
        store.merge(two["id"], one["id"], "analyst")
    with pytest.raises(ObjectError, match="no object"):
        store.merge(one["id"], "tool--unknown", "analyst")
    assert store.unmerge(two["id"])
    assert not store.unmerge(two["id"])


def test_removing_an_object_takes_its_references_along(store: ObjectStore) -> None:
    one, two = made("malware", "a"), made("tool", "b")
    store.add([one, two, related(one, "uses", two)], SOURCE)
    assert store.remove(one["id"]) == 1
    assert store.get(one["id"], ALL) is None
    assert store.count() == 2
