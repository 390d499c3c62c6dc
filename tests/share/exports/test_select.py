"""Who gets what, and why the rest stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.share.exports.conftest import DAY, NOW, policy

from noroshi.intel.indicators import Indicator, IndicatorStore, IndicatorType
from noroshi.intel.life import Seen, Source
from noroshi.intel.objects import Tlp
from noroshi.intel.warning_lists import WarningLists
from noroshi.share.exports import Known, Left, Policy, Row, Tally, select
from noroshi.share.exports.policy import WORDS

T = IndicatorType
ALL = frozenset(IndicatorType)


def said(value: str = "evil.example", source: str = "a feed", **more: object) -> Indicator:
    return Indicator(T.DOMAIN, value, source, **{"valid_from": NOW - DAY, **more})  # type: ignore[arg-type]


def chosen(
    *groups: list[Indicator], rules: Policy | None = None, known: Known | None = None
) -> tuple[list[Row], Tally]:
    tally = Tally()
    rows = list(select(groups, rules or policy(), known or Known(), ALL, tally))
    assert tally.written == len(rows)
    return rows, tally


def benign() -> WarningLists:
    lists = WarningLists()
    lists.add({"name": "big sites", "type": "hostname", "list": ["evil.example"]})
    return lists


@pytest.mark.parametrize(
    ("group", "rules", "known", "why"),
    [
        ([said(tlp="TLP:AMBER")], policy(tlp=Tlp.GREEN), Known(), Left.MARKING),
        ([said(tlp="tlp:ex:unheard-of")], policy(tlp=Tlp.AMBER), Known(), Left.MARKING),
        ([said()], policy(kinds=frozenset((T.HASH,))), Known(), Left.KIND),
        ([said(valid_until=NOW)], policy(), Known(), Left.EXPIRED),
        ([said()], policy(), Known(dismissed={("domain", "evil.example")}), Left.FALSE_ALARM),
        ([said()], policy(), Known(benign()), Left.WARNING_LIST),
        ([said()], policy(), Known(guard=lambda *_: Left.OWN), Left.OWN),
        ([said(valid_from=NOW - 9 * DAY)], policy(oldest=8 * DAY), Known(), Left.OLD),
        ([said(valid_from=0)], policy(oldest=8 * DAY), Known(), Left.OLD),
        ([said(confidence=10)], policy(minimum=50), Known(), Left.LOW_SCORE),
        ([said(valid_from=NOW - 999 * DAY)], policy(), Known(), Left.LOW_SCORE),
    ],
)
def test_what_stays_is_counted_with_its_reason(
    group: list[Indicator], rules: Policy, known: Known, why: Left
) -> None:
    rows, tally = chosen(group, rules=rules, known=known)
    assert not rows
    assert dict(tally.left) == {why: 1}
    assert tally.examples == {why: ["evil.example"]}
    assert WORDS[why]


def test_what_nothing_speaks_against_goes() -> None:
    rows, _ = chosen([said(tlp="TLP:GREEN", labels=("c2",))], rules=policy(tlp=Tlp.GREEN))
    assert [(row.value, row.tlp, row.labels) for row in rows] == [
        ("evil.example", Tlp.GREEN, ("c2",))
    ]
    assert chosen([said()], known=Known(benign()), rules=policy(warning_lists=False))[0]


def test_our_own_sightings_keep_it_young() -> None:
    old = said(valid_from=NOW - 999 * DAY)
    seen = {old.id: Seen(NOW - DAY, NOW - DAY, 3)}
    assert not chosen([old])[0]
    assert chosen([old], known=Known(seen=seen))[0][0].last == NOW - DAY


words = st.text("abc", min_size=1, max_size=5)
levels = st.sampled_from(["", "TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT",
                          "TLP:RED", "TLP:ODD"])  # fmt: skip


@given(
    group=st.lists(st.tuples(words, levels, st.integers(1, 100)), min_size=1, max_size=5,
                   unique_by=lambda one: one[0]),
    reader=st.sampled_from(Tlp),
)  # fmt: skip
def test_a_row_tells_nothing_of_what_the_reader_may_not_see(
    group: list[tuple[str, str, int]], reader: Tlp
) -> None:
    """The row is the same whether the words above the reader's level are there or not."""
    everything = [
        said(source=name, tlp=level, confidence=sure, description=f"{name} says {level}")
        for name, level, sure in group
    ]
    visible = [item for item in everything if _level(item) <= reader]
    rules = policy(tlp=reader, minimum=0)
    known = Known(sources={name: Source(name, 1, 2) for name, _, _ in group})
    rows, tally = chosen(everything, rules=rules, known=known)
    alone, _ = chosen(*([visible] if visible else []), rules=rules, known=known)
    assert rows == alone
    assert tally.left[Left.MARKING] == (0 if visible else 1)


def _level(item: Indicator) -> Tlp:
    return Tlp.RED if item.tlp == "TLP:ODD" else Tlp.of(item.tlp) if item.tlp else Tlp.CLEAR


def test_a_store_gives_each_value_once_newest_word_first(tmp_path: Path) -> None:
    store = IndicatorStore(tmp_path)
    names = [f"host{number}.example" for number in range(3000)]
    store.add(said(name, confidence=10) for name in names)
    store.add(said(name, "another feed", tlp="TLP:RED") for name in names[::2])
    store.add(said(name, confidence=90) for name in names[::3])
    groups = list(store.by_value())
    assert sorted(group[0].value for group in groups) == sorted(names)
    for group in groups:
        at = names.index(group[0].value)
        sources = ["a feed"] if at % 2 else ["a feed", "another feed"]
        assert [item.source for item in group] == sources
        newest = next(item for item in group if item.source == "a feed")
        assert newest.confidence == (10 if at % 3 else 90)
    again = [group[0].value for group in store.by_value()]
    assert again == [group[0].value for group in groups]
