"""Fresh variants: every team its own people and machines, and the same work to do."""

from __future__ import annotations

import hashlib

from noroshi.drill.exercise.outcome import Outcome, Stage

_TRIES = 8


def team_seed(stage: Stage, scenario: str, seed: int, difficulty: int, team: str) -> int:
    """Return a seed for a team, under which the intruder does as much as under the given one.

    Without a team it is the given seed. Of the first eight candidates the one is taken whose
    untouched future resembles that of the given seed most: in steps, machines, accounts and harm.
    """
    if not team:
        return seed
    wanted = _load(stage, scenario, seed, difficulty)
    best, distance = seed, float("inf")
    for number in range(_TRIES):
        digest = hashlib.sha256(f"{seed}/{team}/{number}".encode()).digest()
        candidate = int.from_bytes(digest[:4], "big") >> 1
        load = _load(stage, scenario, candidate, difficulty)
        apart = sum(abs(a - b) for a, b in zip(load, wanted, strict=True))
        if apart < distance:
            best, distance = candidate, apart
        if distance == 0:
            break
    return best


def _load(stage: Stage, scenario: str, seed: int, difficulty: int) -> tuple[float, ...]:
    """How much there is to find and to lose."""
    settings = stage.open(scenario, seed, difficulty, "")
    outcome: Outcome = stage.tell(settings, ())
    done = outcome.done(settings.end)
    return (
        len(done),
        len({host for step in done for host in step.hosts}),
        len({login for step in done for login in step.accounts}),
        round(outcome.harm_until(settings.end)),
    )
