"""Hints for those who play without an instructor: from where to look to what to see."""

from __future__ import annotations

from noroshi.drill.action import Action
from noroshi.drill.clock import local
from noroshi.drill.exercise.injects import is_outside
from noroshi.drill.exercise.outcome import Outcome, StepFact
from noroshi.lang import N_, Message, within


def next_hint(
    outcome: Outcome, actions: tuple[Action, ...], given: int, now: int
) -> Message | None:
    """Return the next hint, vague first; None if everything that shows has been dealt with.

    Args:
        outcome: the future so far.
        actions: what the team did.
        given: how many hints were given before: three go to each step.
        now: simulated time.
    """
    own = outcome.brief.hints
    if given < len(own):
        return own[given]
    given -= len(own)
    treated = {action.target.casefold() for action in actions}
    open_steps = [
        step
        for step in outcome.done(now)
        if 0 < step.seen <= now
        and step.hosts
        and not {host.casefold() for host in step.hosts} <= treated
    ]
    if not open_steps:
        return None
    return _say(open_steps[min(given // 3, len(open_steps) - 1)], given % 3)


def _say(step: StepFact, level: int) -> Message:
    hour = local(step.seen).hour
    if level == 0:
        return Message(
            N_("Look at what happened between {hour}:00 and {next}:00: noroshi cases, then "
               "noroshi case show."),
            {"hour": hour, "next": hour + 1},
        )  # fmt: skip
    if level == 1:
        return Message(N_("Look at {host} shortly after {hour}:00."),
                       {"host": step.hosts[0], "hour": hour})  # fmt: skip
    outside = next(filter(is_outside, step.artefacts), "")
    if outside:
        return Message(N_("{host} is in contact with {artefact}."),
                       {"host": step.hosts[0], "artefact": outside})  # fmt: skip
    return Message(
        N_("On {host}, at {time}: {what} ({technique})."),
        {"host": step.hosts[0], "time": f"{local(step.seen):%H:%M}",
         **within("what", step.title), "technique": step.technique},
    )  # fmt: skip
