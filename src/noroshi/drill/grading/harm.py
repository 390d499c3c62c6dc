"""Harm averted: between doing nothing and the best policy that the simulator found."""

from __future__ import annotations

from noroshi.drill.grading.attempt import Attempt
from noroshi.drill.grading.mark import Axis, Mark
from noroshi.lang import N_, Message


def harm(attempt: Attempt) -> Mark:
    """Judge the damage at the end of the story under the actions taken."""
    end = attempt.state.settings.end
    worst = attempt.untouched.harm_until(end)
    came = attempt.outcome.harm_until(end)
    best = min(attempt.best_harm, came)
    possible = worst - best
    share = 1.0 if possible <= 0 else max(0.0, min(1.0, (worst - came) / possible))
    return Mark(
        Axis.HARM,
        share,
        (
            Message(
                N_("Damage without you: {worst}; with you: {came}; with the best policy found: "
                   "{best}."),
                {"worst": round(worst, 1), "came": round(came, 1), "best": round(best, 1)},
            ),
            Message(
                N_("{count} steps of the intruder did not come about, or came to nothing."),
                {"count": len(attempt.averted)},
            ),
        ),
    )  # fmt: skip
