"""Timeline: reported lines are matched to steps; order and times of the matched ones are judged.

Order by Kendall's tau (Kendall, "A new measure of rank correlation", Biometrika 1938): pairs in the
right order less pairs in the wrong one.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from noroshi.drill.clock import HOUR, MINUTE
from noroshi.drill.exercise.outcome import StepFact
from noroshi.drill.grading.attempt import Attempt
from noroshi.drill.grading.document import Claimed
from noroshi.drill.grading.mark import Axis, Mark
from noroshi.lang import N_, Message, within

_FAR = 3 * HOUR
_NEAR = 5 * MINUTE
_EXACT = 2 * MINUTE
_WORTHLESS = HOUR


def timeline(attempt: Attempt) -> Mark:
    """Judge coverage, order and times."""
    lines = attempt.document.timeline
    steps = (*attempt.steps, *attempt.averted)
    pairs = match(lines, steps)
    told = {step.id for _, step in pairs}
    owed = [step for step in attempt.steps if step.id in told or step.id not in attempt.detours]
    excused = len(told - {step.id for step in attempt.steps})
    expected = len(owed) + excused
    if not pairs or not expected:
        return Mark(
            Axis.TIMELINE, 0.0 if attempt.steps else 1.0,
            (Message(N_("No line of the timeline fits a step of the intruder.")),),
        )  # fmt: skip
    coverage = len(pairs) / expected
    without = {step.id: step.time for step in attempt.untouched.done(attempt.now)}
    times = [_nearest(line, step.time, without.get(step.id)) for line, step in pairs]
    order = (1 + kendall(times)) / 2
    errors = [abs(line.time - time) for (line, _), time in zip(pairs, times, strict=True)]
    exact = sum(_closeness(error) for error in errors) / len(errors)
    stray = len(lines) - len(pairs)
    care = len(pairs) / (len(pairs) + stray / 2)
    share = coverage * care * (0.2 + 0.4 * order + 0.4 * exact)
    reasons = (
        Message(
            N_("{matched} of {expected} steps are in the timeline; {stray} lines fit no step."),
            {"matched": len(pairs), "expected": expected, "stray": stray},
        ),
        Message(
            N_("Times are off by {minutes} minutes in the middle; the order is right for {order} % "
               "of all pairs."),
            {
                "minutes": round(sorted(errors)[len(errors) // 2] / MINUTE),
                "order": round(100 * order),
            },
        ),
    )  # fmt: skip
    missing = [step for step in owed if step.id not in told][:4]
    left_out = tuple(
        Message(
            N_("Missing: {what} ({technique}, {host})."),
            {
                **within("what", step.title),
                "technique": step.technique,
                "host": ", ".join(step.hosts[:2]) or "–",
            },
        )
        for step in missing
    )
    return Mark(Axis.TIMELINE, share, (*reasons, *left_out))


def _nearest(line: Claimed, came: int, without: int | None) -> int:
    """Return when a step was: as it came, or as it would have without what the team did."""
    return came if without is None else min(came, without, key=lambda time: abs(line.time - time))


def match(lines: Sequence[Claimed], steps: Sequence[StepFact]) -> list[tuple[Claimed, StepFact]]:
    """Return pairs of line and step, each used once, best fits first; in order of the lines."""
    fits = sorted(
        (
            (-fit, abs(line.time - step.time), row, column)
            for row, line in enumerate(lines)
            for column, step in enumerate(steps)
            if (fit := _fit(line, step)) > 0
        ),
    )
    rows: dict[int, int] = {}
    used: set[int] = set()
    for _, __, row, column in fits:
        if row not in rows and column not in used:
            rows[row] = column
            used.add(column)
    return [(lines[row], steps[rows[row]]) for row in sorted(rows)]


def kendall(times: Sequence[int]) -> float:
    """Return tau of a sequence against ascending order; 1 for fewer than two."""
    pairs = list(combinations(times, 2))
    if not pairs:
        return 1.0
    return sum((a <= b) - (a > b) for a, b in pairs) / len(pairs)


def _fit(line: Claimed, step: StepFact) -> float:
    """How well a line fits a step: technique and machine count most, then nearness in time."""
    distance = abs(line.time - step.time)
    if not line.time or distance > _FAR:
        return 0.0
    technique = host = 0.0
    if line.technique:
        same = line.technique == step.technique
        technique = 2.0 if same else 1.0 if line.technique[:5] == step.technique[:5] else -0.5
    names = {name.casefold() for name in step.hosts}
    if line.host:
        host = 2.0 if line.host.casefold().partition(".")[0] in names else -0.5
    near = 1.0 - distance / _FAR
    if technique + host > 0:
        return technique + host + near
    return near if distance <= _NEAR and technique + host == 0 else 0.0


def _closeness(error: int) -> float:
    if error <= _EXACT:
        return 1.0
    return max(0.0, 1.0 - (error - _EXACT) / (_WORTHLESS - _EXACT))
