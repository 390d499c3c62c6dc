"""The help desk: tickets, telephone notes, and the mail that confirms a ticket."""

from __future__ import annotations

from noroshi.drill.act.places import first
from noroshi.drill.clock import HOUR, MINUTE, SECOND, local
from noroshi.drill.day import Day
from noroshi.drill.dice import spread
from noroshi.drill.event import Event, LogonFailed
from noroshi.drill.kind.office import Called, TicketOpened
from noroshi.drill.post import mail
from noroshi.drill.staff import Desk
from noroshi.drill.world import Person

DESK_NAME = "ヘルプデスク"
_TROUBLES = (
    ("プリンター", "印刷ができない",
     "複合機に送っても紙が出てこない。エラー表示はない。", "印刷待ちを削除し、再起動で復旧。"),
    ("プリンター", "用紙トレイの表示が消えない",
     "用紙を補給したが「用紙なし」のまま。", "トレイのセンサー清掃で復旧。"),
    ("ソフト", "エクセルが固まる",
     "共有の集計表を開くと応答なしになる。", "大きな書式の複写を削除し、保存し直して改善。"),
    ("ソフト", "文字が化ける",
     "業者から届いた添付ファイルの名前が文字化けしている。",
     "送信側のメールソフトの設定によるもの。中身は問題なし。"),
    ("ネットワーク", "共有フォルダーが遅い",
     "朝から税務課の共有が開くまで時間がかかる。", "夜間バックアップの延長が原因。様子見。"),
    ("機器", "マウスが動かない", "電池を替えても反応しない。", "予備機と交換。"),
    ("申請", "ソフトの追加を希望", "図面閲覧ソフトを入れてほしい。", "申請書の提出を案内。"),
    ("メール", "迷惑メールが届いた",
     "当選しましたという件名のメールが来た。開いていない。", "削除を案内。ゲートウェイに登録。"),
)  # fmt: skip
_CALLS = (
    ("住民", "ごみの収集日をホームページで見たが、表示が途中で切れている。担当課へ転送した。"),
    ("みなみ事務機 営業", "来月の複合機点検の日程調整。第2水曜の午後で仮決め。"),
    ("県 市町村課", "調査票の提出期限の確認。金曜正午までとのこと。"),
    ("出先機関", "会議室の端末の電源が入らないとのこと。延長コードの抜けで解決。"),
    ("保守業者", "定例保守の作業時間の連絡。来週火曜の18時から。"),
)  # fmt: skip


def ticket(
    day: Day, login: str, time: int, category: str, subject: str, body: str, *, host: str = "",
    handler: str = "", answer: str = "", closed: int = 0, channel: str = "電話",
    priority: str = "中",
) -> TicketOpened:  # fmt: skip
    """Write a ticket down; who asked by mail gets a confirmation with its number.

    ``host`` is the name of the asker's machine; ``handler``, ``answer`` and ``closed`` are the
    login of who dealt with it, what was done, and when (µs).
    """
    number = f"HD-{local(time):%Y%m%d}-{local(time):%H%M%S}"
    event = TicketOpened(
        time=time, number=number, login=login, host=host, category=category, subject=subject,
        body=body, handler=handler, answer=answer, closed=closed, channel=channel,
        priority=priority,
    )  # fmt: skip
    day.add(event)
    person = next((each for each in day.world.people if each.login == login), None)
    server = first(day.world, "asset") or first(day.world, "dc")
    if channel == "メール" and person and server and first(day.world, "mail"):
        mail(
            day, time + 20 * SECOND, DESK_NAME, f"helpdesk@{day.world.domain}", server.ip,
            "iso-2022-jp", [person], f"【受付】{number} {subject}",
            f"{person.name} 様\n\nお問い合わせを受け付けました。\n受付番号: {number}\n"
            f"件名: {subject}\n\n担当者からの連絡をお待ちください。",
        )  # fmt: skip
    return event


