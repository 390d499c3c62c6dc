"""The day's mail: what a town hall gets and writes, in the encodings that are still about."""

from __future__ import annotations

import random
from collections.abc import Sequence

from noroshi.drill.clock import SECOND, local
from noroshi.drill.day import Day
from noroshi.drill.dice import spread
from noroshi.drill.event import MailDelivered
from noroshi.drill.rhythm import within
from noroshi.drill.staff import Desk
from noroshi.drill.world import Host, Person

_SENDERS = (
    ("青葉県 市町村課", "shichoson@pref-aoba.example", "198.51.100.23", "iso-2022-jp"),
    ("青葉県 税務課", "zeimu@pref-aoba.example", "198.51.100.23", "iso-2022-jp"),
    ("株式会社みなみ事務機", "eigyo@minami-jimuki.example", "192.0.2.20", "shift_jis"),
    ("みどり野町商工会", "info@shokokai-midorino.example", "192.0.2.60", "utf-8"),
    ("あおば設計事務所", "sekkei@aoba-arch.example", "192.0.2.61", "iso-2022-jp"),
    ("全国町村広報協議会", "koho@choson-koho.example", "192.0.2.62", "utf-8"),
    ("ねぎしリース株式会社", "lease@negishi-lease.example", "192.0.2.63", "shift_jis"),
)
_OUTSIDE = (
    (
        "【依頼】令和8年度 調査票の提出について",
        "標記の件について、別添調査票によりご回答をお願いします。",
    ),
    ("見積書送付の件", "平素より大変お世話になっております。ご依頼の見積書をお送りいたします。"),
    ("打合せ日程のご相談", "次回の打合せについて、下記候補日でご都合をお知らせください。"),
    (
        "【通知】法改正に伴う事務の取扱いについて",
        "標記について、別紙のとおり通知しますので、遺漏のないようお願いします。",
    ),
    ("納品日のご連絡", "ご注文の品につきまして、納品日が確定いたしましたのでご連絡いたします。"),
)  # fmt: skip
_INSIDE = (
    (
        "【回覧】庁舎清掃のお知らせ",
        "今週金曜日の終業後に庁舎清掃を行います。ご協力をお願いします。",
    ),
    ("会議室予約の変更", "明日の第2会議室の予約を14時からに変更しました。"),
    ("Re: 住民説明会の資料", "確認しました。3ページの数字だけ直してください。"),
    ("起案の決裁について", "お手すきの際に決裁をお願いします。"),
    ("5月分の時間外勤務の報告", "各課とりまとめのうえ、25日までに提出してください。"),
)
_ATTACHMENTS = (
    ("調査票.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("見積書.pdf", "application/pdf"),
    ("位置図.pdf", "application/pdf"),
)
_FORM = ("令和8年度調査票.xlsm", "application/vnd.ms-excel.sheet.macroEnabled.12")
PASSED = "spf=pass; dkim=pass; dmarc=pass"


def ordinary_mail(day: Day, at_work: Sequence[Desk] = (), size: float = 1.0) -> None:
    """Send and receive; one mail carries a macro form from the prefecture, as every May.

    Args:
        day: the day.
        at_work: who sits at a desk and can write mails.
        size: how much more mail than the built-in town has.
    """
    rng = day.stream("post")
    people = day.world.people
    for time in spread(rng, day.at(7, 40), day.at(18, 30), round(70 * size)):
        name, address, server, charset = rng.choice(_SENDERS)
        subject, body = rng.choice(_OUTSIDE)
        attachment = rng.choice(_ATTACHMENTS) if rng.random() < 0.4 else None
        mail(day, time, name, address, server, charset, [rng.choice(people)], subject, body,
             attachment=attachment)  # fmt: skip
    for time in spread(rng, day.at(8, 35), day.at(17, 40), round(60 * size)):
        desk = rng.choice(at_work)
        if not desk.begins <= time < desk.leaves or within(time, desk.quiet):
            continue
        subject, body = rng.choice(_INSIDE)
        mail(day, time, desk.person.name, desk.person.mail, desk.outlook.host.ip, "iso-2022-jp",
             rng.sample(people, rng.randrange(1, 4)), subject, body)  # fmt: skip
    name, address, server, charset = _SENDERS[0]
    planner = next((each for each in people if each.department == "企画財政課"), people[0])
    mail(day, day.about(day.at(9, 12, 44)), name, address, server, charset,
         [planner], *_OUTSIDE[0], attachment=_FORM)  # fmt: skip


def announce_work(day: Day, admin: Desk) -> None:
    """Tell the colleagues of a planned piece of work, with its number."""
    mail(day, day.about(day.at(13, 40, 5)), admin.person.name, admin.person.mail,
         admin.outlook.host.ip,
         "utf-8",
         [each for each in day.world.people if each.department == admin.person.department],
         f"【作業申請 {local(day.begin):%m%d}-01】ファイルサーバ共有設定の修正",
         "本日14時から、FS01の共有設定を遠隔実行ツールで修正します。所要10分。業務への影響なし。",
    )  # fmt: skip


def _writes(charset: str, *texts: str) -> bool:
    """Whether names can be written in a charset; Japan's know no umlauts."""
    try:
        "".join(texts).encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def mail(
    day: Day,
    time: int,
    name: str,
    address: str,
    server: str,
    charset: str,
    recipients: list[Person],
    subject: str,
    body: str,
    checks: str = PASSED,
    attachment: tuple[str, str] | None = None,
    content: bytes = b"",
) -> MailDelivered:
    """Deliver one message through the town's mail server."""
    gateway, relay = day.world.hosts["MX01"], day.world.upstream
    rng: random.Random = day.stream("mail", address)
    charset = charset if _writes(charset, name, *(each.name for each in recipients)) else "utf-8"
    inside = address.endswith("@" + day.world.domain)
    parts = None
    if attachment:
        made = f"NOROSHI DRILL EVIDENCE (inert): {attachment[0]} {rng.random()}".encode()
        parts = (*attachment, content or made)
    size = 3_000 + len(body) * 3 + (len(parts[2]) * 4 // 3 if parts else 0)
    origin: Host | str = day.world.mails_from(server) or server
    if relay and not inside:
        day.flow(
            server, relay.public_ip, 25, time, "smtp", size, 900, rng, duration=900_000,
            nat=relay.ip,
        )  # fmt: skip
        origin, time = relay, time + rng.randrange(2 * SECOND, 9 * SECOND)
    direct = inside or relay
    flow = day.flow(
        origin, gateway.ip if direct else gateway.public_ip, 25, time, "smtp", size, 900,
        rng, duration=900_000, nat="" if direct else gateway.ip,
    )  # fmt: skip
    number = day.serial("message", gateway, 4_210 + 1_900 * day.number)
    message = MailDelivered(
        time=time + 1_200_000,
        message_id=f"<{local(time):%Y%m%d}.{number}.{rng.randrange(1 << 32):08x}@"
        f"{address.partition('@')[2]}>", sender=address, sender_name=name,
        recipients=tuple((person.name, person.mail) for person in recipients), subject=subject,
        body=body, charset=charset, server=server, checks=checks, attachment=parts, flow=flow,
    )  # fmt: skip
    day.add(message)
    return message
