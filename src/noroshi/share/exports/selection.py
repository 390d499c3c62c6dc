"""Which indicators go, and why the others do not.

A row is made only of what sources say whose marking the reader may see: neither its words nor its
score tell of anything else. Our own sightings count only where the caller gives them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from noroshi.intel.indicators import Indicator, IndicatorType
from noroshi.intel.life import Score, Seen, Source, score
from noroshi.intel.objects import ObjectError, Tlp
from noroshi.intel.warning_lists import WarningLists
from noroshi.share.exports.policy import Left, Policy
from noroshi.share.exports.row import Row

EXAMPLES = 3
"""Values kept for each reason, for the person who exports."""

Judge = Callable[[IndicatorType, str], Left | None]
"""Says why a value must never go into a list that blocks; None if it may."""


def _nothing(_kind: IndicatorType, _value: str) -> Left | None:
    return None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the indicators.

    Attributes:
        benign: warning lists.
        dismissed: type and value of what people found to be false alarms.
        sources: how sources have done.
        seen: what our own sensors saw, by indicator id; empty for readers who must not learn it.
        guard: keeps what would hurt the reader or ourselves out of every export.
    """

    benign: WarningLists = field(default_factory=WarningLists)
    dismissed: Set[tuple[str, str]] = frozenset()
    sources: Mapping[str, Source] = field(default_factory=dict)
    seen: Mapping[str, Seen] = field(default_factory=dict)
    guard: Judge = _nothing


@dataclass
class Tally:
    """What became of every indicator: how many went, and how many did not for each reason."""

    written: int = 0
    left: Counter[Left] = field(default_factory=Counter)
    examples: dict[Left, list[str]] = field(default_factory=dict)

    def leave(self, why: Left, value: str) -> None:
        """Count an indicator that does not go."""
        self.left[why] += 1
        examples = self.examples.setdefault(why, [])
        if len(examples) < EXAMPLES:
            examples.append(value)


def select(
    indicators: Iterable[Sequence[Indicator]],
    policy: Policy,
    known: Known,
    kinds: Set[IndicatorType],
    tally: Tally,
) -> Iterator[Row]:
    """Yield what goes, counting it and the rest.

    Args:
        indicators: what all sources say about a value, value by value.
        policy: what may go.
        known: what is known beside.
        kinds: what the format can carry.
        tally: counts.
    """
    wanted = kinds & policy.kinds if policy.kinds else kinds
    for said in indicators:
        row = _row(said, policy, known, wanted)
        if isinstance(row, Left):
            tally.leave(row, said[0].value)
        else:
            tally.written += 1
            yield row


def _row(
    said: Sequence[Indicator], policy: Policy, known: Known, kinds: Set[IndicatorType]
) -> Row | Left:
    levels = [level_of(item) for item in said]
    shown = [item for item, level in zip(said, levels, strict=True) if level <= policy.tlp]
    if not shown:
        return Left.MARKING
    kind, value = shown[0].type, shown[0].value
    if kind not in kinds:
        return Left.KIND
    if (kind.value, value) in known.dismissed:
        return Left.FALSE_ALARM
    if hurts := known.guard(kind, value):
        return hurts
    if policy.warning_lists and known.benign.reason(kind, value):
        return Left.WARNING_LIST
    shown = [item for item in shown if not item.valid_until or item.valid_until > policy.now]
    if not shown:
        return Left.EXPIRED
    worth = score(shown, policy.now, sources=known.sources, seen=_seen(shown, known.seen))
    if policy.oldest and policy.now - worth.last > policy.oldest:
        return Left.OLD
    if worth.value < policy.minimum:
        return Left.LOW_SCORE
    return _made(shown, worth)


def _made(shown: Sequence[Indicator], worth: Score) -> Row:
    return Row(
        shown[0].type,
        shown[0].value,
        worth.value,
        worth.first,
        worth.last,
        worth.ends,
        tuple(item.source for item in shown),
        tuple(dict.fromkeys(label for item in shown for label in item.labels)),
        next((item.description for item in shown if item.description), ""),
        max(level_of(item) for item in shown),
    )


def level_of(item: Indicator) -> Tlp:
    """Return the level of an indicator's marking; what nobody can read counts as red."""
    if not item.tlp:
        return Tlp.CLEAR
    try:
        return Tlp.of(item.tlp)
    except ObjectError:
        return Tlp.RED


def _seen(shown: Sequence[Indicator], seen: Mapping[str, Seen]) -> Seen | None:
    if not seen:
        return None
    found = [seen[item.id] for item in shown if item.id in seen]
    if not found:
        return None
    return Seen(
        min(one.first for one in found),
        max(one.last for one in found),
        sum(one.count for one in found),
    )
