"""Who touched which file: Windows object access (4663) as XML, and a NAS's own table.

Sources: Microsoft "Windows Security Audit Events", 4663; the schema of
``http://schemas.microsoft.com/win/2004/08/events/event``. The NAS is an invented product.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape

from noroshi.drill.clock import UTC_SECOND
from noroshi.drill.event import Event, Session, ShareOpened
from noroshi.drill.write.paper import Page, slashed
from noroshi.drill.write.sheet import Sheet

_SPACE = "http://schemas.microsoft.com/win/2004/08/events/event"
_ROOTS = {"share": "D:\\share", "C$": "C:", "ADMIN$": "C:\\Windows"}


def write_object_access(events: Iterable[Event], first: int = 880_001) -> Sheet:
    """Write one event for each file touched through a share, as an export of XML does.

    ``first`` is the record number of the first of them.
    """
    sheet = Sheet("windows/object-access.xml")
    sheet.comment('<?xml version="1.0" encoding="utf-8" standalone="yes"?>')
    sheet.comment("<Events>")
    for number, event in enumerate(_touched(events), first):
        sheet.add(_event(event, number), event.step)
    sheet.comment("</Events>")
    return sheet


def write_nas(events: Iterable[Event]) -> Page:
    """Write the access log of a NAS that stands in the file server's place."""
    page = Page("nas/access.csv", encoding="cp932", newline="\r\n")
    page.head(("日時", "ユーザー名", "IPアドレス", "プロトコル", "操作", "パス", "結果"))
    for event in _touched(events):
        session = event.session
        path = f"/{event.share}/" + event.target.replace("\\", "/")
        page.row(
            (slashed(event.time), session.account.login, session.source, "SMB3", "読み取り", path,
             "成功"), event.step,
        )  # fmt: skip
    return page


def _touched(events: Iterable[Event]) -> Iterable[ShareOpened]:
    return (event for event in events if isinstance(event, ShareOpened) and event.target)


def _data(fields: Mapping[str, str]) -> str:
    return "".join(f'<Data Name="{name}">{escape(text)}</Data>' for name, text in fields.items())


_OBJECT = _data({"ObjectServer": "Security", "ObjectType": "File"})
_ACCESS = _data({
    "AccessList": "%%4416", "AccessMask": "0x1", "ProcessId": "0x4", "ProcessName": "",
    "ResourceAttributes": "S:AI",
})  # fmt: skip


def _subject(session: Session) -> Mapping[str, str]:
    return {
        "SubjectUserSid": session.account.sid, "SubjectUserName": session.account.login,
        "SubjectDomainName": session.account.domain, "SubjectLogonId": hex(session.logon_id),
    }  # fmt: skip


def _event(event: ShareOpened, number: int) -> str:
    session = event.session
    path = f"{_ROOTS.get(event.share, event.share)}\\{event.target}"
    seconds, micro = divmod(event.time, 1_000_000)
    moment = f"{UTC_SECOND[seconds]}.{micro:06d}0Z"
    cells = (
        f"{_data(_subject(session))}{_OBJECT}{_data({'ObjectName': path})}"
        f'<Data Name="HandleId">{0x1000 + number % 4096 * 4:#x}</Data>{_ACCESS}'
    )
    return (
        f"<Event xmlns='{_SPACE}'><System><Provider Name='Microsoft-Windows-Security-Auditing' "
        "Guid='{54849625-5478-4994-a5ba-3e3b0328c30d}'/><EventID>4663</EventID>"
        "<Version>1</Version><Level>0</Level><Task>12800</Task><Opcode>0</Opcode>"
        f"<Keywords>0x8020000000000000</Keywords><TimeCreated SystemTime='{moment}'/>"
        f"<EventRecordID>{number}</EventRecordID><Correlation/>"
        "<Execution ProcessID='4' ThreadID='212'/><Channel>Security</Channel>"
        f"<Computer>{session.host.fqdn}</Computer><Security/></System>"
        f"<EventData>{cells}</EventData></Event>"
    )
