"""JSON objects out of a stream: one a line, an array, a wrapper object, or printed over many lines.

Memory stays bounded by the longest object (:data:`~noroshi.collect.evidence.LINE_BYTES`), a broken
object costs only itself, and every object knows its byte offset.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, Any

from noroshi.collect.evidence import CHUNK_BYTES, LINE_BYTES, Evidence, load_json
from noroshi.collect.record import EXCERPT_BYTES, BadRecord

_SCALAR = rb'(?:"(?:[^"\\]|\\.)*+"|-?[\d.eE+-]++|true|false|null)'
_WRAPPER = re.compile(
    rb'\s*+\{\s*+(?:"[^"\\]*+"\s*+:\s*+' + _SCALAR + rb"\s*+,\s*+)*+"
    rb'"(?:Records|records|value|values|events|Events|logs|items|hits|results|data)"\s*+:\s*+\[',
    re.DOTALL,
)
"""An object with its records in an array: CloudTrail's ``Records``, Microsoft Graph's ``value``."""

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"|[{}]|"', re.DOTALL)


def json_objects(evidence: Evidence) -> Iterator[tuple[int, dict[str, Any]] | BadRecord]:
    """Yield (byte offset, object) for every record object of a JSON source."""
    head = evidence.head().data
    if _one_a_line(head):
        yield from _from_lines(evidence)
    else:
        with evidence.open_text() as stream:
            yield from _from_stream(stream, 1 if _WRAPPER.match(head) else 0)


def first_object(head: bytes) -> dict[str, Any]:
    """Return the first record object that lies whole in the first bytes; empty if there is none."""
    if _one_a_line(head):
        found = load_json(head.lstrip().split(b"\n", 1)[0])
        return found if isinstance(found, dict) else {}
    start = _WRAPPER.match(head)
    for piece in _pieces(iter([head[start.end() :] if start else head]), 0):
        if isinstance(piece, BadRecord):
            break
        try:
            found = load_json(piece[1])
        except ValueError:
            break
        return found if isinstance(found, dict) else {}
    return {}


def _one_a_line(head: bytes) -> bool:
    text = head.lstrip()
    if not text.startswith(b"{") or _WRAPPER.match(text):
        return False
    line, _, rest = text.partition(b"\n")
    try:
        load_json(line)
    except ValueError:
        return not rest.strip() and len(text) >= LINE_BYTES
    return True


def _from_lines(evidence: Evidence) -> Iterator[tuple[int, dict[str, Any]] | BadRecord]:
    for item in evidence.lines():
        if isinstance(item, BadRecord):
            yield item
        elif item[1].strip():
            yield _parsed(*item)


def _from_stream(stream: IO[bytes], depth: int) -> Iterator[tuple[int, dict[str, Any]] | BadRecord]:
    for piece in _pieces(iter(lambda: stream.read(CHUNK_BYTES), b""), depth):
        yield piece if isinstance(piece, BadRecord) else _parsed(*piece)


def _parsed(offset: int, text: bytes) -> tuple[int, dict[str, Any]] | BadRecord:
    try:
        value = load_json(text)
    except ValueError as error:
        return BadRecord(offset, f"not JSON: {error}", text[:EXCERPT_BYTES])
    if not isinstance(value, dict):
        return BadRecord(offset, "JSON, but not an object", text[:EXCERPT_BYTES])
    return offset, value


def _pieces(chunks: Iterator[bytes], level: int) -> Iterator[tuple[int, bytes] | BadRecord]:
    """Cut the stream into the objects that open at brace depth ``level``."""
    buffer, base, at, depth, start = b"", 0, 0, 0, -1
    for chunk in chunks:
        buffer += chunk
        while found := _TOKEN.search(buffer, at):
            token = found.group()
            if token == b'"':  # a string that goes on in the next chunk
                at = found.start()
                break
            at = found.end()
            if token == b"{":
                if depth == level:
                    start = found.start()
                depth += 1
            elif token == b"}":
                depth = max(depth - 1, 0)
                if depth == level and start >= 0:
                    yield base + start, buffer[start:at]
                    start = -1
        else:
            at = len(buffer)
        keep = start if start >= 0 else at
        if len(buffer) - keep > LINE_BYTES:
            yield BadRecord(
                base + keep,
                f"JSON object over {LINE_BYTES} bytes",
                buffer[keep : keep + EXCERPT_BYTES],
            )
            return
        buffer, base, at = buffer[keep:], base + keep, at - keep
        start = 0 if start >= 0 else -1
    if start >= 0 or buffer[at:].strip(b" \t\r\n,]}"):
        yield BadRecord(base, "JSON ends in the middle of an object", buffer[:EXCERPT_BYTES])
