"""One team's exercise: every command of a trainee or an instructor is a method here.

Each method takes the log, catches up with the clock (messages that are due are delivered, evidence
that came about is written), and then adds its own line. So two processes may call at once, and
what they find is always a consequence of the log.
"""

from __future__ import annotations

import shutil
import time as wall_time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from noroshi.drill.action import ActionKind
from noroshi.drill.clock import local
from noroshi.drill.exercise.entry import Entry, EntryKind
from noroshi.drill.exercise.errors import ExerciseError
from noroshi.drill.exercise.injects import due
from noroshi.drill.exercise.letter import Channel, Letter, own_words
from noroshi.drill.exercise.log import NAME, ExerciseLog, Writer
from noroshi.drill.exercise.orders import checked_target
from noroshi.drill.exercise.outcome import Outcome, Stage
from noroshi.drill.exercise.parties import Party
from noroshi.drill.exercise.roles import Role
from noroshi.drill.exercise.scene import Scene
from noroshi.drill.exercise.state import Settings, State, replay

LONGEST_TEXT = 20_000
"""Longest message, in characters."""


def _now() -> int:
    return wall_time.time_ns() // 1_000


class Exercise:
    """An exercise in its folder.

    The folder holds ``exercise.jsonl`` (the log) and ``evidence/`` (what sensors wrote so far, one
    folder a window of time, ready for ``noroshi ingest``).
    """

    def __init__(self, folder: Path, stage: Stage, wall: Callable[[], int] = _now) -> None:
        self.folder = folder
        self.evidence = folder / "evidence"
        self.log = ExerciseLog(folder)
        self._stage = stage
        self._wall = wall

    # -- looking -----------------------------------------------------------------------------

    def entries(self) -> list[Entry]:
        """Return the whole log, checked."""
        return self.log.read()

    def state(self) -> State:
        """Return what the log leads to, without moving anything."""
        return replay(self.entries())

    def outcome(self, state: State) -> Outcome:
        """Return the future under the actions so far. For instructors and graders only."""
        return self._stage.tell(state.settings, state.actions)

    # -- commands ----------------------------------------------------------------------------

    def start(self, settings: Settings, speed: float = 0.0) -> State:
        """Begin: the evidence up to the alarm is written, and the alarm arrives.

        Raises:
            ExerciseError: there is an exercise already.
        """
        with self.log.writing() as writer:
            if writer.entries:
                raise ExerciseError(f"{self.folder} holds an exercise already; take another folder")
            data = {"settings": settings.to_json(), "speed": speed}
            writer.append(
                EntryKind.STARTED, Role.INSTRUCTOR, data, wall=self._wall(), time=settings.alert
            )
            return self._catch_up(writer, settings.alert)

    def catch_up(self) -> State:
        """Let the world go on up to now."""
        with self._going_on() as (_, state):
            return state

    def advance(self, until: int, role: Role = Role.ALL) -> State:
        """Move the clock on by command.

        Raises:
            ExerciseError: that lies in the past, or the exercise is paused.
        """
        with self._going_on() as (writer, state):
            if state.clock.paused and role is not Role.INSTRUCTOR:
                raise ExerciseError("the exercise is paused; the instructor resumes it")
            if until < state.clock.time:
                raise ExerciseError(
                    f"it is {local(state.clock.time):%Y-%m-%d %H:%M} already; "
                    "time does not go back (noroshi drill branch)"
                )
            self._clock(writer, state, role, min(until, state.settings.end))
            return self._catch_up(writer, min(until, state.settings.end))

    def act(self, kind: ActionKind, target: str, role: Role, note: str = "") -> State:
        """Do something to the organisation.

        Raises:
            ExerciseError: not this role, no such target, paused, or over.
        """
        with self._going_on() as (writer, state):
            self._must_run(state)
            target = checked_target(self.outcome(state), kind, target, role)
            data = {"kind": kind.value, "target": target, "note": _text(note)}
            self._append(writer, EntryKind.ACTION, role, data, state.clock.time)
            return self._catch_up(writer, state.clock.time)

    def message(
        self, sender: str, recipient: str, text: str, channel: Channel = Channel.CHAT,
        answer_to: str = "",
    ) -> State:  # fmt: skip
        """Send a participant's own words to a role, a person or an outside party.

        Raises:
            ExerciseError: nobody of that name, or an answer to a letter that never came.
        """
        with self._going_on() as (writer, state):
            known = {*Role, *Party, *self.outcome(state).people}
            if recipient not in known:
                raise ExerciseError(
                    f"nobody is called {recipient!r}; roles: {', '.join(Role)}; "
                    f"parties: {', '.join(Party)}; or a person's login"
                )
            if answer_to and answer_to not in state.delivered:
                raise ExerciseError(f"there is no message {answer_to!r} to answer")
            letter = Letter(
                f"said-{len(writer.entries)}", state.clock.time, sender, recipient, channel,
                own_words(_text(text)), answer_to,
            )  # fmt: skip
            self._append(writer, EntryKind.LETTER, sender, letter.to_json(), state.clock.time)
            return replay(writer.entries)

    def inject(
        self, sender: Party, recipient: str, text: str, channel: Channel, answer_within: int = 0
    ) -> State:
        """Let an outside party say something; the instructor's hand.

        Args:
            sender: who speaks.
            recipient: a role, or ``all``.
            text: what.
            channel: how.
            answer_within: µs until an answer is expected; 0 for none.

        Raises:
            ExerciseError: no such role.
        """
        with self._going_on() as (writer, state):
            if recipient not in {*Role}:
                raise ExerciseError(f"no role {recipient!r}; one of {', '.join(Role)}")
            time = state.clock.time
            letter = Letter(
                f"inject-{len(writer.entries)}", time, sender, recipient, channel,
                own_words(_text(text)), "", time + answer_within if answer_within else 0,
            )  # fmt: skip
            self._append(writer, EntryKind.LETTER, Role.INSTRUCTOR, letter.to_json(), time)
            return replay(writer.entries)

    def hint(self, text: str) -> State:
        """Give a hint."""
        return self._note(EntryKind.HINT, Role.INSTRUCTOR, {"text": _text(text)})

    def submit(self, role: Role, name: str, text: str) -> State:
        """Hand in a document; the last one counts."""
        return self._note(EntryKind.SUBMITTED, role, {"name": name, "text": text})

    def appeal(self, mark: str, points: float, reason: str) -> State:
        """Set a mark by hand, with the reason."""
        data = {"mark": mark, "points": points, "reason": _text(reason)}
        return self._note(EntryKind.APPEAL, Role.INSTRUCTOR, data)

    def graded(self, points: float) -> State:
        """Note that the exercise was graded."""
        return self._note(EntryKind.GRADED, Role.INSTRUCTOR, {"points": points})

    def set_clock(self, *, paused: bool | None = None, speed: float | None = None) -> State:
        """Pause, resume, or change the speed.

        Raises:
            ExerciseError: a speed below 0 or above 100,000.
        """
        if speed is not None and not 0 <= speed <= 100_000:
            raise ExerciseError("the speed is 0 (by command only) to 100,000 seconds a second")
        with self._going_on() as (writer, state):
            data = {
                "paused": state.clock.paused if paused is None else paused,
                "speed": state.clock.speed if speed is None else speed,
            }
            self._append(writer, EntryKind.CLOCK, Role.INSTRUCTOR, data, state.clock.time)
            return replay(writer.entries)

    def branch(self, time: int, folder: Path) -> Exercise:
        """Copy the exercise as it stood at a time, to go on there in another way.

        Raises:
            ExerciseError: the folder is taken, or the time lies before the start.
        """
        with self.log.writing() as writer:
            kept = [entry for entry in writer.entries if entry.time <= time]
            if not kept:
                raise ExerciseError("the exercise had not begun by then")
            if (folder / NAME).exists():
                raise ExerciseError(f"{folder} holds an exercise already; take another folder")
            other = Exercise(folder, self._stage, self._wall)
            for entry in kept:
                if entry.kind is EntryKind.EVIDENCE:
                    name = entry.data["folder"]
                    shutil.copytree(self.evidence / name, other.evidence / name, dirs_exist_ok=True)
            with other.log.writing() as copy:
                for entry in kept:
                    copy.append(
                        entry.kind, entry.actor, entry.data, wall=entry.wall, time=entry.time
                    )
                state = replay(copy.entries)
                data = {"paused": False, "speed": 0.0}
                copy.append(
                    EntryKind.CLOCK, Role.INSTRUCTOR, data, wall=self._wall(),
                    time=max(state.clock.time, min(time, writer.entries[-1].time)),
                )  # fmt: skip
        return other

    # -- inside ------------------------------------------------------------------------------

    @contextmanager
    def _going_on(self) -> Iterator[tuple[Writer, State]]:
        if not self.log.exists:
            self.log.read()
        with self.log.writing() as writer:
            state = replay(writer.entries)
            yield writer, self._catch_up(writer, state.clock.now(self._wall()))

    def _catch_up(self, writer: Writer, time: int) -> State:
        state = replay(writer.entries)
        outcome = self.outcome(state)
        scene = Scene(state.settings, outcome, state.actions, state.letters, time)
        for letter in due(scene):
            self._append(writer, EntryKind.LETTER, "world", letter.to_json(), time)
        if time > state.written:
            self._write_evidence(writer, state, time)
        state = replay(writer.entries)
        return replace(state, clock=state.clock.at(time, self._wall()))

    def _write_evidence(self, writer: Writer, state: State, until: int) -> None:
        """Write a window beside, put it in place in one step, then note it."""
        name = f"{local(state.written):%Y%m%dT%H%M%S}-{local(until):%Y%m%dT%H%M%S}"
        for old in self.evidence.glob(f"{name[:15]}-*"):
            shutil.rmtree(old)
        draft = self.folder / "evidence.partial"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        self._stage.write(state.settings, state.actions, state.written, until, draft)
        self.evidence.mkdir(exist_ok=True)
        draft.rename(self.evidence / name)
        data = {"until": until, "folder": name}
        self._append(writer, EntryKind.EVIDENCE, "world", data, until)

    def _note(self, kind: EntryKind, role: Role, data: dict[str, Any]) -> State:
        with self._going_on() as (writer, state):
            self._append(writer, kind, role, data, state.clock.time)
            return replay(writer.entries)

    def _clock(self, writer: Writer, state: State, role: Role, time: int) -> None:
        data = {"paused": state.clock.paused, "speed": state.clock.speed}
        self._append(writer, EntryKind.CLOCK, role, data, time)

    def _append(
        self, writer: Writer, kind: EntryKind, actor: str, data: dict[str, Any], time: int
    ) -> None:
        writer.append(kind, str(actor), data, wall=self._wall(), time=time)

    def _must_run(self, state: State) -> None:
        if state.clock.paused:
            raise ExerciseError("the exercise is paused; the instructor resumes it")
        if state.clock.over:
            raise ExerciseError("the exercise is over; hand in the report and ask for the grade")


def _text(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise ExerciseError(f"longer than {LONGEST_TEXT:,} characters; hand it in as a file")
    return text
