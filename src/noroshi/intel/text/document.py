"""A report as text, with the way back to the page or the byte where each part stood."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

from noroshi.lang import N_, Message


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a report is read; what lies beyond is reported, not read.

    Attributes:
        input_bytes: of the file.
        inflated_bytes: of what a compressed file unpacks to.
        characters: of the text.
        pages: of a PDF.
        seconds: CPU time for a PDF.
        memory_bytes: for a PDF.
        depth: mails and attachments inside one another.
    """

    input_bytes: int = 64 << 20
    inflated_bytes: int = 64 << 20
    characters: int = 64 << 20
    pages: int = 5000
    seconds: int = 60
    memory_bytes: int = 1 << 30
    depth: int = 3


@dataclass(frozen=True, slots=True)
class Document:
    """The text of a report.

    Headings begin with ``#``, links read ``[words](address)``, table cells are parted by ``|``.

    Attributes:
        name: file name, for people.
        text: the text; spans point into it.
        format: html, pdf, docx, markdown, text, mail.
        places: (offset in the text, offset in the file) where known, ascending in both.
        pages: (offset in the text, page number from 1), ascending.
        sites: host names that the report calls its own home.
        problems: what was cut, skipped or unreadable.
    """

    name: str
    text: str
    format: str = "text"
    places: tuple[tuple[int, int], ...] = ()
    pages: tuple[tuple[int, int], ...] = ()
    sites: frozenset[str] = frozenset()
    problems: tuple[Message, ...] = field(default_factory=tuple)

    def page(self, offset: int) -> int | None:
        """Return the page of a place in the text, if the format has pages."""
        index = bisect_right(self.pages, (offset, 1 << 62)) - 1
        return self.pages[index][1] if index >= 0 else None

    def original(self, offset: int) -> int | None:
        """Return where the piece around a place began in the decoded file, if that is known."""
        index = bisect_right(self.places, (offset, 1 << 62)) - 1
        if index < 0:
            return None
        begin, source = self.places[index]
        return source + offset - begin


_CUT = {
    "bytes": N_("{name}: only the first {limit} bytes were read"),
    "characters": N_("{name}: only the first {limit} characters were read"),
    "pages": N_("{name}: only the first {limit} pages were read"),
    "parts": N_("{name}: only the first {limit} parts were read"),
}


def cut(name: str, limit: int, unit: str) -> Message:
    """Say that a report was longer than what is read; units are those of ``_CUT``."""
    return Message(_CUT[unit], {"name": name, "limit": limit})
