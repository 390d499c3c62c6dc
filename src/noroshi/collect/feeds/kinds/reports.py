"""Reports that lie in a folder (HTML, PDF, DOCX, text), and mail: Maildir, mbox, .eml files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from noroshi.collect.feeds.door import Door
from noroshi.collect.feeds.item import Form, Item
from noroshi.collect.feeds.kinds.files import each_file
from noroshi.collect.feeds.kinds.kind import moment
from noroshi.intel.text import read_bytes

_FROM = re.compile(rb"(?:\A|\n\r?\n)From [^\n]+\n")
_SUBJECT = re.compile(r"\ASubject: (.+)")
_DATE = re.compile(r"^Date: (.+)$", re.MULTILINE)


def read_reports(door: Door, _: dict[str, Any]) -> Iterator[Item]:
    """Yield each report; the same content under another name is the same report."""
    for got in each_file(door):
        yield _report(door, got.body, got.location)


def read_mails(door: Door, _: dict[str, Any]) -> Iterator[Item]:
    """Yield each mail with its readable attachments."""
    for got in each_file(door):
        for mail in _mails(got.body):
            yield _report(door, mail, f"{Path(got.location).name}.eml")


def _mails(data: bytes) -> Iterator[bytes]:
    """Yield the mails of an mbox (RFC 4155), or the one mail that a file is."""
    if not data.startswith(b"From "):
        yield data
        return
    starts = [found.end() for found in _FROM.finditer(data)]
    ends = [found.start() for found in _FROM.finditer(data)][1:]
    for start, end in zip(starts, [*ends, len(data)], strict=True):
        yield re.sub(rb"(?m)^>(>*From )", rb"\1", data[start:end])


def _report(door: Door, data: bytes, name: str) -> Item:
    document = read_bytes(data, name)
    text = document.text[: door.limits.text]
    subject, date = _SUBJECT.search(text), None
    if document.format == "mail":
        date = _DATE.search(text[:4000])
    title = subject[1] if subject and document.format == "mail" else Path(name).name
    published = moment(date[1]) if date else 0
    body = {"name": title[:500], "text": text, "link": "", "published": published}
    # A mail's own date is the sender's choice: it is told, not judged.
    return Item(hashlib.sha256(data).hexdigest(), Form.REPORT, body)
