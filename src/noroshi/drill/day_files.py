"""The files of one day, written under other names till all of the day is there."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from pathlib import Path

from noroshi.drill.observe.look import Seen
from noroshi.drill.write.sheet import Sheet


class DayFiles:
    """Files of a day below a folder, each with the day's date in its name.

    Attributes:
        records: how many were written so far.
    """

    def __init__(self, folder: Path, stamp: str) -> None:
        self.records = 0
        self._folder, self._stamp = folder, stamp
        self._lines: Counter[str] = Counter()
        self._sizes: Counter[str] = Counter()
        self._digests: dict[str, hashlib._Hash] = {}

    def put(self, seen: Seen) -> Seen:
        """Append what a sensor wrote; return it without its sheets, led to the lines on disk."""
        before = dict(self._lines)
        for sheet in seen.sheets:
            self._append(sheet)
        shown = {
            number: tuple(
                replace(
                    record, file=self._name(record.file),
                    line=record.line + before.get(self._name(record.file), 0),
                )
                for record in records
            )
            for number, records in seen.shown.items()
        }  # fmt: skip
        return replace(seen, sheets=(), shown=shown)

    def finish(self) -> dict[str, tuple[int, str]]:
        """Give the files their names; return size and SHA-256 of each, by name."""
        files = {}
        for name, digest in sorted(self._digests.items()):
            files[name] = (self._sizes[name], digest.hexdigest())
            self._part(name).replace(self._folder / name)
        return files

    def _append(self, sheet: Sheet) -> None:
        if not sheet.records:
            return
        name = self._name(sheet.name)
        part = self._part(name)
        part.parent.mkdir(parents=True, exist_ok=True)
        with part.open("ab" if name in self._digests else "wb") as file:
            digest = self._digests.setdefault(name, hashlib.sha256())
            for data in sheet.parts():
                self._sizes[name] += file.write(data)
                digest.update(data)
        self._lines[name] += len(sheet.lines)
        self.records += sheet.records

    def _name(self, name: str) -> str:
        path = Path(name)
        stem = path.stem if self._stamp in path.stem else f"{path.stem}-{self._stamp}"
        return str(path.with_name(stem + path.suffix))

    def _part(self, name: str) -> Path:
        return self._folder / f"{name}.part"
