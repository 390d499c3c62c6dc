"""The operation log of the asset-management product: what everybody did at their machine.

A comma-separated table in Windows' Japanese code page, as such products (this one is invented)
export it: local time, no zone.
"""

from __future__ import annotations

from collections.abc import Iterable

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
from noroshi.drill.write.paper import Page, slashed

HEAD = (
    "日時", "端末名", "IPアドレス", "ログインユーザー", "所属", "操作種別", "アプリケーション",
    "対象", "詳細",
)  # fmt: skip

KINDS: frozenset[type[Event]] = frozenset(
    {LoggedOn, LoggedOff, ProcessStarted, ProcessEnded, FileWritten, ShareOpened, ProxyRequest,
     Printed, StickInserted}
)  # fmt: skip
"""What the product writes down."""


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
        session = _session(event)
        if session and session.host.role == "pc" and session.kind == 2:
            seen[session.host.ip] = session
        origin = event.inner.source if isinstance(event, ProxyRequest) else (
            event.session.source if isinstance(event, ShareOpened) else ""
        )  # fmt: skip
        if not session and origin in desks:
            session = seen.get(origin)
        told = _told(event) if event.time >= begin else None
        if told and session and session.host.role == "pc" and session.kind == 2:
            owner = session.host.owner
            page.row(
                (slashed(event.time), session.host.name, session.host.ip, session.account.login,
                 owner.department if owner else "", *told), event.step,
            )  # fmt: skip
    return page


def _session(event: Event) -> Session | None:
    if isinstance(event, StickInserted):
        return event.desk.session
    if isinstance(event, ShareOpened):
        return None
    process = getattr(event, "process", None)
    session = process.session if isinstance(process, Process) else getattr(event, "session", None)
    return session if isinstance(session, Session) else None


def _told(event: Event) -> tuple[str, str, str, str] | None:
    match event:
        case LoggedOn():
            return "ログオン", "", "", ""
        case LoggedOff():
            return "ログオフ", "", "", ""
        case ProcessStarted(process=process):
            return "アプリ起動", process.program.name, process.program.path, process.command[:200]
        case ProcessEnded(process=process):
            return "アプリ終了", process.program.name, process.program.path, ""
        case FileWritten(process=process, path=path, content=content):
            return "ファイル作成", process.program.name, path, f"{len(content)}バイト"
        case ShareOpened(session=session, share=share, target=target) if target:
            path = f"\\\\{session.host.name}\\{share}\\{target}"
            return "ファイルアクセス", "explorer.exe", path, ""
        case ProxyRequest(url=url, method=method):
            address = url if "//" in url else f"https://{url.removesuffix(':443')}/"
            return "Webアクセス", "", address, method
        case Printed(process=process, document=document, pages=pages, printer=printer):
            return "印刷", process.program.name, document, f"{printer} {pages}ページ"
        case StickInserted(label=label, serial=serial, registered=registered):
            known = "登録済み" if registered else "未登録デバイス"
            return "デバイス接続", "", f"{label} ({serial})", known
    return None
