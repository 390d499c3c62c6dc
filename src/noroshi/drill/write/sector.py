"""Logs of certain organisations only: water utilities, hospitals, Internet providers.

Historian and alarms, charts looked into, and the abuse mailbox.
Sources: RFC 5965 (abuse reports, ARF); the tables are those of invented products.
"""

from __future__ import annotations

from collections.abc import Iterable
from email.utils import format_datetime

from noroshi.drill.clock import local, utc
from noroshi.drill.event import Event
from noroshi.drill.kind.sector import (
    AbuseReported,
    AlarmRaised,
    ChartOpened,
    Measured,
    SetpointChanged,
)
from noroshi.drill.write.paper import Page, slashed
from noroshi.drill.write.sheet import Sheet


def write_historian(events: Iterable[Event]) -> Page:
    """Write the historian's values; its clock is UTC."""
    page = Page("plant/historian.csv")
    page.head(("timestamp", "tag", "value", "quality"))
    for event in events:
        if isinstance(event, Measured):
            moment = utc(event.time).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            page.row((moment, event.tag, event.value, event.quality), event.step)
    return page


def write_alarms(events: Iterable[Event]) -> Page:
    """Write alarms and operators' changes, as the control room's list exports them."""
    page = Page("plant/alarms.csv", encoding="cp932", newline="\r\n")
    page.head(("日時", "タグ", "種別", "優先度", "メッセージ", "確認日時", "ユーザー", "端末名"))
    for event in events:
        match event:
            case AlarmRaised():
                seen = slashed(event.acknowledged) if event.acknowledged else ""
                page.row((slashed(event.time), event.tag, event.level, event.priority, event.text,
                          seen, event.operator, ""), event.step)  # fmt: skip
            case SetpointChanged():
                text = f"設定値変更 {event.before} → {event.after}"
                page.row((slashed(event.time), event.tag, "EVENT", 4, text, "", event.operator,
                          event.station.name), event.step)  # fmt: skip
    return page


def write_charts(events: Iterable[Event]) -> Page:
    """Write who looked into which patient's chart."""
    page = Page("hospital/chart-access.csv", encoding="cp932", newline="\r\n")
    page.head(
        ("日時", "端末名", "IPアドレス", "利用者ID", "氏名", "所属", "患者番号", "操作", "目的")
    )
    for event in events:
        if isinstance(event, ChartOpened):
            page.row(
                (slashed(event.time), event.host.name, event.host.ip, event.login, event.name,
                 event.department, event.patient, event.action, event.reason), event.step,
            )  # fmt: skip
    return page


def write_abuse(events: Iterable[Event]) -> Sheet:
    """Write the abuse mailbox in mbox form: a sentence, a machine-readable part, and a sample."""
    sheet = Sheet("abuse/abuse.mbox")
    for event in events:
        if isinstance(event, AbuseReported):
            sheet.add(_report(event), event.step)
    return sheet


def _report(event: AbuseReported) -> str:
    boundary = f"ar-{event.number}"
    when = format_datetime(local(event.time))
    domain = event.reporter.partition("@")[2]
    return "\n".join(
        (
            f"From {event.reporter} {utc(event.time):%a %b %d %H:%M:%S %Y}",
            f"Received: from mail.{domain} (mail.{domain} [192.0.2.90]) by mx.isp.example; {when}",
            f"Message-ID: <{event.number}@{domain}>", f"Date: {when}", f"From: <{event.reporter}>",
            "To: <abuse@isp.example>", f"Subject: [{event.number}] Abuse from {event.address}",
            "MIME-Version: 1.0",
            f'Content-Type: multipart/report; report-type=feedback-report; boundary="{boundary}"',
            "", f"--{boundary}", "Content-Type: text/plain; charset=us-ascii", "", event.text, "",
            f"--{boundary}", "Content-Type: message/feedback-report", "",
            f"Feedback-Type: {event.kind}", "User-Agent: NoroshiDrill/1.0", "Version: 1",
            f"Source-IP: {event.address}",
            f"Arrival-Date: {format_datetime(local(event.seen))}", "",
            f"--{boundary}", "Content-Type: text/rfc822-headers", "",
            f"Received: from [{event.address}]; {format_datetime(local(event.seen))}", "",
            f"--{boundary}--", "",
        )
    )  # fmt: skip
