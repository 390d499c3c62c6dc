"""Windows events as XML text: ``wevtutil qe /f:xml``, Event Viewer's "save as XML"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from noroshi.collect.decoding import CHUNK_BYTES, LINE_BYTES, decode
from noroshi.collect.evidence import Evidence, Head
from noroshi.collect.record import EXCERPT_BYTES, BadRecord, Record
from noroshi.collect.registry import collector
from noroshi.collect.windows import flat_xml_event, record_of

_START = re.compile(rb"<Event(?=[\s>])")
_END = b"</Event>"
_SNIFF = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<Events\b[^>]{0,500}>\s*)?<Event[\s>].{0,500}?<System[\s>]",
    re.DOTALL,
)


def _sniff(head: Head) -> int:
    return 90 if _SNIFF.match(head.text) else 0


@collector("windows_xml", sniff=_sniff)
def read_windows_xml(evidence: Evidence) -> Iterator[Record | BadRecord]:
    """Yield the events in the source's order."""
    for offset, text in _elements(evidence):
        if text is None:
            yield BadRecord(offset, "XML ends, or goes on too long, in the middle of an event")
            continue
        try:
            yield record_of(flat_xml_event(decode(text)))
        except ValueError as error:
            yield BadRecord(offset, str(error), text[:EXCERPT_BYTES])


def _elements(evidence: Evidence) -> Iterator[tuple[int, bytes | None]]:
    """Cut the stream into ``<Event>`` elements; None stands for one that does not end."""
    buffer, base = b"", 0
    with evidence.open_text() as stream:
        while chunk := stream.read(CHUNK_BYTES):
            buffer += chunk
            at = 0
            while start := _START.search(buffer, at):
                end = buffer.find(_END, start.start())
                if end < 0:
                    break
                at = end + len(_END)
                yield base + start.start(), buffer[start.start() : at]
            keep = start.start() if start else max(at, len(buffer) - 8)
            buffer, base = buffer[keep:], base + keep
            if len(buffer) > LINE_BYTES:
                yield base, None
                buffer, base = b"", base + len(buffer)
    if _START.search(buffer):
        yield base, None
