"""One evidence file being written, which remembers the lines that belong to the story."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Sheet:
    """A log file in memory.

    Attributes:
        name: path below the evidence folder.
        lines: its lines without line ends.
        records: how many of them, or of the groups they form, are records.
        story: step -> numbers of its lines, from 1.
    """

    name: str
    lines: list[str] = field(default_factory=list)
    records: int = 0
    story: dict[str, list[int]] = field(default_factory=dict)

    def add(self, text: str, step: str = "") -> None:
        """Append a record of one or more lines."""
        if step:
            self.story.setdefault(step, []).append(len(self.lines) + 1)
        self.lines.extend(text.split("\n"))
        self.records += 1

    def line(self, text: str, step: str = "") -> None:
        """Append a record that is one line."""
        self.lines.append(text)
        self.records += 1
        if step:
            self.story.setdefault(step, []).append(len(self.lines))

    def lines_of(self, texts: Iterable[str], steps: Iterable[str]) -> None:
        """Append many records of one line, each with its step."""
        before = len(self.lines)
        self.lines.extend(texts)
        self.records += len(self.lines) - before
        for number, step in enumerate(steps, before + 1):
            if step:
                self.story.setdefault(step, []).append(number)

    def comment(self, text: str) -> None:
        """Append a line that is no record."""
        self.lines.append(text)

    def parts(self) -> Iterator[bytes]:
        """Yield the file's contents piece by piece."""
        for start in range(0, len(self.lines), _LINES):
            yield ("\n".join(self.lines[start : start + _LINES]) + "\n").encode()

    def save(self, folder: Path) -> int:
        """Write the file and return its size in bytes."""
        path = folder / self.name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            return sum(map(file.write, self.parts()))


_LINES = 4_000
"""Lines that are put together at a time."""
