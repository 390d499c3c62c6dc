"""The sanitiser's own record of files that came in: a table of an invented product."""

from __future__ import annotations

from collections.abc import Iterable

from noroshi.drill.event import Event
from noroshi.drill.kind.network import Sanitised
from noroshi.drill.write.paper import Page, slashed

HEAD = (
    "日時", "受付番号", "利用者", "送信元端末", "送信元IP", "ファイル名", "処理前バイト",
    "処理後バイト", "処理", "結果",
)  # fmt: skip


def write_sanitiser(events: Iterable[Event]) -> Page:
    """Write each file that was handed in, when it was done with."""
    page = Page("sanitiser/san01.csv", encoding="utf-8-sig", newline="\r\n")
    page.head(HEAD)
    for event in events:
        if isinstance(event, Sanitised):
            page.row(
                (slashed(event.time), event.number, event.login, event.source.name, event.source.ip,
                 event.name, str(event.before), str(event.after), event.done,
                 "通過" if event.after else "拒否"), event.step,
            )  # fmt: skip
    return page
