"""Syslog messages out of a stream: a line each, or counted octets.

Source: RFC 6587, sections 3.4.1 (octet counting) and 3.4.2 (non-transparent framing).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from noroshi.collect.decoding import LINE_BYTES
from noroshi.collect.evidence import Evidence
from noroshi.collect.record import EXCERPT_BYTES, BadRecord

_COUNT = re.compile(rb"(\d{1,8}) (?=<\d{1,3}>)")


def is_counted(head: bytes) -> bool:
    """Tell whether the stream begins with an octet count."""
    return _COUNT.match(head) is not None


def messages(evidence: Evidence) -> Iterator[tuple[int, bytes] | BadRecord]:
    """Yield (byte offset, message)."""
    with evidence.open_text() as stream:
        counted = is_counted(stream.read(32))
    if not counted:
        yield from evidence.lines()
        return
    with evidence.open_text() as stream:
        yield from _counted(stream)


def _counted(stream: IO[bytes]) -> Iterator[tuple[int, bytes] | BadRecord]:
    offset, ahead = 0, b""
    while start := ahead + stream.read(16 - len(ahead)):
        found = _COUNT.match(start)
        size = int(found[1]) if found else -1
        if found is None or size > LINE_BYTES:
            # The count is lost: what follows up to the end of the line cannot be read.
            line = start + stream.readline(LINE_BYTES)
            cut = line.find(b"\n") + 1 or len(line)
            if line[:cut].strip():
                yield BadRecord(offset, "no octet count where one is due", line[:EXCERPT_BYTES])
            ahead, offset = line[cut:], offset + cut
            if len(ahead) > 16:
                yield BadRecord(offset, "no octet count where one is due", ahead[:EXCERPT_BYTES])
                offset, ahead = offset + len(ahead), b""
            continue
        body = start[found.end() :]
        ahead = body[size:]
        body = body[:size] + (stream.read(size - len(body)) if size > len(body) else b"")
        if len(body) < size:
            yield BadRecord(
                offset, f"{size} octets counted, {len(body)} left", body[:EXCERPT_BYTES]
            )
        else:
            yield offset, body.rstrip(b"\r\n\0")
        offset += found.end() + len(body)
        while ahead[:1] in (b"\n", b"\r"):
            ahead, offset = ahead[1:], offset + 1
