"""The operation log of the asset-management product: what everybody did at their machine.

A comma-separated table in Windows' Japanese code page, as such products (this one is invented)
export it: local time, no zone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from noroshi.drill.clock import local
from noroshi.drill.event import (
    Event,
    FileWritten,
    LoggedOff,
    LoggedOn,
    Process,
    ProcessEnded,
    ProcessStarted,
    ProxyRequest,
    Session,
    ShareOpened,
)
from noroshi.drill.kind.office import Printed, StickInserted
from noroshi.drill.world import World
from noroshi.drill.write.paper import Page, joined, slashed

HEAD = (
    "日時", "端末名", "IPアドレス", "ログインユーザー", "所属", "操作種別", "アプリケーション",
    "対象", "詳細",
)  # fmt: skip


def write_operations(events: Iterable[Event], world: World, begin: int = 0) -> Page:
    """Write what happened at the desks; servers have no agent of this product.

    What lies before ``begin`` tells who sits where, and is not written.
    """
    desks = {host.ip: host for host in world.pcs}
    found = list(events)
    day = f"{local(found[-1].time):%Y%m%d}" if found else "empty"
    page = Page(f"operation-log/{day}.csv", encoding="cp932", newline="\r\n")
    page.head(HEAD)
    seen: dict[str, Session] = {}
    for event in found:
        told = _TOLD.get(type(event))
        if not told:
            continue
        if isinstance(event, ProxyRequest | ShareOpened):
            origin = event.inner.source if isinstance(event, ProxyRequest) else event.session.source
            session = seen.get(origin) if origin in desks else None
        else:
            session = _session(event)
            if session and _at_a_desk(session):
                seen[session.host.ip] = session
        if session and _at_a_desk(session) and event.time >= begin:
            what = told(event)
            if what:
                page.add(f"{slashed(event.time)},{_place(session)},{what}", event.step)
    return page


def _at_a_desk(session: Session) -> bool:
    return session.kind == 2 and session.host.role == "pc"


def _session(event: Event) -> Session | None:
    if isinstance(event, StickInserted):
        return event.desk.session
    if isinstance(event, LoggedOn | LoggedOff):
        return event.session
    process: Process | None = getattr(event, "process", None)
    return process.session if process else None


@lru_cache(maxsize=8_192)
def _place(session: Session) -> str:
    host = session.host
    department = host.owner.department if host.owner else ""
    return joined((host.name, host.ip, session.account.login, department))


def _told_started(event: ProcessStarted) -> str:
    process, program = event.process, event.process.program
    return joined(("アプリ起動", program.name, program.path, process.command[:200]))


def _told_ended(event: ProcessEnded) -> str:
    program = event.process.program
    return joined(("アプリ終了", program.name, program.path, ""))


def _told_file(event: FileWritten) -> str:
    program, size = event.process.program, len(event.content)
    return joined(("ファイル作成", program.name, event.path, f"{size}バイト"))


def _told_share(event: ShareOpened) -> str:
    if not event.target:
        return ""
    path = f"\\\\{event.session.host.name}\\{event.share}\\{event.target}"
    return joined(("ファイルアクセス", "explorer.exe", path, ""))


def _told_web(event: ProxyRequest) -> str:
    return _web(event.url, event.method)


@lru_cache(maxsize=8_192)
def _web(url: str, method: str) -> str:
    address = url if "//" in url else f"https://{url.removesuffix(':443')}/"
    return joined(("Webアクセス", "", address, method))


def _told_print(event: Printed) -> str:
    what = f"{event.printer} {event.pages}ページ"
    return joined(("印刷", event.process.program.name, event.document, what))


def _told_stick(event: StickInserted) -> str:
    known = "登録済み" if event.registered else "未登録デバイス"
    return joined(("デバイス接続", "", f"{event.label} ({event.serial})", known))


_TOLD: Mapping[type[Event], Callable[[Any], str]] = {
    LoggedOn: lambda _: joined(("ログオン", "", "", "")),
    LoggedOff: lambda _: joined(("ログオフ", "", "", "")),
    ProcessStarted: _told_started,
    ProcessEnded: _told_ended,
    FileWritten: _told_file,
    ShareOpened: _told_share,
    ProxyRequest: _told_web,
    Printed: _told_print,
    StickInserted: _told_stick,
}
"""What the product writes down: cells of the operation, the application, the object and details."""

KINDS: frozenset[type[Event]] = frozenset(_TOLD)
