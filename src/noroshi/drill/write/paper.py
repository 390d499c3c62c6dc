"""Sheets that are not plain UTF-8 lines: other encodings, tables, and files that are no text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from noroshi.drill.clock import Seconds
from noroshi.drill.write.sheet import Sheet


@dataclass
class Page(Sheet):
    """Lines in another encoding or with other line ends.

    What the encoding does not have becomes ``?`` as the products do it.
    """

    encoding: str = "utf-8"
    newline: str = "\n"

    def row(self, cells: Iterable[object], step: str = "") -> None:
        """Append a row of a comma-separated table (RFC 4180)."""
        self.add(joined(cells), step)

    def head(self, cells: Iterable[object]) -> None:
        """Append the header row."""
        self.comment(joined(cells))

    def parts(self) -> Iterator[bytes]:
        """Yield the file's contents."""
        yield self.newline.join((*self.lines, "")).encode(self.encoding, "replace")


@dataclass
class Blob(Sheet):
    """A file that is no text; ``story`` counts its records instead of lines."""

    data: bytearray = field(default_factory=bytearray)

    def put(self, data: bytes, step: str = "") -> None:
        """Append a record."""
        self.records += 1
        if step:
            self.story.setdefault(step, []).append(self.records)
        self.data += data

    def parts(self) -> Iterator[bytes]:
        """Yield the file's contents."""
        yield bytes(self.data)


def joined(cells: Iterable[object]) -> str:
    """Return cells as one line of a comma-separated table."""
    texts = [str(cell) for cell in cells]
    line = ",".join(texts)
    if '"' not in line and "\n" not in line and "\r" not in line and line.count(",") < len(texts):
        return line
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow(texts)
    return buffer.getvalue()


def bsd(time: int, host: str, program: str, pid: int = 0) -> str:
    """Return the head of a syslog line as RFC 3164 has it: local time, no year, no zone."""
    tag = f"{program}[{pid}]" if pid else program
    return f"{_RFC_3164[time // 1_000_000]} {host.lower()} {tag}:"


_RFC_3164 = Seconds(lambda day: f"{day:%b} {day.day:2d} ")


def slashed(time: int) -> str:
    """Return a time as Japanese products print it: local, slashes, no zone."""
    return _SLASHED[time // 1_000_000]


_SLASHED = Seconds(lambda day: f"{day:%Y/%m/%d} ")
