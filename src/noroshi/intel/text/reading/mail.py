"""Mail (RFC 5322, MIME) to text: subject and sender, then the body, then readable attachments."""

from __future__ import annotations

import email
import email.errors
import email.header
import email.message
import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

from noroshi.intel.text.document import Document, Limits, cut
from noroshi.intel.text.reading.encoding import decode
from noroshi.intel.text.reading.html import read_html
from noroshi.lang import N_, Message

ReadBytes: TypeAlias = Callable[[bytes, str, Limits, int], Document]

_HEADERS = ("Subject", "From", "To", "Reply-To", "Date")
_LONGEST_HEADER = 2000
_PARTS = 500


def read_mail(
    data: bytes, name: str, limits: Limits, depth: int, read_bytes: ReadBytes
) -> Document:
    """Return the text of a mail.

    Args:
        data: the mail.
        name: for messages.
        limits: how much is read.
        depth: how many mails or attachments it lies in.
        read_bytes: reads an attachment that is a report itself.
    """
    try:
        message = email.message_from_bytes(data)
        leaves = list(_leaves(message))
    except (ValueError, LookupError, RecursionError, AttributeError, TypeError) as error:
        text, _ = decode(data, name)
        what = {"name": name, "reason": type(error).__name__}
        return Document(
            name, text, "mail", problems=(Message(N_("{name}: damaged: {reason}"), what),)
        )
    pieces = [f"{field}: {value}\n" for field in _HEADERS if (value := _header(message, field))]
    problems: list[Message] = []
    plain = any(part.get_content_type() == "text/plain" for part in leaves)
    for place, part in enumerate(leaves[:_PARTS]):
        document = _part(part, f"{name}#{place + 1}", limits, depth, read_bytes, plain)
        if document is not None and document.text.strip():
            pieces.append(document.text.rstrip("\n") + "\n")
        problems.extend(document.problems if document is not None else ())
    if len(leaves) > _PARTS:
        problems.append(cut(name, _PARTS, "parts"))
    return Document(name, "\n".join(pieces), "mail", problems=tuple(problems))


def _leaves(message: email.message.Message) -> Iterator[email.message.Message]:
    """Yield the parts that hold something, without recursion: nesting is the sender's choice."""
    waiting: list[email.message.Message] = [message]
    while waiting:
        part = waiting.pop()
        payload = part.get_payload()
        if part.is_multipart() and isinstance(payload, list):
            inner = [item for item in payload if isinstance(item, email.message.Message)]
            waiting.extend(reversed(inner))
        else:
            yield part


def _header(message: email.message.Message, field: str) -> str:
    raw = str(message.get(field, ""))[:_LONGEST_HEADER]
    try:
        parts = email.header.decode_header(raw)
        text = "".join(
            piece if isinstance(piece, str) else decode(piece, field, charset or "")[0]
            for piece, charset in parts
        )
    except (ValueError, LookupError, email.errors.HeaderParseError):
        text = raw
    return " ".join(text.split())


def _part(
    part: email.message.Message,
    name: str,
    limits: Limits,
    depth: int,
    read_bytes: ReadBytes,
    plain: bool,
) -> Document | None:
    kind = part.get_content_type()
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    attached = part.get_content_disposition() == "attachment"
    if kind.startswith("text/") and not attached:
        if kind == "text/html" and plain:
            return None
        text, problems = decode(data, name, str(part.get_param("charset", "")))
        if kind == "text/html":
            return read_html(text, name, problems)
        return Document(name, text.replace("\r\n", "\n"), problems=problems)
    if depth + 1 >= limits.depth or not _report(kind, data):
        return None
    return read_bytes(data, name, limits, depth + 1)


def _report(kind: str, data: bytes) -> bool:
    """Whether an attachment is a report and not a picture or program."""
    return (
        kind.startswith("text/")
        or b"%PDF-" in data[:1024]
        or (data.startswith(b"PK\x03\x04") and b"word/document.xml" in data)
        or re.match(rb"\s{0,64}<(?:!doctype html|html)", data[:256], re.IGNORECASE) is not None
    )
