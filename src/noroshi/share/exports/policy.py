"""What may go into an export: for which reader, how good, how fresh."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from noroshi.intel.indicators import IndicatorType
from noroshi.intel.life.decay import DAY
from noroshi.intel.objects import Tlp
from noroshi.lang import N_, Message


@dataclass(frozen=True, slots=True)
class Policy:
    """What may go.

    Attributes:
        now: µs since 1970 UTC; all ages and expiries are reckoned from it.
        tlp: the reader's level; nothing above it goes, nor counts in any score.
        minimum: lowest score, 0 to 100.
        oldest: µs since it was last seen or named; 0 for no limit.
        kinds: kinds of indicators; empty for all that the format knows.
        warning_lists: leave out what a warning list counts as harmless.
    """

    now: int
    tlp: Tlp = Tlp.CLEAR
    minimum: float = 1.0
    oldest: int = 0
    kinds: frozenset[IndicatorType] = frozenset()
    warning_lists: bool = True

    def words(self) -> Iterator[Message]:
        """Yield the policy as sentences."""
        yield Message(N_("For readers of {tlp}."), {"tlp": self.tlp.word})
        yield Message(N_("Worth at least {score} of 100."), {"score": f"{self.minimum:g}"})
        if self.oldest:
            yield Message(
                N_("Seen or named within {days} days."), {"days": f"{self.oldest / DAY:g}"}
            )
        else:
            yield Message(N_("Of any age, as long as it has not expired."))
        yield Message(
            N_("What stands on a warning list is left out.")
            if self.warning_lists
            else N_("Warning lists were not applied.")
        )


class Left(StrEnum):
    """Why an indicator is left out."""

    MARKING = "marking"
    KIND = "kind"
    EXPIRED = "expired"
    FALSE_ALARM = "false-alarm"
    WARNING_LIST = "warning-list"
    OWN = "own"
    TOO_BROAD = "too-broad"
    OLD = "old"
    LOW_SCORE = "low-score"
    UNWRITABLE = "unwritable"
    COVERED = "covered"


WORDS = {
    Left.MARKING: N_("marked for fewer readers than these"),
    Left.KIND: N_("of a kind that this format cannot carry, or that was not asked for"),
    Left.EXPIRED: N_("every source's word on it has expired"),
    Left.FALSE_ALARM: N_("somebody found it to be a false alarm"),
    Left.WARNING_LIST: N_("on a warning list of harmless values"),
    Left.OWN: N_("belongs to the organisation itself"),
    Left.TOO_BROAD: N_("a suffix under which anybody registers names"),
    Left.OLD: N_("not seen or named for too long"),
    Left.LOW_SCORE: N_("worth less than the least that was asked for"),
    Left.UNWRITABLE: N_("cannot be written in this format without changing its meaning"),
    Left.COVERED: N_("covered by a name above it in the same list"),
}
"""Each reason in words."""
