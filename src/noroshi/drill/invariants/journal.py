"""The mail journal as tables: ``mail``, a row for each recipient and attachment; ``subject``."""

from __future__ import annotations

import mailbox
import re
from collections.abc import Iterator
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path

from noroshi.drill.invariants.source import Row, Source

_RECEIVED = re.compile(r"\[([0-9.]+)\]")


def _messages(path: Path) -> Iterator[Row]:
    box = mailbox.mbox(path)
    try:
        for message in box:
            received = " ".join(str(message["Received"]).split())
            found = _RECEIVED.search(received)
            base = {
                "id": message["Message-ID"],
                "sender": str(message["Return-Path"]).strip("<>"),
                "src": found[1] if found else None,
                "time": _date(received.rpartition(";")[2]),
                "sent": _date(message["Date"]),
            }
            for _, recipient in getaddresses(message.get_all("To", [])):
                for name in _attachments(message) or [None]:
                    yield {**base, "recipient": recipient, "attachment": name}
    finally:
        box.close()


def _attachments(message: Message) -> list[str | None]:
    return [
        str(make_header(decode_header(part.get_filename() or "")))
        for part in message.walk()
        if part.get_content_disposition() == "attachment"
    ]


def _date(text: str | None) -> int | None:
    try:
        return int(parsedate_to_datetime((text or "").strip()).timestamp()) * 1_000_000
    except ValueError:
        return None


def _subjects(path: Path) -> Iterator[Row]:
    box = mailbox.mbox(path)
    try:
        for message in box:
            subject = str(make_header(decode_header(str(message["Subject"]).replace("\n", ""))))
            for _, address in getaddresses(message.get_all("To", [])):
                yield {"id": message["Message-ID"], "subject": subject, "recipient": address}
    finally:
        box.close()


JOURNAL = (
    Source(
        "mail", "mail/*.mbox", columns="id sender recipient src time sent attachment",
        rows=_messages,
    ),
    Source("subject", "mail/*.mbox", columns="id subject recipient", rows=_subjects),
)  # fmt: skip
