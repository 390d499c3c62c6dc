"""The clock of an exercise: simulated time that is moved by command, or runs at a chosen speed."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Clock:
    """Simulated time as a function of the time on the wall.

    Attributes:
        begin, end: first and last moment of the exercise, µs since 1970 UTC, simulated.
        time: simulated time at the moment ``wall``.
        wall: µs since 1970 UTC by the machine's clock.
        speed: simulated seconds a second; 0: time moves by command only.
        paused: stands still whatever the speed.
    """

    begin: int
    end: int
    time: int
    wall: int
    speed: float = 0.0
    paused: bool = False

    def now(self, wall: int) -> int:
        """Return the simulated time; a wall clock that was put back does not turn time back."""
        if self.paused or self.speed <= 0:
            return self.time
        return min(self.end, self.time + max(0, round((wall - self.wall) * self.speed)))

    def at(self, time: int, wall: int) -> Clock:
        """Return the clock set to a simulated time, never back and never beyond the end."""
        return replace(self, time=max(self.time, min(time, self.end)), wall=wall)

    @property
    def over(self) -> bool:
        """Whether the exercise has reached its end."""
        return self.time >= self.end
