"""Scope: which machines, accounts and data a team names, against what was really touched."""

from __future__ import annotations

from noroshi.drill.grading.attempt import Attempt
from noroshi.drill.grading.mark import Axis, Mark
from noroshi.lang import N_, Message

_KINDS = (
    ("hosts", 0.5, N_("Machines: {right} of {all} found, {wrong} named wrongly.")),
    ("accounts", 0.3, N_("Accounts: {right} of {all} found, {wrong} named wrongly.")),
    ("data", 0.2, N_("Data: {right} of {all} found, {wrong} named wrongly.")),
)
_MISSED = N_("Not named: {names}.")
_WRONG = N_("Named, but not touched: {names}.")


def scope(attempt: Attempt) -> Mark:
    """Judge by F1, the harmonic mean of precision and recall, for each kind of thing."""
    share = weights = 0.0
    reasons: list[Message] = []
    for kind, weight, template in _KINDS:
        named = {_plain(name): name for name in attempt.document.scope.get(kind, ())}
        true = {_plain(name): name for name in attempt.affected[kind]
                if name not in attempt.provoked[kind] or _plain(name) in named}  # fmt: skip
        excused = {_plain(name) for name in attempt.spared[kind]} & named.keys()
        right = named.keys() & true.keys()
        wrong = named.keys() - true.keys() - excused
        if not true and not named:
            continue
        good = len(right) + len(excused)
        share += weight * 2 * good / (len(named) + len(true) + len(excused))
        weights += weight
        count = {"right": len(right), "all": len(true), "wrong": len(wrong)}
        reasons.append(Message(template, count))
        if missed := sorted(name for key, name in true.items() if key not in named):
            reasons.append(Message(_MISSED, {"names": _some(missed)}))
        if wrong:
            reasons.append(Message(_WRONG, {"names": _some(sorted(named[key] for key in wrong))}))
    return Mark(Axis.SCOPE, share / weights if weights else 1.0, tuple(reasons))


def _plain(name: str) -> str:
    """Accounts may be written with their domain, machines in full: the short name counts."""
    short = name.strip().casefold().rpartition("\\")[2].partition("@")[0]
    return short.partition(".")[0] if short.endswith(".example") else short


def _some(names: list[str], limit: int = 12) -> str:
    rest = len(names) - limit
    return ", ".join(names[:limit]) + (f" … (+{rest})" if rest > 0 else "")
