"""What an indicator is worth now, 0 to 100, with the reason for every point.

What its sources say is joined as independent witnesses: the chance that all of them are wrong is
the product of each one's. Then age takes its part (:mod:`noroshi.intel.life.decay`); a sighting,
ours or anybody's, makes it young again. Expiry, a warning list or a false alarm take all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from noroshi.intel.indicators import Indicator
from noroshi.intel.life.decay import DAY, DECAYS
from noroshi.intel.life.store import Source, Verdict
from noroshi.lang import N_, Message


@dataclass(frozen=True, slots=True)
class Seen:
    """How often our own sensors saw an indicator, and when; times in µs since 1970 UTC."""

    first: int
    last: int
    count: int


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of a score: how many points it gave or took, and why."""

    points: float
    message: Message


@dataclass(frozen=True, slots=True)
class Score:
    """The worth of an indicator.

    Attributes:
        value: 0 to 100.
        reasons: steps that add up to it.
        first: earliest time that anybody gives, µs since 1970 UTC; 0 if nobody does.
        last: when it was last seen or named, µs since 1970 UTC; 0 if nobody says.
        ends: when nothing will be left of it, µs since 1970 UTC; 0 for never.
    """

    value: float
    reasons: tuple[Reason, ...]
    first: int
    last: int
    ends: int


def score(
    indicators: Sequence[Indicator],
    now: int,
    *,
    sources: Mapping[str, Source],
    seen: Seen | None = None,
    verdicts: Sequence[Verdict] = (),
    benign: Message | None = None,
) -> Score:
    """Return the worth of one value.

    Args:
        indicators: what all sources say about the same value; at least one.
        now: µs since 1970 UTC.
        sources: how sources have done; one that is missing was never judged.
        seen: what our own sensors saw; None if nothing.
        verdicts: what people found out about the value, newest first.
        benign: why a warning list counts it as harmless; None if none does.
    """
    steps = _Steps()
    alive = [item for item in indicators if not item.valid_until or item.valid_until > now]
    for item in alive:
        steps.witness(item, sources.get(item.source, Source(item.source)))
    if not alive:
        steps.take_all(N_("Every source's word on it has expired."))
    times = [item.valid_from for item in indicators if 0 < item.valid_from <= now]
    if seen:
        steps.say(
            N_("Seen {count} times, last on {day} UTC."), count=seen.count, day=_day(seen.last)
        )
    last = max([*times, *([seen.last] if seen and seen.last <= now else [])], default=0)
    decay = DECAYS[indicators[0].type]
    if last:
        days = (now - last) // DAY
        steps.keep(
            decay.left(now - last),
            Message(
                N_("Last seen or named {days} days ago; this kind counts for {most} days."),
                {"days": days, "most": decay.days},
            ),
        )
    else:
        steps.say(N_("Nobody says when it was seen, so that its age takes nothing."))
    if benign is not None:
        steps.take_all(benign)
    if verdicts and not verdicts[0].right:
        steps.take_all(
            N_("{person} found it to be a false alarm: {note}"),
            person=verdicts[0].by, note=verdicts[0].note or "–",
        )  # fmt: skip
    first = min([*times, *([seen.first] if seen else [])], default=0)
    limits = [item.valid_until for item in alive]
    ends = [last + decay.days * DAY] if last else []
    ends += [max(limits)] if limits and all(limits) else []
    return Score(round(steps.value, 1), tuple(steps.reasons), first, last, min(ends, default=0))


class _Steps:
    """A score in the making."""

    def __init__(self) -> None:
        self.value = 0.0
        self.reasons: list[Reason] = []

    def witness(self, item: Indicator, source: Source) -> None:
        believed = item.confidence / 100 * source.weight
        self._to(
            100 - (100 - self.value) * (1 - believed),
            Message(
                N_(
                    "{source} names it with confidence {confidence} of 100; its word counts "
                    "{weight} %: {right} times right, {wrong} times wrong."
                ),
                {
                    "source": item.source, "confidence": item.confidence,
                    "weight": round(source.weight * 100), "right": source.right,
                    "wrong": source.wrong,
                },
            ),
        )  # fmt: skip

    def keep(self, part: float, message: Message) -> None:
        self._to(self.value * part, message)

    def take_all(self, why: str | Message, **params: str) -> None:
        self._to(0.0, why if isinstance(why, Message) else Message(why, params))

    def say(self, template: str, **params: str | int) -> None:
        self._to(self.value, Message(template, params))

    def _to(self, value: float, message: Message) -> None:
        self.reasons.append(Reason(round(value - self.value, 1), message))
        self.value = value


def _day(time: int) -> str:
    return datetime.fromtimestamp(time // 1_000_000, UTC).date().isoformat()