def call(
    day: Day, time: int, caller: str, callee: str, note: str, *, lasts: int = 4 * MINUTE,
    about: str = "", taken_by: str = "",
) -> Called:  # fmt: skip
    """Let two people talk, and one of them take a note."""
    event = Called(
        time=time, caller=caller, callee=callee, note=note, lasts=lasts, about=about,
        taken_by=taken_by or callee,
    )  # fmt: skip
    day.add(event)
    return event


def help_desk_life(day: Day, desks: list[Desk]) -> None:
    """Forgotten passwords (those who really failed to log on), printers, calls."""
    if not desks:
        return
    admins = [desk.person for desk in desks if f"adm-{desk.person.login}" in day.world.accounts]
    staff = [desk.person for desk in desks if desk.person.department == "情報政策室"] or (
        admins or [desks[0].person]
    )
    _forgotten(day, desks, staff)
    rng = day.stream("tickets")
    begin = max(desk.begins for desk in desks) + MINUTE
    end = min(desk.leaves for desk in desks) - 5 * MINUTE
    for time in spread(rng, begin, end, max(7, len(desks) // 12)):
        desk, trouble = rng.choice(desks), rng.choice(_TROUBLES)
        category, subject, body, answer = trouble
        done = rng.random() < 0.8
        ticket(
            day, desk.person.login, time, category, subject, body, host=desk.host.name,
            handler=rng.choice(staff).login if done else "", answer=answer if done else "",
            closed=time + rng.randrange(6 * MINUTE, 2 * HOUR) if done else 0,
            channel=rng.choices(("電話", "メール", "窓口"), (50, 35, 15))[0],
            priority=rng.choices(("低", "中", "高"), (40, 50, 10))[0],
        )  # fmt: skip
    for time, (who, note) in zip(
        spread(rng, begin, end, len(_CALLS)), rng.sample(_CALLS, len(_CALLS)), strict=True
    ):
        desk = rng.choice(desks)
        name = f"{desk.person.department} {desk.person.family}"
        call(day, time, who, name, note, lasts=rng.randrange(MINUTE, 9 * MINUTE))


def _forgotten(day: Day, desks: list[Desk], staff: list[Person]) -> None:
    failed: dict[str, list[Event]] = {}
    for event in day.events:
        if isinstance(event, LogonFailed) and event.kind == 2:
            failed.setdefault(event.login, []).append(event)
    for desk in desks:
        tries = failed.get(desk.person.login, [])
        if len(tries) < 2:
            continue
        time = max(event.time for event in tries) + 2 * SECOND
        if len(tries) > _LOCKS:
            locked_out(day, desk, time, staff[0])
            continue
        ticket(
            day, desk.person.login, time, "パスワード", "ログオンできない",
            f"朝からパスワードが違うと出る。{len(tries)}回入れた。", host=desk.host.name,
            handler=staff[0].login, answer="入力方式が全角になっていた。切り替えて入れ直しを案内。",
            closed=desk.session.started + MINUTE,
        )  # fmt: skip


_LOCKS = 4
"""Wrong passwords after which the directory shuts an account."""


def locked_out(day: Day, desk: Desk, time: int, handler: Person) -> None:
    """Somebody calls because the account is locked, and is told to wait."""
    number = ticket(
        day, desk.person.login, time, "パスワード", "アカウントがロックされた",
        "何度か入れ直したら「アカウントがロックされています」と出た。", host=desk.host.name,
        handler=handler.login, answer="10分後に自動で解除されることを案内。その後ログオンを確認。",
        closed=desk.session.started + MINUTE,
    ).number  # fmt: skip
    name = f"{desk.person.department} {desk.person.family}"
    note = "パスワードを続けて間違えロックされたとのこと。10分待って入れ直すよう案内した。"
    call(day, time + 5 * SECOND, name, DESK_NAME, note, lasts=3 * MINUTE, about=number,
         taken_by=handler.name)  # fmt: skip
