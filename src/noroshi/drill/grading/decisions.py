"""Decisions: was the right thing done, when it could be known, and nothing needless?"""

from __future__ import annotations

from dataclasses import dataclass

from noroshi.drill.action import ActionKind
from noroshi.drill.clock import HOUR, MINUTE, local
from noroshi.drill.grading.attempt import Attempt
from noroshi.drill.grading.mark import Axis, Mark
from noroshi.lang import N_, Message

CONTAIN = (ActionKind.ISOLATE_HOST, ActionKind.SHUT_DOWN_HOST, ActionKind.RESTORE_HOST)
LOCK = (ActionKind.DISABLE_ACCOUNT, ActionKind.RESET_PASSWORD)
_PROMPT = 20 * MINUTE
_SLOW = 4 * HOUR
_LEAST = 0.4
_NEEDLESS = {"hosts": 0.08, "accounts": 0.05, "outside": 0.03}
_MEASURES = {"hosts": CONTAIN, "accounts": LOCK, "outside": (ActionKind.BLOCK,)}
_TOLD = 6


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that had to be done: its target, since when knowable, and when it was done."""

    target: str
    since: int
    done: int

    @property
    def worth(self) -> float:
        """1 if done promptly, less the later, 0 if never."""
        if not self.done:
            return 0.0
        late = max(0, self.done - self.since - _PROMPT)
        return max(_LEAST, 1.0 - (1.0 - _LEAST) * late / _SLOW)


def measures(attempt: Attempt) -> list[Measure]:
    """Return what had to be done, given what was knowable; spared targets that were treated too."""
    found = []
    for kind, kinds in _MEASURES.items():
        for target, since in attempt.affected[kind].items():
            done = attempt.first(kinds, target)
            if since <= attempt.now and (done or target not in attempt.provoked[kind]):
                found.append(Measure(target, since, done))
        for target in attempt.spared[kind]:
            done = attempt.first(kinds, target)
            if done:
                found.append(Measure(target, done, done))
    return found


def needless(attempt: Attempt) -> list[tuple[str, float]]:
    """Return targets that were treated without any need, with what each costs."""
    found = []
    for kind, kinds in _MEASURES.items():
        known = (*attempt.affected[kind], *attempt.spared[kind], *attempt.outcome.hostile)
        right = {name.casefold() for name in known}
        treated = {action.target for action in attempt.actions if action.kind in kinds}
        found += [
            (target, _NEEDLESS[kind])
            for target in sorted(treated)
            if target.casefold() not in right and not _covers(target, right)
        ]
    return found


def decisions(attempt: Attempt) -> Mark:
    """Judge the measures against what had to be done; needless ones cost a little."""
    needed = measures(attempt)
    cost = needless(attempt)
    declared = any(action.kind is ActionKind.DECLARE for action in attempt.actions)
    done = sum(measure.worth for measure in needed) / len(needed) if needed else 1.0
    share = max(0.0, min(1.0, 0.9 * done + 0.1 * declared - sum(price for _, price in cost)))
    return Mark(Axis.DECISIONS, share, tuple(_reasons(needed, cost, declared)))


def _reasons(needed: list[Measure], cost: list[tuple[str, float]], declared: bool) -> list[Message]:
    taken = [measure for measure in needed if measure.done]
    count = {"done": len(taken), "all": len(needed)}
    reasons = [
        Message(N_("{done} of {all} needed measures were taken."), count)
        if needed
        else Message(N_("Nothing that needed a measure could be known yet."))
    ]
    reasons += [
        Message(
            N_("{target} could be known from {since}, and was dealt with at {done}."),
            {
                "target": measure.target,
                "since": _clock(measure.since),
                "done": _clock(measure.done),
            },
        )
        for measure in sorted(taken, key=lambda each: each.worth)[:_TOLD]
        if measure.worth < 1
    ]
    reasons += [
        Message(
            N_("{target} could be known from {since}, and nothing was done about it."),
            {"target": measure.target, "since": _clock(measure.since)},
        )
        for measure in [each for each in needed if not each.done][:_TOLD]
    ]
    if cost:
        names = ", ".join(target for target, _ in cost[:_TOLD])
        reasons.append(Message(N_("Needless, and it cost others their work: {names}."),
                               {"names": names}))  # fmt: skip
    if not declared:
        reasons.append(Message(N_("An incident was never declared.")))
    return reasons


def _covers(target: str, names: set[str]) -> bool:
    """A blocked domain or network that holds a bad name or address is not needless."""
    prefix = target.casefold().rpartition("/")[0].rpartition(".")[0]
    return any(
        name.endswith("." + target.casefold()) or ("/" in target and name.startswith(prefix + "."))
        for name in names
    )


def _clock(time: int) -> str:
    return f"{local(time):%m-%d %H:%M}"
