"""JSON cut into the objects that are its records, without parsing it.

Memory stays bounded by the longest object (:data:`~noroshi.collect.decoding.LINE_BYTES`), and every
piece knows its byte offset.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from noroshi.collect.decoding import LINE_BYTES, load_json
from noroshi.collect.record import EXCERPT_BYTES, BadRecord

_SCALAR = rb'(?:"(?:[^"\\]|\\.)*+"|-?[\d.eE+-]++|true|false|null)'
_WRAPPER = re.compile(
    rb'\s*+\{\s*+(?:"[^"\\]*+"\s*+:\s*+' + _SCALAR + rb"\s*+,\s*+)*+"
    rb'"(?:Records|records|value|values|events|Events|logs|items|hits|results|data)"\s*+:\s*+\[',
    re.DOTALL,
)
"""An object with its records in an array: CloudTrail's ``Records``, Microsoft Graph's ``value``."""

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"|[{}]|"', re.DOTALL)


def first_object(head: bytes) -> dict[str, Any]:
    """Return the first record object that lies whole in the first bytes; empty if there is none."""
    if one_a_line(head):
        found = load_json(head.lstrip().split(b"\n", 1)[0])
        return found if isinstance(found, dict) else {}
    start = _WRAPPER.match(head)
    for piece in pieces(iter([head[start.end() :] if start else head]), 0):
        if isinstance(piece, BadRecord):
            break
        try:
            found = load_json(piece[1])
        except ValueError:
            break
        return found if isinstance(found, dict) else {}
    return {}


def is_wrapped(head: bytes) -> bool:
    """Tell whether the records lie in an array inside an object."""
    return _WRAPPER.match(head) is not None


def one_a_line(head: bytes) -> bool:
    """Tell whether each record stands on a line of its own."""
    text = head.lstrip()
    if not text.startswith(b"{") or _WRAPPER.match(text):
        return False
    line, _, rest = text.partition(b"\n")
    try:
        load_json(line)
    except ValueError:
        return not rest.strip() and len(text) >= LINE_BYTES
    return True


def pieces(chunks: Iterator[bytes], level: int) -> Iterator[tuple[int, bytes] | BadRecord]:
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
