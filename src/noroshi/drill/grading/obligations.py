"""Reports that are owed: to the head of the town, to those who watch over it, to residents.

Sources: the local governments' security policy guideline (report without delay to the CISO and the
prefecture); Act on the Protection of Personal Information, Art. 68 with Enforcement Rules Art. 43
and 44 (a first report to the Commission promptly, as a rule within three to five days, where leaked
data may harm people); the police are told because a crime may have been committed. The times here
are those of an exercise of one day and stricter than the law.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from noroshi.drill.action import ActionKind
from noroshi.drill.clock import HOUR, MINUTE
from noroshi.drill.exercise.parties import PARTY_NAMES, Party
from noroshi.drill.grading.attempt import Attempt
from noroshi.drill.grading.mark import Axis, Mark
from noroshi.lang import N_, Message, within


@dataclass(frozen=True, slots=True)
class Duty:
    """One obligation.

    Attributes:
        name: what is owed to whom.
        done: when it was met, 0 for never.
        limit: µs after the alarm.
    """

    name: str | Message
    done: int
    limit: int

    def worth(self, alert: int) -> float:
        """1 in time, half late, 0 never."""
        if not self.done:
            return 0.0
        return 1.0 if self.done - alert <= self.limit else 0.5


def duties(attempt: Attempt) -> Iterator[Duty]:
    """Yield what this incident obliges a team to."""
    yield Duty(N_("An incident is declared"), _did(attempt, ActionKind.DECLARE), 90 * MINUTE)
    told = min(
        filter(None, (_reached(attempt, party) for party in (Party.PREFECTURE, Party.MONITOR))),
        default=0,
    )
    yield Duty(N_("The prefecture or the security cloud is told"), told, 3 * HOUR)
    yield Duty(PARTY_NAMES[Party.MAYOR], _reached(attempt, Party.MAYOR), 2 * HOUR)
    yield Duty(PARTY_NAMES[Party.POLICE], _reached(attempt, Party.POLICE), 8 * HOUR)
    commission = _did(attempt, ActionKind.NOTIFY, Party.COMMISSION)
    if attempt.affected["data"] or (commission and attempt.spared["data"]):
        yield Duty(PARTY_NAMES[Party.COMMISSION], commission, 24 * HOUR)
    published = _did(attempt, ActionKind.PUBLISH)
    if attempt.affected["data"] or (published and attempt.spared["data"]):
        yield Duty(N_("Residents are told"), published, 12 * HOUR)
    for owed in attempt.outcome.brief.obligations:
        done = _did(attempt, owed.kind, owed.target)
        if owed.kind is ActionKind.ASK_VENDOR:
            done = min(filter(None, (done, _reached(attempt, Party.VENDOR))), default=0)
        if not owed.data or attempt.affected["data"] or (done and attempt.spared["data"]):
            yield Duty(owed.what, done, owed.minutes * MINUTE)
    handed = next((each.time for each in attempt.state.submissions), 0)
    yield Duty(N_("A report is handed in"), handed, 48 * HOUR)


def obligations(attempt: Attempt) -> Mark:
    """Judge who was told, and in time."""
    alert = attempt.state.settings.alert
    owed = list(duties(attempt))
    reasons = [_told(duty, alert) for duty in owed]
    share = sum(duty.worth(alert) for duty in owed) / len(owed)
    return Mark(Axis.OBLIGATIONS, share, tuple(reasons))


def _told(duty: Duty, alert: int) -> Message:
    named = duty.name if isinstance(duty.name, Message) else Message(duty.name)
    return Message(_word(duty, alert), within("duty", named))


def _word(duty: Duty, alert: int) -> str:
    return {1.0: N_("Met in time: {duty}."), 0.5: N_("Met late: {duty}.")}.get(
        duty.worth(alert), N_("Not met: {duty}.")
    )


def _did(attempt: Attempt, kind: ActionKind, target: str = "") -> int:
    times = (
        action.time
        for action in attempt.actions
        if action.kind is kind and (not target or action.target == target)
    )
    return min(times, default=0)


def _reached(attempt: Attempt, party: Party) -> int:
    """Return when a party first heard of it, however: notified, called or written to."""
    wrote = (letter.time for letter in attempt.state.letters if letter.recipient == party)
    return min(
        filter(None, (*wrote, _did(attempt, ActionKind.NOTIFY, party),
                      _did(attempt, ActionKind.CALL, party))), default=0,
    )  # fmt: skip
