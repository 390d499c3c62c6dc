"""The mail server's own log: postfix at the door and in the queue, dovecot at the mailboxes.

Sources: Postfix 3.8, ``smtpd``, ``cleanup``, ``qmgr``, ``lmtp`` messages as in "Postfix Logging";
Dovecot 2.3 documentation, "Logging" (``imap-login``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from zlib import crc32

from noroshi.drill.event import Event, MailDelivered
from noroshi.drill.kind.network import MailboxOpened, MailRefused
from noroshi.drill.write.paper import bsd
from noroshi.drill.write.sheet import Sheet

_HOST = "mx01"
_LETTERS = "BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789"


def write_mail_log(events: Iterable[Event], begin: int = 0, end: int = 0) -> Sheet:
    """Write the lines in the order of time.

    Args:
        events: of any time; what they bring about may be written much later.
        begin: lines before it are left out, µs since 1970 UTC.
        end: lines from it on are left out; 0 for none.
    """
    lines: list[tuple[int, str, str]] = []
    for event in events:
        if isinstance(event, MailDelivered):
            lines += _delivered(event)
        elif isinstance(event, MailRefused):
            lines += _refused(event)
        elif isinstance(event, MailboxOpened):
            lines += _mailbox(event)
    sheet = Sheet("mail/mail.log")
    for time, text, step in sorted(lines, key=lambda line: line[0]):
        if begin <= time < (end or time + 1):
            sheet.add(text, step)
    return sheet


def queue_id(event: MailDelivered) -> str:
    """Return the long queue id of a message: letters without vowels, as postfix makes them."""
    number = event.time * 1_000 + crc32(event.message_id.encode()) % 1_000
    letters = []
    for _ in range(11):
        number, digit = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[digit])
    return "4" + "".join(letters)


def _delivered(event: MailDelivered) -> Iterator[tuple[int, str, str]]:
    number, begin = queue_id(event), event.time - 800_000
    client = _client(event.sender, event.flow.source if event.flow else event.server)
    size = len(event.body.encode()) + 900 + (len(event.attachment[2]) if event.attachment else 0)
    for delay, program, pid, text in (
        (0, "smtpd", 2101, f"connect from {client}"),
        (90_000, "smtpd", 2101, f"{number}: client={client}"),
        (200_000, "cleanup", 2105, f"{number}: message-id={event.message_id}"),
        (800_000, "qmgr", 1402,
         f"{number}: from=<{event.sender}>, size={size}, nrcpt={len(event.recipients)} "
         "(queue active)"),
        (810_000, "smtpd", 2101, f"disconnect from {client} ehlo=2 starttls=1 mail=1 "
         f"rcpt={len(event.recipients)} data=1 quit=1 commands={6 + len(event.recipients)}"),
    ):  # fmt: skip
        head = bsd(begin + delay, _HOST, f"postfix/{program}", pid)
        yield begin + delay, f"{head} {text}", event.step
    for index, (_, address) in enumerate(event.recipients):
        time = event.time + 60_000 + index * 9_000
        box, _, domain = address.partition("@")
        text = (
            f"{number}: to=<{address}>, relay=mx01.{domain}[private/dovecot-lmtp], "
            f"delay=0.{86 + index}, delays=0.8/0/0/0.06, dsn=2.0.0, status=sent "
            f"(250 2.0.0 <{box}> {number} Saved)"
        )
        yield time, f"{bsd(time, _HOST, 'postfix/lmtp', 2110)} {text}", event.step
    time = event.time + 200_000
    yield time, f"{bsd(time, _HOST, 'postfix/qmgr', 1402)} {number}: removed", event.step


def _refused(event: MailRefused) -> Iterator[tuple[int, str, str]]:
    client = _client(event.sender, event.flow.source, named=False)
    helo = event.sender.partition("@")[2]
    text = (
        f"NOQUEUE: reject: RCPT from {client}: {event.reason}; from=<{event.sender}> "
        f"to=<{event.recipient}> proto=ESMTP helo=<{helo}>"
    )
    for delay, said in (
        (-600_000, f"connect from {client}"), (0, text), (300_000, f"disconnect from {client} "
         "ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4"),
    ):  # fmt: skip
        head = bsd(event.time + delay, _HOST, "postfix/smtpd", 2133)
        yield event.time + delay, f"{head} {said}", event.step


def _mailbox(event: MailboxOpened) -> Iterator[tuple[int, str, str]]:
    flow = event.flow
    place = f"rip={flow.source}, lip={flow.nat or flow.target}, TLS"
    head = bsd(event.time, _HOST, "dovecot")
    number = f"session=<{flow.uid[:16]}>"
    if not event.success:
        text = (
            "imap-login: Disconnected: Connection closed (auth failed, 1 attempts in 2 secs): "
            f"user=<{event.login}>, method=PLAIN, {place}, {number}"
        )
        yield event.time, f"{head} {text}", event.step
        return
    pid = 3_000 + crc32(flow.uid.encode()) % 20_000
    text = f"imap-login: Login: user=<{event.login}>, method=PLAIN, {place[:-5]}, mpid={pid}, TLS, "
    yield event.time, f"{head} {text}{number}", event.step
    time = event.time + event.lasts
    text = f"imap({event.login})<{pid}><{flow.uid[:16]}>: Disconnected: Logged out "
    text += f"in={flow.sent} out={flow.received} deleted=0 expunged=0 trashed=0"
    yield time, f"{bsd(time, _HOST, 'dovecot')} {text}", event.step


def _client(sender: str, address: str, *, named: bool = True) -> str:
    if address.startswith("10."):
        return f"unknown[{address}]"
    domain = sender.partition("@")[2]
    return f"mail.{domain}[{address}]" if named and domain else f"unknown[{address}]"
