"""Collector of mail.

Sources: RFC 5322 and RFC 2045 … 2049 (messages), RFC 4155 (mbox: a line ``From `` begins a
message; ``>From `` inside one is quoted).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from noroshi.collect.clock import any_time
from noroshi.collect.decoding import CHUNK_BYTES
from noroshi.collect.evidence import Evidence, Head
from noroshi.collect.mail.message import message_fields
from noroshi.collect.mapping import coalesce, constant, integer, several
from noroshi.collect.record import EXCERPT_BYTES, BadRecord, Record
from noroshi.collect.registry import collector
from noroshi.collect.shape import Shape
from noroshi.collect.syslog.shapes import address
from noroshi.model import EVENT_CLASSES, LogSource

MAX_MESSAGE = 64 * 1_048_576
"""Longest message that is read, in bytes; mail servers refuse longer ones as a rule."""

_START = re.compile(rb"From \S+ .{0,8}[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]?\d \d\d:\d\d")
_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]{1,63}:(?: |\t|\r?\n)")
_MAIL_HEADERS = (
    b"received:", b"from:", b"to:", b"subject:", b"date:", b"message-id:", b"return-path:",
    b"mime-version:", b"content-type:", b"delivered-to:",
)  # fmt: skip


MAIL = Shape(
    "mail/message",
    EVENT_CLASSES["email_activity"],
    LogSource("", (), ("email",)),
    any_time("delivered"),
    {
        "activity_name": constant("Receive"),
        "metadata_log_provider": constant("mail"),
        "message": "subject",
        "email_message_uid": "message-id",
        "email_from": "from",
        "email_from_name": "from.name",
        "email_to": several("to"),
        "email_reply_to": "reply-to",
        "email_return_path": "return-path",
        "email_subject": "subject",
        "email_urls": several("urls"),
        "email_attachments": several("attachment.name"),
        "email_attachment_sha256": several("attachment.sha256"),
        "email_authentication": coalesce("authentication-results", "received-spf"),
        "email_x_originating_ip": "originating_ip",
        "src_endpoint_ip": address("originating_ip"),
        "app_name": constant("smtp"),
        "traffic_bytes_out": integer("size"),
    },
)


def sniff(head: Head) -> int:
    """An mbox, or header lines of which two or more are a mail's."""
    data = head.data.lstrip(b"\r\n")
    if _START.match(data):
        return 85
    lines = data[:16_384].split(b"\n")[:60]
    if not lines or not _HEADER.match(lines[0] + b"\n"):
        return 0
    count = 0
    for line in lines:
        if not line.strip():
            break
        if line[:1] in (b" ", b"\t"):
            continue
        if not _HEADER.match(line + b"\n"):
            return 0
        count += line.lower().startswith(_MAIL_HEADERS)
    return 80 if count >= 2 else 0


@collector("mail", sniff=sniff)
def read_mail(evidence: Evidence) -> Iterator[Record | BadRecord]:
    """Yield the messages."""
    for item in _messages(evidence):
        if isinstance(item, BadRecord):
            yield item
            continue
        offset, data = item
        try:
            fields, time = message_fields(data)
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            # The standard library's parser has such bugs left for hostile messages.
            yield BadRecord(offset, f"mail cannot be parsed: {error!r}", data[:EXCERPT_BYTES])
            continue
        yield Record(MAIL, fields, time)


def _messages(evidence: Evidence) -> Iterator[tuple[int, bytes] | BadRecord]:
    """Yield (byte offset, message) of an mbox or of the one message there is."""
    is_mbox = _START.match(evidence.head().data.lstrip(b"\r\n")) is not None
    parts: list[bytes] = []
    offset = start = size = 0
    blank = True
    with evidence.open() as stream:
        while line := stream.readline(CHUNK_BYTES):
            if is_mbox and blank and line.startswith(b"From ") and _START.match(line):
                if size:
                    yield _whole(start, parts, size)
                parts, start, size = [], offset, 0
            elif size or line.strip():
                size += len(line)
                if size <= MAX_MESSAGE:
                    unquoted = is_mbox and line.startswith(b">From ")
                    parts.append(line[1:] if unquoted else line)
            blank = not line.strip()
            offset += len(line)
    if size:
        yield _whole(start, parts, size)


def _whole(start: int, parts: list[bytes], size: int) -> tuple[int, bytes] | BadRecord:
    if size > MAX_MESSAGE:
        reason = f"message of {size} bytes is over {MAX_MESSAGE}"
        return BadRecord(start, reason, b"".join(parts[:16])[:EXCERPT_BYTES])
    return start, b"".join(parts)
