"""The best policy that the simulator finds, and what single measures would have changed.

A policy reacts as a team could: it knows a thing only once a sensor has written it and somebody has
read it, and needs a while to act. Each policy is played out in the simulator round by round, since
what it does changes what there is to react to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from noroshi.drill.action import Action, ActionKind
from noroshi.drill.clock import MINUTE
from noroshi.drill.exercise.outcome import Outcome
from noroshi.drill.exercise.state import Settings
from noroshi.drill.grading.attempt import knowable
from noroshi.lang import N_, Message

REACTION = 10 * MINUTE
"""From knowing to having done."""
_ROUNDS = 8

Teller = Callable[[tuple[Action, ...]], Outcome]

_TREATMENT = {
    "hosts": ActionKind.ISOLATE_HOST,
    "accounts": ActionKind.RESET_PASSWORD,
    "outside": ActionKind.BLOCK,
}


@dataclass(frozen=True, slots=True)
class Policy:
    """A way to react, played out.

    Attributes:
        name: for people.
        actions: what it came to do.
        harm: damage at the end.
    """

    name: Message
    actions: tuple[Action, ...]
    harm: float


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One change to what the team did, and what would have come of it.

    Attributes:
        action: done in addition, or left out.
        added: whether it was added.
        harm: damage at the end with the change.
        hosts: machines touched at the end with the change.
    """

    action: Action
    added: bool
    harm: float
    hosts: int


_POLICIES = (
    (N_("Isolate every machine as soon as it shows"), ("hosts",)),
    (N_("Block every outside address as soon as it shows"), ("outside",)),
    (N_("Isolate, block, and change the passwords concerned"), ("hosts", "outside", "accounts")),
    (N_("Isolate machines and change the passwords concerned"), ("hosts", "accounts")),
)


def best_policy(tell: Teller, settings: Settings) -> Policy:
    """Return the policy with the least harm; the one with fewer actions among equals."""
    played = [_play(tell, settings, name, kinds) for name, kinds in _POLICIES]
    return min(played, key=lambda policy: (policy.harm, len(policy.actions)))


def _play(tell: Teller, settings: Settings, name: str, kinds: tuple[str, ...]) -> Policy:
    """Look, treat what shows, look again, until nothing new shows."""
    actions: tuple[Action, ...] = ()
    least: Policy | None = None
    for _ in range(_ROUNDS):
        outcome = tell(actions)
        harm = outcome.harm_until(settings.end)
        if least is None or harm < least.harm:
            least = Policy(Message(name), actions, harm)
        done = {(action.kind, action.target) for action in actions}
        new = [
            Action(when + REACTION, _TREATMENT[kind], target, "policy")
            for kind in kinds
            for target, when in knowable(outcome.done(settings.end), settings.alert)[kind].items()
            if (_TREATMENT[kind], target) not in done and when + REACTION < settings.end
        ]
        if not new:
            break
        # Only the earliest ones for certain: what they prevent need not be treated.
        soonest = min(action.time for action in new)
        actions = tuple(sorted((*actions, *(a for a in new if a.time <= soonest + 30 * MINUTE)),
                               key=lambda action: action.time))  # fmt: skip
    assert least is not None
    return least


def what_if(
    tell: Teller, settings: Settings, actions: tuple[Action, ...], limit: int = 6
) -> list[WhatIf]:
    """Return what single changes would have made of it, the greatest difference first.

    Each measure of the team is left out once; each machine that was touched is isolated once at the
    moment it could be known.
    """
    came = tell(actions)
    changes = [(action, False) for action in actions if action.kind in set(_TREATMENT.values())][
        -2 * limit :
    ]
    touched = sorted(
        knowable(came.done(settings.end), settings.alert)["hosts"].items(), key=lambda item: item[1]
    )
    changes += [
        (Action(when + REACTION, ActionKind.ISOLATE_HOST, host, "policy"), True)
        for host, when in touched[:limit]
    ]
    found = []
    for action, added in changes:
        others = (
            tuple(sorted((*actions, action), key=lambda each: each.time))
            if added
            else tuple(each for each in actions if each is not action)
        )
        outcome = tell(others)
        found.append(
            WhatIf(action, added, outcome.harm_until(settings.end), hosts_of(outcome, settings))
        )
    base = came.harm_until(settings.end)
    differing = [each for each in found if abs(each.harm - base) > 1e-9]
    return sorted(differing, key=lambda each: -abs(each.harm - base))[:limit]


def hosts_of(outcome: Outcome, settings: Settings) -> int:
    """Return how many machines the intruder touched by the end."""
    return len({host for step in outcome.done(settings.end) for host in step.hosts})
