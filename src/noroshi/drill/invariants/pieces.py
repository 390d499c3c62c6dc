"""What of a folder of evidence is read at a time: a day, or a window of an exercise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from noroshi.drill.clock import JST, SECOND
from noroshi.drill.errors import DrillError
from noroshi.drill.invariants.tables import SOURCES

_DATE = re.compile(r"(?<!\d)20\d\d[01]\d[0-3]\d(?!\d)")
_WINDOW = re.compile(r"(\d{8}T\d{6})-(\d{8}T\d{6})")


@dataclass(frozen=True, slots=True)
class Piece:
    """Evidence that is read at once.

    Attributes:
        label: its day (``2026-05-20``) or window; empty for a folder that is not parted.
        begin: µs since 1970 UTC, 0 where it is not known.
        until: the same, not included.
        files: of each table.
    """

    label: str
    begin: int
    until: int
    files: Mapping[str, Sequence[Path]]


def pieces(folder: Path) -> list[Piece]:
    """Part a folder by the days in its files' names, or by an exercise's windows, in order.

    A folder with one file that names no day is read at once.

    Raises:
        DrillError: no log that the checks know is there.
    """
    windows = [(each, found) for each in sorted(folder.glob("*T*-*T*"))
               if each.is_dir() and (found := _WINDOW.fullmatch(each.name))]  # fmt: skip
    if windows:
        parted = [
            Piece(path.name, _time(found[1]), _time(found[2]), _files(path))
            for path, found in windows
        ]
    else:
        parted = list(_days(_files(folder)))
    if not any(piece.files for piece in parted):
        raise DrillError(
            f"{folder}: no evidence to check; give the folder that drill generate wrote"
        )
    return parted


def _files(folder: Path) -> dict[str, list[Path]]:
    found = {source.name: sorted(folder.glob(source.pattern)) for source in SOURCES}
    return {name: paths for name, paths in found.items() if paths}


def _days(files: Mapping[str, Sequence[Path]]) -> Iterator[Piece]:
    by_date: dict[str, dict[str, list[Path]]] = {}
    for name, paths in files.items():
        for path in paths:
            dates = _DATE.findall(path.name)
            if not dates:
                yield Piece("", 0, 0, files)
                return
            by_date.setdefault(dates[-1], {}).setdefault(name, []).append(path)
    for date, found in sorted(by_date.items()):
        day = datetime.strptime(date, "%Y%m%d").replace(tzinfo=JST)
        begin, until = (round(each.timestamp()) * SECOND for each in (day, day + timedelta(1)))
        yield Piece(f"{day:%Y-%m-%d}", begin, until, found)


def _time(text: str) -> int:
    return round(datetime.strptime(text, "%Y%m%dT%H%M%S").replace(tzinfo=JST).timestamp()) * SECOND
