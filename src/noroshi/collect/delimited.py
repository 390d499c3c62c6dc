"""Collector of delimited text with a header line, the last resort for tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from noroshi.collect.clock import in_zone
from noroshi.collect.decoding import decode
from noroshi.collect.evidence import Evidence, Head
from noroshi.collect.guessed import GENERIC, TIME, guess_fields
from noroshi.collect.record import EXCERPT_BYTES, BadRecord, Record
from noroshi.collect.registry import collector

MAX_COLUMNS = 512
MAX_RECORD_LINES = 2_048
"""Lines that one quoted record may span; more than that is an unclosed quote."""

_DELIMITERS = (",", "\t", ";", "|")


@dataclass(frozen=True, slots=True)
class Dialect:
    """Delimiter and column names of a table."""

    delimiter: str
    names: tuple[str, ...]


def dialect_of(lines: Sequence[str]) -> Dialect | None:
    """Return the dialect if the first lines are a table: as many cells in each as in the header."""
    if len(lines) < 2:
        return None
    for delimiter in _DELIMITERS:
        names = next(csv.reader([lines[0][:65_536]], delimiter=delimiter), [])
        named = [name.strip() for name in names]
        if not 2 <= len(named) <= MAX_COLUMNS or not all(_is_name(name) for name in named):
            continue
        counts = [len(row) for row in csv.reader(lines[1:20], delimiter=delimiter) if any(row)]
        if counts and sum(count == len(named) for count in counts) * 2 > len(counts):
            return Dialect(delimiter, tuple(_unique(named)))
    return None


def sniff(head: Head) -> int:
    """A header and rows of the same width."""
    try:
        return 4 if dialect_of(head.lines[:20]) else 0
    except csv.Error:
        return 0


@collector("csv", sniff=sniff)
def read_csv(evidence: Evidence) -> Iterator[Record | BadRecord]:
    """Yield the rows as generic events; times that name no zone are in the evidence's."""
    for item in csv_rows(evidence):
        if isinstance(item, BadRecord):
            yield item
        else:
            fields = guess_fields(dict(item[1]))
            time = in_zone(str(fields.get(TIME) or ""), evidence.zone)
            evidence.zoneless |= time is not None
            yield Record(GENERIC, fields, time)


def csv_rows(evidence: Evidence) -> Iterator[tuple[int, dict[str, str]] | BadRecord]:
    """Yield (byte offset, cells by column) of every row; empty cells are left out."""
    try:
        dialect = dialect_of(evidence.head().lines[:20])
    except csv.Error:
        dialect = None
    if dialect is None:
        yield BadRecord(0, "no header line that the rows fit")
        return
    is_header = True
    for item in _logical_lines(evidence):
        if isinstance(item, BadRecord):
            yield item
            continue
        offset, raw = item
        if not raw.strip():
            continue
        if is_header:
            is_header = False
            continue
        yield _row(offset, raw, dialect)


def _row(offset: int, raw: bytes, dialect: Dialect) -> tuple[int, dict[str, str]] | BadRecord:
    text = decode(raw)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=dialect.delimiter))
    except csv.Error as error:
        return BadRecord(offset, f"not a table row: {error}", raw[:EXCERPT_BYTES])
    if len(rows) != 1 or len(rows[0]) != len(dialect.names):
        found = len(rows[0]) if rows else 0
        reason = f"{found} cells, {len(dialect.names)} columns"
        return BadRecord(offset, reason, raw[:EXCERPT_BYTES])
    cells = zip(dialect.names, rows[0], strict=True)
    return offset, {name: cell for name, cell in cells if cell}


def _logical_lines(evidence: Evidence) -> Iterator[tuple[int, bytes] | BadRecord]:
    """Join physical lines while a quote is open."""
    parts: list[bytes] = []
    start = quotes = 0
    for item in evidence.lines():
        if isinstance(item, BadRecord):
            yield item
            continue
        offset, line = item
        if not parts:
            start, quotes = offset, 0
        parts.append(line)
        quotes += line.count(b'"')
        if quotes % 2 == 0:
            yield start, b"\n".join(parts)
            parts = []
        elif len(parts) >= MAX_RECORD_LINES:
            yield BadRecord(start, "a quote is never closed", parts[0][:EXCERPT_BYTES])
            parts = []
    if parts:
        yield BadRecord(start, "a quote is never closed", parts[0][:EXCERPT_BYTES])


def _is_name(text: str) -> bool:
    return 0 < len(text) <= 128 and any(char.isalpha() for char in text) and text.isprintable()


def _unique(names: Sequence[str]) -> Iterator[str]:
    seen: dict[str, int] = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        yield name if seen[name] == 1 else f"{name}_{seen[name]}"
