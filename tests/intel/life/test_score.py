"""What an indicator is worth, and why."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from noroshi.intel.indicators import Indicator, IndicatorType
from noroshi.intel.life import DECAYS, Score, Seen, Source, Verdict, score
from noroshi.intel.life.decay import DAY
from noroshi.lang import Message, render

NOW = 1_700_000_000_000_000
CERT = Indicator(IndicatorType.ADDRESS, "192.0.2.7", "CERT", NOW - 10 * DAY, 0, 80)
LIST = Indicator(IndicatorType.ADDRESS, "192.0.2.7", "a list", NOW - 10 * DAY, 0, 50)


def worth(*said: Indicator, seen: Seen | None = None, **sources: Source) -> Score:
    return score(said, NOW, sources={s.name: s for s in sources.values()}, seen=seen)


def wrong(right: bool = False) -> Verdict:
    return Verdict(CERT.type, CERT.value, "CERT", "ai", right, "our scanner", NOW)


def test_the_reasons_add_up_to_the_value() -> None:
    found = worth(CERT, LIST, seen=Seen(NOW - 40 * DAY, NOW - 20 * DAY, 3))
    assert abs(sum(reason.points for reason in found.reasons) - found.value) < 0.3
    assert 0 < found.value < 100
    assert found.first == NOW - 40 * DAY
    assert found.last == NOW - 10 * DAY
    assert found.ends == found.last + DECAYS[IndicatorType.ADDRESS].days * DAY


def test_two_witnesses_are_worth_more_than_one_and_a_sighting_makes_it_young() -> None:
    assert worth(CERT, LIST).value > worth(CERT).value
    assert worth(CERT, seen=Seen(NOW - DAY, NOW, 1)).value > worth(CERT).value


def test_a_source_that_was_wrong_counts_less_and_one_that_was_right_more() -> None:
    bad, good = Source("CERT", right=0, wrong=6), Source("CERT", right=20, wrong=0)
    assert worth(CERT, it=bad).value < worth(CERT).value < worth(CERT, it=good).value


def test_expiry_a_false_alarm_or_a_warning_list_take_all() -> None:
    ended = Indicator(CERT.type, CERT.value, "CERT", 1, NOW - 1, 80)
    assert worth(ended).value == 0
    assert score([CERT], NOW, sources={}, verdicts=[wrong()]).value == 0
    assert score([CERT], NOW, sources={}, verdicts=[wrong(right=True), wrong()]).value > 0
    benign = score([CERT], NOW, sources={}, benign=Message("{value} is benign", {"value": "it"}))
    assert benign.value == 0
    assert render(benign.reasons[-1].message, "en") == "it is benign"


def test_one_live_source_keeps_it_alive_without_an_end() -> None:
    ended = Indicator(CERT.type, CERT.value, "old", 1, NOW - 1, 80)
    assert worth(ended, CERT).value == worth(CERT).value


@given(st.integers(0, 2_000), st.integers(0, 2_000), st.sampled_from(list(IndicatorType)))
def test_worth_never_grows_with_age(days: int, more: int, kind: IndicatorType) -> None:
    young = DECAYS[kind].left(days * DAY)
    old = DECAYS[kind].left((days + more) * DAY)
    assert 0 <= old <= young <= 1


def test_every_kind_of_indicator_ages() -> None:
    assert set(DECAYS) == set(IndicatorType)
    assert all(decay.left(decay.days * DAY) == 0 for decay in DECAYS.values())
    assert all(decay.left(-DAY) == 1 for decay in DECAYS.values())
