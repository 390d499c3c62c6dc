"""Everything that is so in an exercise, worked out from its log and from nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from noroshi.drill.action import Action, ActionKind
from noroshi.drill.exercise.clock import Clock
from noroshi.drill.exercise.entry import Entry, EntryKind
from noroshi.drill.exercise.errors import TamperedLogError
from noroshi.drill.exercise.letter import Letter, letter_from_json


@dataclass(frozen=True, slots=True)
class Settings:
    """What was fixed when the exercise began.

    Attributes:
        scenario: its name.
        seed: of the world and of everything that is left to chance.
        difficulty: 1 easy, 2 normal, 3 hard.
        team: the team's name.
        begin: first moment of the story, µs since 1970 UTC.
        alert: when the team is called, same unit; it sees the evidence from ``begin`` on.
        end: last moment.
        version: of Noroshi, as another version may tell the story differently.
        story: text of the scenario's file, where it did not come with the program: the exercise
            goes on even if the file is changed or carried away.
    """

    scenario: str
    seed: int
    difficulty: int
    team: str
    begin: int
    alert: int
    end: int
    version: str
    story: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the settings as JSON values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Submission:
    """A document that a team handed in."""

    time: int
    actor: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Appeal:
    """A mark that the instructor set by hand, and why."""

    time: int
    mark: str
    points: float
    reason: str


@dataclass(frozen=True, slots=True)
class State:
    """The exercise at its last log line.

    Attributes:
        settings: what was fixed at the start.
        clock: simulated time.
        actions: everything that was done, in order.
        letters: every message, in order of delivery.
        hints: what the instructor or the self-paced mode told: (time, text).
        submissions: documents, in order; the last one counts.
        appeals: marks set by hand.
        written: until when evidence has been written.
    """

    settings: Settings
    clock: Clock
    actions: tuple[Action, ...] = ()
    letters: tuple[Letter, ...] = ()
    hints: tuple[tuple[int, str], ...] = ()
    submissions: tuple[Submission, ...] = ()
    appeals: tuple[Appeal, ...] = ()
    written: int = 0
    delivered: frozenset[str] = field(default_factory=frozenset)


def replay(entries: Iterable[Entry]) -> State:
    """Return the state that a log leads to.

    Raises:
        TamperedLogError: the log does not begin with a start, or a line makes no sense.
    """
    state: State | None = None
    for entry in entries:
        try:
            state = _begin(entry) if state is None else _after(state, entry)
        except (KeyError, TypeError, ValueError) as error:
            raise TamperedLogError(
                f"line {entry.number + 1} of the exercise log makes no sense: {error!r}"
            ) from error
    if state is None:
        raise TamperedLogError("the exercise log is empty")
    return state


def _begin(entry: Entry) -> State:
    if entry.kind is not EntryKind.STARTED:
        raise TamperedLogError("the exercise log does not begin with a start")
    settings = Settings(**entry.data["settings"])
    clock = Clock(
        settings.begin, settings.end, settings.alert, entry.wall, float(entry.data["speed"])
    )
    return State(settings, clock, written=settings.begin)


def _after(state: State, entry: Entry) -> State:
    moved = replace(state, clock=state.clock.at(entry.time, entry.wall))
    return _APPLY[entry.kind](moved, entry, entry.data)


def _clock(state: State, _: Entry, data: Mapping[str, Any]) -> State:
    clock = replace(state.clock, speed=float(data["speed"]), paused=bool(data["paused"]))
    return replace(state, clock=clock)


def _action(state: State, entry: Entry, data: Mapping[str, Any]) -> State:
    action = Action(entry.time, ActionKind(data["kind"]), data["target"], entry.actor, data["note"])
    return replace(state, actions=(*state.actions, action))


def _letter(state: State, _: Entry, data: Mapping[str, Any]) -> State:
    letter = letter_from_json(data)
    return replace(state, letters=(*state.letters, letter), delivered=state.delivered | {letter.id})


def _evidence(state: State, _: Entry, data: Mapping[str, Any]) -> State:
    return replace(state, written=int(data["until"]))


def _hint(state: State, entry: Entry, data: Mapping[str, Any]) -> State:
    return replace(state, hints=(*state.hints, (entry.time, str(data["text"]))))


def _submitted(state: State, entry: Entry, data: Mapping[str, Any]) -> State:
    handed = Submission(entry.time, entry.actor, data["name"], data["text"])
    return replace(state, submissions=(*state.submissions, handed))


def _appeal(state: State, entry: Entry, data: Mapping[str, Any]) -> State:
    appeal = Appeal(entry.time, data["mark"], float(data["points"]), data["reason"])
    return replace(state, appeals=(*state.appeals, appeal))


def _nothing(state: State, _: Entry, __: Mapping[str, Any]) -> State:
    return state


def _started_again(_: State, entry: Entry, __: Mapping[str, Any]) -> State:
    raise TamperedLogError(f"line {entry.number + 1}: the exercise is started a second time")


_APPLY: Mapping[EntryKind, Callable[[State, Entry, Mapping[str, Any]], State]] = {
    EntryKind.STARTED: _started_again,
    EntryKind.CLOCK: _clock,
    EntryKind.ACTION: _action,
    EntryKind.LETTER: _letter,
    EntryKind.EVIDENCE: _evidence,
    EntryKind.HINT: _hint,
    EntryKind.SUBMITTED: _submitted,
    EntryKind.GRADED: _nothing,
    EntryKind.APPEAL: _appeal,
}
