"""What a scripted trainee is able to do."""

from __future__ import annotations

from dataclasses import dataclass

from noroshi.drill.clock import MINUTE


@dataclass(frozen=True, slots=True)
class Skill:
    """A level of skill.

    Attributes:
        notices: share of what can be known that is noticed, 0 to 1.
        reacts: from when it can be known to when something is done about it, µs.
        wrong: machines that are isolated and reported without any need.
        parts: parts of the report that are written, from the first on.
        minutes_off: error of the times in the report, minutes.
        duties: of the reports that are owed, how many are made, the most obvious first.
    """

    notices: float
    reacts: int
    wrong: int
    parts: int
    minutes_off: int
    duties: int


SKILLS = (
    Skill(0.15, 400 * MINUTE, 4, 1, 50, 0),
    Skill(0.4, 200 * MINUTE, 3, 3, 30, 1),
    Skill(0.65, 100 * MINUTE, 2, 5, 15, 3),
    Skill(0.85, 45 * MINUTE, 1, 7, 6, 4),
    Skill(1.0, 10 * MINUTE, 0, 8, 1, 6),
)
"""Five levels, the least able first."""
