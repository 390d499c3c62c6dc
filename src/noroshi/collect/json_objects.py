"""JSON objects out of a source: one a line, an array, a wrapper object, or over many lines.

A broken object costs only itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from noroshi.collect.decoding import CHUNK_BYTES, load_json
from noroshi.collect.evidence import Evidence
from noroshi.collect.json_pieces import is_wrapped, one_a_line, pieces
from noroshi.collect.record import EXCERPT_BYTES, BadRecord


def json_objects(evidence: Evidence) -> Iterator[tuple[int, dict[str, Any]] | BadRecord]:
    """Yield (byte offset, object) for every record object of a JSON source."""
    head = evidence.head().data
    if one_a_line(head):
        yield from _from_lines(evidence)
    else:
        with evidence.open_text() as stream:
            yield from _from_stream(stream, 1 if is_wrapped(head) else 0)


def _from_lines(evidence: Evidence) -> Iterator[tuple[int, dict[str, Any]] | BadRecord]:
    for item in evidence.lines():
        if isinstance(item, BadRecord):
            yield item
        elif item[1].strip():
            yield _parsed(*item)


def _from_stream(stream: IO[bytes], depth: int) -> Iterator[tuple[int, dict[str, Any]] | BadRecord]:
    for piece in pieces(iter(lambda: stream.read(CHUNK_BYTES), b""), depth):
        yield piece if isinstance(piece, BadRecord) else _parsed(*piece)


def _parsed(offset: int, text: bytes) -> tuple[int, dict[str, Any]] | BadRecord:
    try:
        value = load_json(text)
    except ValueError as error:
        return BadRecord(offset, f"not JSON: {error}", text[:EXCERPT_BYTES])
    if not isinstance(value, dict):
        return BadRecord(offset, "JSON, but not an object", text[:EXCERPT_BYTES])
    return offset, value
