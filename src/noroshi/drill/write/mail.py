"""The journal mailbox: every message of the day in mbox form.

Sources: RFC 4155 (mbox), RFC 5322 and 2045 ff. (messages), RFC 1468 (ISO-2022-JP), RFC 2047 and
2231 (names and subjects that are not ASCII), RFC 8601 (authentication results).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from email.utils import format_datetime
from urllib.parse import quote

from noroshi.drill.clock import local, utc
from noroshi.drill.event import Event, MailDelivered
from noroshi.drill.world import World
from noroshi.drill.write.sheet import Sheet

_NAMES = {"iso-2022-jp": "ISO-2022-JP", "shift_jis": "Shift_JIS", "utf-8": "UTF-8"}


def write_mail(events: Iterable[Event], world: World) -> Sheet:
    """Write the messages in the order in which they came."""
    sheet = Sheet("mail/journal.mbox")
    for event in events:
        if isinstance(event, MailDelivered):
            sheet.add(_message(event, f"mx01.{world.domain}"), event.step)
    return sheet


def _message(mail: MailDelivered, here: str) -> str:
    when = format_datetime(local(mail.time))
    sent = format_datetime(local(mail.time - 3_000_000))
    people = ", ".join(
        f"{_word(name, mail.charset)} <{address}>" for name, address in mail.recipients
    )
    head = [
        f"From {mail.sender} {utc(mail.time):%a %b %d %H:%M:%S %Y}",
        f"Return-Path: <{mail.sender}>",
        *_received(mail, here, when),
        f"Authentication-Results: {here}; {mail.checks}",
        f"Message-ID: {mail.message_id}",
        f"Date: {sent}",
        f"From: {_word(mail.sender_name, mail.charset)} <{mail.sender}>",
        f"To: {people}",
        f"Subject: {_word(mail.subject, mail.charset)}",
        "MIME-Version: 1.0",
    ]
    return "\n".join((*head, *_parts(mail), ""))


def _received(mail: MailDelivered, here: str, when: str) -> list[str]:
    """Return the stations, the last first; a municipality's mail passes its prefecture's relay."""
    sent = f"Received: from {mail.sender.partition('@')[2]} ({mail.server} [{mail.server}])"
    if mail.flow is None or mail.flow.source == mail.server:
        return [sent, f"\tby {here} with ESMTPS; {when}"]
    relay, earlier = mail.flow.source, format_datetime(local(mail.time - 2_000_000))
    return [
        f"Received: from mail-relay ({relay} [{relay}])", f"\tby {here} with ESMTPS; {when}",
        sent, f"\tby mail-relay ({relay}) with ESMTPS; {earlier}",
    ]  # fmt: skip


def _parts(mail: MailDelivered) -> list[str]:
    text = _text(mail)
    if mail.attachment is None:
        return text
    name, kind, content = mail.attachment
    boundary = "----=_" + re.sub(r"\W", "", mail.message_id)[:40]
    return [
        f'Content-Type: multipart/mixed; boundary="{boundary}"', "", f"--{boundary}", *text,
        f"--{boundary}", *_file_name(kind, name, mail.charset),
        "Content-Transfer-Encoding: base64", "", *_base64(content), f"--{boundary}--",
    ]  # fmt: skip


def _text(mail: MailDelivered) -> list[str]:
    """ISO-2022-JP travels as it is (seven bits), the others as Base64."""
    head = f"Content-Type: text/plain; charset={_NAMES[mail.charset]}"
    body = mail.body + "\n"
    if mail.charset == "iso-2022-jp":
        plain = body.encode(mail.charset).decode("ascii")
        return [head, "Content-Transfer-Encoding: 7bit", "", *plain.rstrip("\n").split("\n")]
    coded = _base64(body.encode(mail.charset))
    return [head, "Content-Transfer-Encoding: base64", "", *coded]


def _file_name(kind: str, name: str, charset: str) -> list[str]:
    """Older mailers put an encoded word into the quotes, newer ones follow RFC 2231."""
    if charset == "utf-8":
        return [
            f"Content-Type: {kind}",
            f"Content-Disposition: attachment; filename*=UTF-8''{quote(name)}",
        ]
    word = _word(name, charset).replace("\n", "\n\t")
    return [
        f'Content-Type: {kind};\n\tname="{word}"',
        f'Content-Disposition: attachment;\n\tfilename="{word}"',
    ]


def _word(text: str, charset: str) -> str:
    """Encoded words (RFC 2047), at most 75 characters each, folded."""
    if text.isascii():
        return text
    pieces = [text[start : start + 14] for start in range(0, len(text), 14)]
    coded = (base64.b64encode(piece.encode(charset)).decode() for piece in pieces)
    return "\n ".join(f"=?{_NAMES[charset]}?B?{code}?=" for code in coded)


def _base64(data: bytes) -> list[str]:
    code = base64.b64encode(data).decode()
    return [code[start : start + 76] for start in range(0, len(code), 76)]
