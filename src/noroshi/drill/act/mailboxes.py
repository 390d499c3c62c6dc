"""The mail server's door: mailboxes opened by IMAP, messages refused, passwords guessed."""

from __future__ import annotations

from noroshi.drill.act.places import first, home
from noroshi.drill.clock import HOUR, MINUTE, SECOND
from noroshi.drill.day import Day
from noroshi.drill.kind.network import MailboxOpened, MailRefused
from noroshi.drill.staff import Desk

IMAP = 993


def open_mailbox(day: Day, desk: Desk, time: int, lasts: int = 20 * SECOND) -> MailboxOpened | None:
    """Let a desk's mail program fetch its mail; None where there is no mail server."""
    server = first(day.world, "mail")
    if server is None:
        return None
    rng = day.stream("imap", desk.person.login)
    host = desk.outlook.host
    known = day.resolve(host, server.fqdn, server.ip, time, desk.outlook)
    flow = day.flow(
        host, server.ip, IMAP, known, "ssl", 2_400, rng.randrange(9_000, 400_000), rng,
        name=server.fqdn, duration=lasts, process=desk.outlook,
    )  # fmt: skip
    event = MailboxOpened(
        time=known + 120_000, flow=flow, login=desk.person.login, success=True, lasts=lasts
    )
    day.add(event)
    return event


def mailbox_from_outside(
    day: Day, login: str, address: str, time: int, *, success: bool, received: int = 60_000
) -> MailboxOpened | None:
    """Open a mailbox from the Internet, or fail to: a stolen password, or guesses at one.

    None where mailboxes are not to be reached from there.
    """
    server = first(day.world, "mail")
    if server is None or not day.world.passes(address, server.public_ip or server.ip, IMAP):
        return None
    rng = day.stream("imap-outside", address)
    flow = day.flow(
        address, server.public_ip, IMAP, time, "ssl", 2_100, received if success else 1_900, rng,
        duration=3 * SECOND, nat=server.ip,
    )  # fmt: skip
    event = MailboxOpened(
        time=time + 700_000, flow=flow, login=login, success=success, lasts=2 * SECOND
    )
    day.add(event)
    return event


def refuse_mail(
    day: Day, time: int, address: str, sender: str, recipient: str, reason: str = ""
) -> MailRefused | None:
    """Turn a message away at the door; None where the door is somebody else's."""
    server = first(day.world, "mail")
    if server is None or not server.public_ip:
        return None
    rng = day.stream("refused", address)
    flow = day.flow(
        address, server.public_ip, 25, time, "smtp", 420, 610, rng, duration=2 * SECOND,
        nat=server.ip,
    )  # fmt: skip
    said = reason or "554 5.7.1 Service unavailable; Client host blocked using bl.example"
    event = MailRefused(
        time=time + SECOND, flow=flow, sender=sender, recipient=recipient, reason=said
    )
    day.add(event)
    return event


def mail_life(day: Day, desks: list[Desk]) -> None:
    """Mail programs look every half hour; spam is refused; a few passwords are guessed at."""
    for desk in desks:
        rng = day.stream("imap", desk.person.login)
        time = max(desk.outlook.started, day.begin) + rng.randrange(5 * SECOND, 60 * SECOND)
        while time < desk.leaves - 2 * MINUTE:
            open_mailbox(day, desk, time)
            time += 30 * MINUTE + rng.randrange(-MINUTE, MINUTE)
    rng = day.stream("spam")
    for desk in desks:
        for _ in range(rng.randrange(0, 3)):
            time = desk.begins + rng.randrange(-7 * HOUR, 14 * HOUR)
            address = f"192.0.2.{rng.randrange(170, 250)}"
            refuse_mail(day, time, address, f"info{rng.randrange(900)}@{rng.choice(_SPAM)}",
                        desk.person.mail)  # fmt: skip
        if rng.random() < 0.15:
            time = desk.leaves + rng.randrange(HOUR)
            mailbox_from_outside(
                day, desk.person.login, home(day.world, desk.person.login), time, success=True
            )
    for _ in range(rng.randrange(6, 14) if desks else 0):
        time = desks[0].begins + rng.randrange(-7 * HOUR, 14 * HOUR)
        name = rng.choice(("info", "admin", "soumu", "webmaster", "root"))
        address = f"192.0.2.{rng.randrange(170, 250)}"
        mailbox_from_outside(day, f"{name}@{day.world.domain}", address, time, success=False)


_SPAM = ("otoku-bin.example", "campaign-now.example", "kensho-tousen.example")
