"""The best policy that the simulator finds, and what single measures would have changed.

A policy reacts as a team could: it knows a thing only once a sensor has written it and somebody has
read it, and needs a while to act. Each policy is played out in the simulator round by round, since
what it does changes what there is to react to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

from noroshi.drill.action import Action, ActionKind
from noroshi.drill.clock import HOUR, MINUTE
from noroshi.drill.exercise.outcome import Outcome
from noroshi.drill.exercise.state import Settings
from noroshi.drill.grading.attempt import READING, knowable
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


class Change(StrEnum):
    """What was changed for once."""

    ADDED = "added"
    LEFT_OUT = "left out"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One change to what the team did, and what would have come of it.

    Attributes:
        action: done in addition, left out, or the first of those done later.
        change: which of it.
        harm: damage at the end with the change.
        hosts: machines touched at the end with the change.
        delay: µs by which everything was done later.
    """

    action: Action
    change: Change
    harm: float
    hosts: int
    delay: int = 0


_POLICIES = (
    (N_("Isolate every machine as soon as it shows"), ("hosts",)),
    (N_("Block every outside address as soon as it shows"), ("outside",)),
    (N_("Isolate, block, and change the passwords concerned"), ("hosts", "outside", "accounts")),
    (N_("Isolate machines and change the passwords concerned"), ("hosts", "accounts")),
)


def best_policy(tell: Teller, settings: Settings) -> Policy:
    """Return the policy with the least harm; the one with fewer actions among equals."""
    played = [_play(tell, settings, name, kinds) for name, kinds in _POLICIES]
    model = model_policy(tell, settings)
    played += [model] if model.actions else []
    return min(played, key=lambda policy: (policy.harm, len(policy.actions)))


def model_policy(tell: Teller, settings: Settings) -> Policy:
    """Return what the scenario's authors would do: each measure once its step can be known.

    A measure whose step never comes about under the ones before it is not taken.
    """
    actions: tuple[Action, ...] = ()
    model = tell(()).brief.model
    for measure in model:
        outcome = tell(actions)
        seen = {step.id: step.seen for step in outcome.done(settings.end) if step.seen}
        if measure.step and measure.step not in seen:
            continue
        since = max(seen.get(measure.step, 0), settings.alert) + READING
        action = Action(since + measure.minutes * MINUTE, measure.kind, measure.target, "policy")
        if action.time < settings.end:
            actions = tuple(sorted((*actions, action), key=lambda each: each.time))
    harm = tell(actions).harm_until(settings.end)
    return Policy(Message(N_("The scenario's own model answer")), actions, harm)


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
    tell: Teller, settings: Settings, actions: tuple[Action, ...], limit: int = 8
) -> list[WhatIf]:
    """Return what single changes would have made of it, the greatest difference first.

    Each measure of the team is left out once; all of them come an hour and three hours later; each
    machine that was touched is isolated once soon after a sensor had written the first trace.
    """
    came = tell(actions)
    changes = (
        *_later(actions), *_left_out(actions, limit), *_added(actions, came, settings, limit)
    )  # fmt: skip
    found = []
    for action, change, delay, changed in changes:
        outcome = tell(changed)
        harm = outcome.harm_until(settings.end)
        found.append(WhatIf(action, change, harm, hosts_of(outcome, settings), delay))
    base = came.harm_until(settings.end)
    differing = [each for each in found if abs(each.harm - base) > _SAME]
    return sorted(differing, key=lambda each: -abs(each.harm - base))[:limit]


_Change: TypeAlias = tuple[Action, Change, int, tuple[Action, ...]]
_SAME = 1e-6


def _measures(actions: tuple[Action, ...]) -> list[Action]:
    return [action for action in actions if action.kind in set(_TREATMENT.values())]


def _later(actions: tuple[Action, ...]) -> Iterator[_Change]:
    treated = _measures(actions)
    for hours in (1, 3) if treated else ():
        moved = tuple(replace(action, time=action.time + hours * HOUR) for action in actions)
        yield treated[0], Change.LATER, hours * HOUR, moved


def _left_out(actions: tuple[Action, ...], limit: int) -> Iterator[_Change]:
    for action in _measures(actions)[: 2 * limit]:
        yield action, Change.LEFT_OUT, 0, tuple(each for each in actions if each is not action)


def _added(
    actions: tuple[Action, ...], came: Outcome, settings: Settings, limit: int
) -> Iterator[_Change]:
    """Isolating each machine as early as evidence would have allowed, alarm or not."""
    first: dict[str, int] = {}
    for step in came.done(settings.end):
        for host in step.hosts if step.seen else ():
            first.setdefault(host, step.seen + READING)
    for host, time in sorted(first.items(), key=lambda item: item[1])[:limit]:
        action = Action(time, ActionKind.ISOLATE_HOST, host, "policy")
        yield action, Change.ADDED, 0, (*actions, action)


def hosts_of(outcome: Outcome, settings: Settings) -> int:
    """Return how many machines the intruder touched by the end."""
    return len({host for step in outcome.done(settings.end) for host in step.hosts})
