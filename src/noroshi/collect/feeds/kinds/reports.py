"""Reports that lie in a folder (HTML, PDF, DOCX, text), and mail: Maildir, mbox, .eml files."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from noroshi.collect.feeds.door import Door, Got
from noroshi.collect.feeds.item import Form, Item
from noroshi.collect.feeds.kinds.files import Files
from noroshi.collect.feeds.kinds.values import moment
from noroshi.intel.text import read_bytes
from noroshi.lang import render

_FROM = re.compile(rb"(?:\A|\n\r?\n)From [^\n]*\n")
_QUOTED = re.compile(rb"(?m)^>(>*From )")
_HEADING = re.compile(r"^(?:#|=)+ (\S.*)$", re.MULTILINE)
_SUBJECT = re.compile(r"^Subject: (.+)$", re.MULTILINE)
_DATE = re.compile(r"^Date: (.+)$", re.MULTILINE)


def read_reports(door: Door, _: dict[str, Any]) -> Iterator[Item]:
    """Yield each report; the same content under another name is the same report."""
    return Files(door, lambda got: _report(door, got.body, got.location)).items()


def read_mails(door: Door, _: dict[str, Any]) -> Iterator[Item]:
    """Yield each mail with its readable attachments."""

    def parse(got: Got) -> Iterator[Item]:
        for mail in _mails(got.body):
            yield from _report(door, mail, f"{Path(got.location).name}.eml")

    return Files(door, parse).items()


def _mails(data: bytes) -> Iterator[bytes]:
    """Yield the mails of an mbox (RFC 4155), or the one mail that a file is."""
    found = list(_FROM.finditer(data)) if data.startswith(b"From ") else []
    if not found:
        yield data
        return
    ends = [one.start() for one in found[1:]] + [len(data)]
    for one, end in zip(found, ends, strict=True):
        yield _QUOTED.sub(rb"\1", data[one.end() : end])


def _report(door: Door, data: bytes, name: str) -> Iterator[Item]:
    document = read_bytes(data, name)
    for problem in document.problems:
        door.refuse(_title(name), render(problem, "en"))
    text = document.text[: door.limits.text]
    if not text.strip():
        return
    heading = _HEADING.search(text[:5000])
    title, published = heading[1].strip() if heading else _title(name), 0
    if document.format == "mail":
        head = text[:10_000]
        subject, date = _SUBJECT.search(head), _DATE.search(head)
        title = subject[1].strip() if subject else _title(name)
        published = moment(date[1]) if date else 0
    body = {
        "name": title[:500] or "?", "text": text, "link": "", "published": published,
        "sites": sorted(document.sites),
    }  # fmt: skip
    # A mail's own date is its sender's choice: it is told, not judged.
    yield Item(hashlib.sha256(data).hexdigest(), Form.REPORT, body)


def _title(name: str) -> str:
    """Return a file's name as text: archives from Windows leave names in Shift_JIS behind."""
    raw = os.fsencode(Path(name).name)
    for encoding in ("utf-8", "cp932"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")
