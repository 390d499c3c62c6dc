"""Suppliers' reports, as they hand them in: Markdown, plain text or a word processor's document.

Missing facts stay out or vague; the ground truth names them. Source: ECMA-376 by python-docx.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator

from noroshi.drill.clock import local
from noroshi.drill.event import Event
from noroshi.drill.kind.office import Reported
from noroshi.drill.write.paper import Blob, Page
from noroshi.drill.write.sheet import Sheet

FORMATS = ("md", "txt", "docx")


def write_reports(events: Iterable[Event], format: str = "md") -> Iterator[Sheet]:
    """Write each report as a file of its own, in one of :data:`FORMATS`."""
    for event in events:
        if isinstance(event, Reported):
            yield _PAPERS[format](event)


def told(event: Reported) -> list[str]:
    """Return the sentences of a report's findings: facts as told, vague or left out."""
    said = [fact.vague if fact.missing else fact.text for fact in event.facts]
    return [text for text in said if text]


def _markdown(event: Reported) -> Sheet:
    page = Page(f"reports/{event.number}.md")
    findings = "\n".join(f"{number}. {text}" for number, text in enumerate(told(event), 1))
    advice = "\n".join(f"- {text}" for text in event.advice) or "- 特にありません。"
    page.add(
        f"# {event.subject}\n\n{_date(event)}\n\n報告書番号: {event.number}\n\n"
        f"{event.vendor} {event.author}\n\n## 概要\n\n{event.summary}\n\n## 確認した事項\n\n"
        f"{findings}\n\n## ご提案\n\n{advice}", event.step,
    )  # fmt: skip
    return page


def _text(event: Reported) -> Sheet:
    """An older supplier: Windows' Japanese code page, numbers in full width."""
    page = Page(f"reports/{event.number}.txt", encoding="cp932", newline="\r\n")
    findings = "\n".join(
        f"　（{_wide(number)}）{text}" for number, text in enumerate(told(event), 1)
    )
    advice = "\n".join(f"　・{text}" for text in event.advice) or "　特になし"
    page.add(
        f"　　　　　　　　{event.subject}\n\n{_date(event)}　{event.number}\n{event.vendor}\n"
        f"{event.author}\n\n■概要\n　{event.summary}\n\n■確認事項\n{findings}\n\n■提案\n{advice}"
        "\n\n以上", event.step,
    )  # fmt: skip
    return page


def _document(event: Reported) -> Sheet:
    from docx import Document

    document = Document()
    document.core_properties.created = document.core_properties.modified = local(
        event.time
    ).replace(tzinfo=None)
    document.core_properties.author = event.author
    document.add_heading(event.subject, level=1)
    document.add_paragraph(f"{_date(event)}　{event.number}\n{event.vendor}　{event.author}")
    document.add_heading("概要", level=2)
    document.add_paragraph(event.summary)
    document.add_heading("確認した事項", level=2)
    for text in told(event):
        document.add_paragraph(text, style="List Number")
    document.add_heading("ご提案", level=2)
    for text in event.advice or ("特にありません。",):
        document.add_paragraph(text, style="List Bullet")
    buffer = io.BytesIO()
    document.save(buffer)
    blob = Blob(f"reports/{event.number}.docx")
    blob.put(_steady(buffer.getvalue()), event.step)
    return blob


def _steady(data: bytes) -> bytes:
    """Pack a zip again with one date for all members: the same seed gives the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for item in old.infolist():
            member = zipfile.ZipInfo(item.filename, (2026, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(member, old.read(item))
    return buffer.getvalue()


def _wide(number: int) -> str:
    """Digits in full width, as older word processors set them."""
    return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))


def _date(event: Reported) -> str:
    moment = local(event.time)
    return f"令和{moment.year - 2018}年{moment.month}月{moment.day}日"


_PAPERS = {"md": _markdown, "txt": _text, "docx": _document}
