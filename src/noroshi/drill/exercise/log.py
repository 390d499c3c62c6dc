"""The exercise log: append-only, on disk before anybody is told, safe for two processes at once.

JSON lines. A line is written and synchronised before the command that caused it answers. What a
crash left of a half-written last line is cut off by the next writer. A small file beside the log
holds number and digest of the last line, so that lines cut off at the end are missed too.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from noroshi.drill.exercise.entry import FIRST, Entry, EntryKind, read_entry
from noroshi.drill.exercise.errors import ExerciseError, TamperedLogError

NAME = "exercise.jsonl"


class ExerciseLog:
    """The log of one team's exercise in its folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / NAME
        self._head = folder / "exercise.head"

    @property
    def exists(self) -> bool:
        """Whether an exercise was started here."""
        return self.path.exists()

    def read(self) -> list[Entry]:
        """Return every entry, checked.

        Raises:
            ExerciseError: there is no exercise here.
            TamperedLogError: the lines do not hang together.
        """
        if not self.exists:
            raise ExerciseError(self._none())
        with self._locked():
            return self._read()

    def _none(self) -> str:
        """Say that there is no exercise here, and where there is one."""
        teams = sorted(path.parent for path in self.folder.glob(f"*/{NAME}"))
        if teams:
            return (
                f"{self.folder} holds the exercises of teams; name one of them, such as {teams[0]}"
            )
        return f"no exercise in {self.folder}; start one with: noroshi drill play"

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """Hold the log for writing; other processes wait."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._locked():
            entries = self._read() if self.exists else []
            self._cut_torn_end()
            yield Writer(self.path, self._head, entries)

    def _read(self) -> list[Entry]:
        entries: list[Entry] = []
        before = FIRST
        for number, line in enumerate(self._lines()):
            entry = read_entry(line, f"{self.path}:{number + 1}")
            if entry.before != before or entry.number != number:
                raise TamperedLogError(
                    f"{self.path}:{number + 1}: does not follow the line before it"
                )
            before = entry.digest
            entries.append(entry)
        self._check_head(entries)
        return entries

    def _lines(self) -> list[str]:
        try:
            text = self.path.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            raise TamperedLogError(f"{self.path}: not UTF-8 at byte {error.start}") from error
        return text.split("\n")[:-1]

    def _check_head(self, entries: list[Entry]) -> None:
        """The log may be one line ahead of the head (a crash between), never behind it."""
        if not self._head.exists():
            return
        number, _, digest = self._head.read_text("ascii", "replace").strip().partition(" ")
        if not number.isdigit() or len(number) > 18:
            raise TamperedLogError(f"{self._head}: not the head of an exercise log")
        if int(number) >= len(entries) or entries[int(number)].digest != digest:
            raise TamperedLogError(f"{self.path}: lines are missing at the end")

    def _cut_torn_end(self) -> None:
        if not self.exists:
            return
        data = self.path.read_bytes()
        whole = data.rfind(b"\n") + 1
        if whole < len(data):
            os.truncate(self.path, whole)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        descriptor = os.open(self.folder / "exercise.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


class Writer:
    """A log that is held for writing.

    Attributes:
        entries: everything in it, with what was appended here.
    """

    def __init__(self, path: Path, head: Path, entries: list[Entry]) -> None:
        self.entries = entries
        self._path, self._head = path, head

    def append(
        self, kind: EntryKind, actor: str, data: Mapping[str, Any], *, wall: int, time: int
    ) -> Entry:
        """Add a line; it is on disk when this returns."""
        before = self.entries[-1].digest if self.entries else FIRST
        entry = Entry(len(self.entries), wall, time, kind, actor, data, before)
        with self._path.open("ab") as file:
            file.write(f"{entry.to_line()}\n".encode())
            file.flush()
            os.fsync(file.fileno())
        draft = self._head.with_name(f"{self._head.name}.draft")
        draft.write_text(f"{entry.number} {entry.digest}\n", "ascii")
        draft.replace(self._head)
        self.entries.append(entry)
        return entry
