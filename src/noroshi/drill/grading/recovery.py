"""Recovery: traces kept, cause removed, and only then back to work."""

from __future__ import annotations

from collections.abc import Iterator

from noroshi.drill.action import Action, ActionKind
from noroshi.drill.grading.attempt import Attempt
from noroshi.drill.grading.decisions import CONTAIN, LOCK
from noroshi.drill.grading.mark import Axis, Mark
from noroshi.lang import N_, Message

_DESTROYS = (ActionKind.RESTORE_HOST, ActionKind.SHUT_DOWN_HOST)


def recovery(attempt: Attempt) -> Mark:
    """Judge four things; a team that did not get to restoring keeps the first two."""
    parts = (
        (0.25, _kept(attempt), N_("Memory or disk of a machine concerned was kept: {done}.")),
        (0.35, _removed(attempt), N_("Accounts and ways in were closed: {done}.")),
        (0.2, _restored(attempt), N_("Machines concerned were rebuilt: {done}.")),
        (0.2, _in_order(attempt), N_("Nothing went back to work before its cause was removed: "
                                     "{done}.")),
    )  # fmt: skip
    share = sum(weight * reached for weight, reached, _ in parts)
    reasons = tuple(Message(text, {"done": f"{reached:.0%}"}) for _, reached, text in parts)
    return Mark(Axis.RECOVERY, share, reasons)


def _concerned(attempt: Attempt) -> set[str]:
    """Machines touched, and those that would have been: caring for them is no mistake."""
    return {name.casefold() for name in (*attempt.affected["hosts"], *attempt.spared["hosts"])}


def _kept(attempt: Attempt) -> float:
    """Whether some machine's traces were kept before it was switched off or rebuilt."""
    hosts = _concerned(attempt)
    for action in attempt.actions:
        if action.kind is ActionKind.PRESERVE and action.target.casefold() in hosts:
            gone = attempt.first(_DESTROYS, action.target)
            if not gone or action.time < gone:
                return 1.0
    return 0.0


def _removed(attempt: Attempt) -> float:
    treated = [
        bool(attempt.first(kinds, name))
        for kind, kinds in (("accounts", LOCK), ("outside", (ActionKind.BLOCK,)))
        for name in attempt.affected[kind]
        if name not in attempt.provoked[kind] or attempt.first(kinds, name)
    ]
    spared = [
        True
        for kind, kinds in (("accounts", LOCK), ("outside", (ActionKind.BLOCK,)))
        for name in attempt.spared[kind]
        if attempt.first(kinds, name)
    ]
    both = [*treated, *spared]
    return sum(both) / len(both) if both else 1.0


def _rebuilt(attempt: Attempt) -> Iterator[Action]:
    hosts = _concerned(attempt)
    return (
        action
        for action in attempt.actions
        if action.kind is ActionKind.RESTORE_HOST and action.target.casefold() in hosts
    )


def _restored(attempt: Attempt) -> float:
    done = {action.target.casefold() for action in _rebuilt(attempt)}
    owed = attempt.affected["hosts"].keys() - attempt.provoked["hosts"]
    due = {name.casefold() for name in owed} | done
    return len(done) / len(due) if due else 1.0


def _in_order(attempt: Attempt) -> float:
    """Share of rebuilt machines that were contained first and stayed clean afterwards."""
    rebuilt: dict[str, int] = {}
    for action in _rebuilt(attempt):
        rebuilt[action.target] = action.time
    if not rebuilt:
        return 0.0
    good = 0
    for host, time in rebuilt.items():
        first = attempt.first(CONTAIN[:2], host)
        again = any(host in step.hosts and step.time > time for step in attempt.steps)
        good += bool(first) and first < time and not again
    return good / len(rebuilt)
