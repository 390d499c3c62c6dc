"""The help desk's tickets (a table for Excel, and JSON) and the telephone notes."""

from __future__ import annotations

from collections.abc import Iterable

import orjson

from noroshi.drill.clock import local
from noroshi.drill.event import Event
from noroshi.drill.kind.office import Called, TicketOpened
from noroshi.drill.world import World
from noroshi.drill.write.paper import Page, slashed
from noroshi.drill.write.sheet import Sheet

HEAD = (
    "受付番号", "受付日時", "受付方法", "依頼者", "所属", "端末名", "分類", "優先度", "件名",
    "内容", "状態", "担当者", "対応内容", "完了日時",
)  # fmt: skip


def write_tickets(events: Iterable[Event], world: World) -> Page:
    """Write the tickets as the table that Excel opens: UTF-8 with a byte order mark."""
    people = {person.login: person for person in world.people}
    page = Page("helpdesk/tickets.csv", encoding="utf-8-sig", newline="\r\n")
    page.head(HEAD)
    for event in events:
        if isinstance(event, TicketOpened):
            person = people.get(event.login)
            handler = people.get(event.handler)
            page.row(
                (
                    event.number, slashed(event.time), event.channel,
                    person.name if person else event.login, person.department if person else "",
                    event.host, event.category, event.priority, event.subject, event.body,
                    "完了" if event.closed else "対応中" if event.handler else "受付",
                    handler.name if handler else "", event.answer,
                    slashed(event.closed) if event.closed else "",
                ),
                event.step,
            )  # fmt: skip
    return page


def write_tickets_json(events: Iterable[Event]) -> Sheet:
    """Write the tickets as the help desk's interface gives them, an object a line."""
    sheet = Sheet("helpdesk/tickets.json")
    for event in events:
        if isinstance(event, TicketOpened):
            fields = {
                "number": event.number, "created_at": local(event.time).isoformat(),
                "channel": event.channel, "user": event.login, "hostname": event.host,
                "category": event.category, "priority": event.priority, "subject": event.subject,
                "description": event.body, "assignee": event.handler or None,
                "resolution": event.answer or None,
                "closed_at": local(event.closed).isoformat() if event.closed else None,
            }  # fmt: skip
            sheet.add(orjson.dumps(fields).decode(), event.step)
    return sheet


def write_calls(events: Iterable[Event]) -> Sheet:
    """Write the telephone notes as they are typed off."""
    sheet = Sheet("helpdesk/calls.md")
    sheet.comment("# 電話連絡票")
    for event in events:
        if isinstance(event, Called):
            minutes = max(1, round(event.lasts / 60_000_000))
            about = f"（{event.about}）" if event.about else ""
            sheet.add(
                f"\n## {slashed(event.time)[:-3]} {event.caller} → {event.callee}{about}\n\n"
                f"{event.note}\n\n通話 約{minutes}分 ／ 記録: {event.taken_by}",
                event.step,
            )
    return sheet
