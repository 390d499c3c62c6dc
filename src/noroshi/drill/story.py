"""The incident: one mail, one macro, and by night the tax office's files are gone.

Nothing in it works: the attachment, the programs and the scripts are sentences that say what they
stand for, and every address is from a documentation range.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from noroshi.drill import software
from noroshi.drill.clock import HOUR, MINUTE, SECOND
from noroshi.drill.day import Day
from noroshi.drill.event import (
    LogCleared,
    LogonFailed,
    Process,
    ProcessOpened,
    RegistrySet,
    ScriptRun,
    ServiceInstalled,
    Session,
)
from noroshi.drill.post import mail
from noroshi.drill.services import encoded
from noroshi.drill.software import Program
from noroshi.drill.staff import Desk
from noroshi.drill.world import Account, Host, Site
from noroshi.lang import N_, Message

LURE = "請求書_2026年5月分.xlsm"
LURE_TYPE = "application/vnd.ms-excel.sheet.macroEnabled.12"
LURE_CONTENT = (
    "NOROSHI DRILL EVIDENCE (inert). "
    "訓練用の無害なファイルです。物語の中では、ここに悪意のあるマクロが入っています。"
).encode()
STAGER = "# NOROSHI DRILL EVIDENCE (inert): in the story this line fetches the next stage"
DROP = Site("198.51.100.77", "198.51.100.77", plain=True)
COMMAND = Site("sync.hanamizuki-cdn.example", "198.51.100.78")
STORAGE = Site("upload.sorairo-storage.example", "192.0.2.150")
SENDER = "keiri@minami-jimukl.example"
SENDER_IP = "192.0.2.88"
_FOLDER = "C:\\ProgramData\\sync\\"
_PART = 236_000_000


@dataclass(frozen=True)
class Step:
    """One step of the story, as it is kept in the ground truth."""

    name: str
    technique: str
    title: Message


STEPS = (
    Step("lure", "T1566.001", Message(N_("A mail with a macro attachment reaches the accounts"))),
    Step("opened", "T1204.002", Message(N_("The clerk opens the attachment"))),
    Step("macro", "T1059.001", Message(N_("The macro starts PowerShell"))),
    Step("download", "T1105", Message(N_("PowerShell fetches a program and starts it"))),
    Step("autostart", "T1547.001", Message(N_("The program enters itself for autostart"))),
    Step("beacon", "T1071.001", Message(N_("The program reports to its master every few minutes"))),
    Step("discovery", "T1087.002", Message(N_("The intruder looks around the domain"))),
    Step("credentials", "T1003.001", Message(N_("Credentials are read from LSASS memory"))),
    Step("failed", "T1078.002", Message(N_("A first logon to the file server fails"))),
    Step("lateral-files", "T1021.002", Message(N_("A remote service runs on the file server"))),
    Step("lateral-dc", "T1021.002", Message(N_("A remote service runs on the domain controller"))),
    Step("directory", "T1003.003", Message(N_("The directory database is copied"))),
    Step("staging", "T1560.001", Message(N_("The tax office's files are packed"))),
    Step("collect", "T1039", Message(N_("The archive is fetched to the clerk's machine"))),
    Step("exfiltration", "T1567.002", Message(N_("By night the archive leaves through the proxy"))),
    Step("cleared", "T1070.001", Message(N_("The file server's security log is emptied"))),
)


def intrude(day: Day, victim: Desk, admin: str) -> None:
    """Play the story: ``victim`` opens the mail, ``admin`` is the account that gets stolen."""
    implant = _foothold(day, victim)
    with day.step("beacon"):
        for time in _beacons(day, day.at(10, 4, 7), day.at(23, 20)):
            day.fetch(implant, COMMAND, time, sent=1_180, received=740, lasts=210_000)
    with day.step("discovery"):
        _look_around(day, implant, day.about(day.at(10, 31, 12)))
    with day.step("credentials"):
        _steal(day, implant, day.about(day.at(11, 12, 40)))
    account = day.world.accounts[admin]
    service = _spread(day, victim, implant, account)
    _take(day, victim, implant, account, service)


def _foothold(day: Day, victim: Desk) -> Process:
    """Mail, macro, PowerShell, program, autostart."""
    with day.step("lure"):
        mail(
            day, day.about(day.at(9, 42, 10)), "株式会社みなみ事務機 経理担当", SENDER, SENDER_IP,
            "iso-2022-jp", [victim.person], "【再送】5月分ご請求書の送付について",
            f"{victim.person.department} {victim.person.family}様\n\nいつもお世話になっております。"
            "みなみ事務機 経理担当です。\n先月分のコピー機保守料について、"
            "請求書をお送りいたします。\n"
            "お手数ですが、本日中に金額のご確認をお願いできますでしょうか。",
            checks="spf=softfail; dkim=none; dmarc=fail", attachment=(LURE, LURE_TYPE),
            content=LURE_CONTENT,
        )  # fmt: skip
    time = day.about(day.at(9, 58, 31))
    path = (
        f"C:\\Users\\{victim.person.login}\\AppData\\Local\\Microsoft\\Windows\\INetCache\\"
        f"Content.Outlook\\7QX2ZK4M\\{LURE}"
    )
    with day.step("opened"):
        day.write(victim.outlook, path, time, LURE_CONTENT, zone=True)
        excel = day.start(
            victim.session, software.EXCEL, f'"{software.EXCEL.path}" "{path}"',
            time + 400_000, victim.outlook, folder=f"C:\\Users\\{victim.person.login}\\",
        )  # fmt: skip
    with day.step("macro"):
        shell = day.start(
            victim.session, software.POWERSHELL,
            f"powershell.exe -NoP -W Hidden -Enc {encoded(STAGER)}", time + 31 * SECOND, excel,
        )  # fmt: skip
        day.add(ScriptRun(time=time + 32 * SECOND, process=shell, text=STAGER))
    implant = _download(day, shell, time + 35 * SECOND)
    day.end(shell, time + 45 * SECOND)
    day.end(excel, time + 14 * MINUTE)
    return implant


def _download(day: Day, shell: Process, time: int) -> Process:
    with day.step("download"):
        got = day.fetch(
            shell, DROP, time, path="/u/inv-0520.dat", sent=310, received=412_160,
            lasts=2 * SECOND, mime="application/octet-stream",
        )  # fmt: skip
        day.write(
            shell, software.IMPLANT.path, got.time + SECOND, software.IMPLANT.content, zone=True
        )
        implant = day.start(
            shell.session, software.IMPLANT, software.IMPLANT.path, got.time + 3 * SECOND, shell
        )
    with day.step("autostart"):
        sid = shell.session.account.sid
        day.add(
            RegistrySet(
                time=implant.started + 2 * SECOND, process=implant,
                key=f"HKU\\{sid}\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run\\InvSync",
                value=software.IMPLANT.path,
            )
        )  # fmt: skip
    return implant


def _beacons(day: Day, begin: int, end: int) -> Iterator[int]:
    """About every five minutes, a fifth more or less, as such programs do."""
    rng = day.stream("story", "beacon")
    time = begin
    while time < end:
        yield time
        time += round(5 * MINUTE * rng.uniform(0.8, 1.2))


def _look_around(day: Day, implant: Process, time: int) -> None:
    shell = day.start(implant.session, software.CMD, "cmd.exe /c whoami /all", time, implant)
    for delay, program, command in (
        (1, software.WHOAMI, "whoami /all"),
        (45, software.IPCONFIG, "ipconfig /all"),
        (100, software.NET, 'net group "Domain Admins" /domain'),
        (160, software.NET, "net gruop \"Domain Computers\" /domain"),
        (171, software.NET, 'net group "Domain Computers" /domain'),
        (230, software.NLTEST, "nltest /dclist:midorino.example"),
    ):  # fmt: skip
        day.run(implant.session, program, command, time + delay * SECOND, shell)
    day.end(shell, time + 240 * SECOND)


def _steal(day: Day, implant: Process, time: int) -> None:
    system32 = "C:\\Windows\\"
    day.add(
        ProcessOpened(
            time=time, process=implant, target=day.system(implant.host, "lsass.exe"),
            access="0x1010",
            trace=f"{system32}SYSTEM32\\ntdll.dll+9d4f4|{system32}System32\\KERNELBASE.dll+2c13e|"
            "UNKNOWN(00000242FCE31A0B)",
        )
    )  # fmt: skip


def _spread(day: Day, victim: Desk, implant: Process, account: Account) -> Process:
    """From the clerk's machine to both servers; returns the foothold on the file server."""
    files, dc = day.world.hosts["FS01"], day.world.hosts["DC01"]
    with day.step("failed"):
        rng = day.stream("story", "failed")
        time = day.resolve(victim.host, files.fqdn, files.ip, day.about(day.at(13, 22, 8)), implant)
        flow = day.flow(
            victim.host, files.ip, 445, time, "ntlm,smb", 2_600, 1_950, rng, name=files.fqdn,
            process=day.system(victim.host, "System"),
        )  # fmt: skip
        day.add(
            LogonFailed(
                time=time + 60_000, host=files, login="administrator", kind=3,
                source=victim.host.ip, port=flow.sport,
            )
        )  # fmt: skip
    with day.step("lateral-files"):
        foothold = _remote_service(
            day, victim.host, account, files, implant, day.about(day.at(13, 26, 3))
        )
    with day.step("lateral-dc"):
        service = _remote_service(
            day, victim.host, account, dc, implant, day.about(day.at(13, 41, 37))
        )
    with day.step("directory"):
        time = day.about(day.at(13, 49, 20))
        shell = day.start(service.session, software.CMD, "cmd.exe /c ntdsutil", time, service)
        command = f'ntdsutil "ac i ntds" "ifm" "create full {_FOLDER}d" q q'
        dump = day.run(service.session, software.NTDSUTIL, command, time + SECOND, shell, MINUTE)
        day.write(
            dump, f"{_FOLDER}d\\Active Directory\\ntds.dit", time + 40 * SECOND,
            b"NOROSHI DRILL EVIDENCE (inert): a directory database",
        )  # fmt: skip
        day.end(shell, time + 70 * SECOND)
    return foothold


def _remote_service(
    day: Day, origin: Host, account: Account, server: Host, implant: Process, time: int
) -> Process:
    """Copy a program to a server and have its service manager run it."""
    session: Session = day.open_share(
        origin, account, server, "C$", time, targets=("ProgramData\\sync\\wsync.exe",),
        sent=430_000, received=21_000, lasts=3 * MINUTE, process=implant,
    )  # fmt: skip
    copied = time + 1_500_000
    program: Program = software.REMOTE_IMPLANT
    day.write(day.system(server, "System"), program.path, copied, program.content)
    day.add(
        ServiceInstalled(
            time=copied + SECOND, session=session, name="WinSyncHelper", path=program.path
        )
    )
    services = day.system(server, "services.exe")
    return day.start(services.session, program, program.path, copied + 1_300_000, services)


def _take(day: Day, victim: Desk, implant: Process, account: Account, service: Process) -> None:
    """Pack on the file server, fetch over, send out by night, empty the log."""
    files = day.world.hosts["FS01"]
    with day.step("staging"):
        time = day.about(day.at(15, 10, 18))
        day.write(service, software.ARCHIVER.path, time, software.ARCHIVER.content)
        command = (
            f"{software.ARCHIVER.path} a -mx1 -v225m -pNoroshiDrill {_FOLDER}d01.7z "
            "D:\\share\\税務課\\"
        )
        packing = day.run(
            service.session, software.ARCHIVER, command, time + 20 * SECOND, service,
            48 * MINUTE,
        )  # fmt: skip
        for part in range(1, 5):
            day.write(
                packing, f"{_FOLDER}d01.7z.{part:03d}", time + part * 11 * MINUTE, _archive(part)
            )
    with day.step("collect"):
        day.open_share(
            victim.host, account, files, "C$", day.about(day.at(19, 34, 50)),
            targets=tuple(f"ProgramData\\sync\\d01.7z.{part:03d}" for part in range(1, 5)),
            sent=2_100_000, received=4 * _PART, lasts=9 * MINUTE, process=implant,
        )  # fmt: skip
        for part in range(1, 5):
            day.write(
                implant, f"C:\\Users\\Public\\Libraries\\d01.7z.{part:03d}",
                day.about(day.at(19, 35) + part * 2 * MINUTE), _archive(part),
            )  # fmt: skip
    with day.step("exfiltration"):
        for part in range(4):
            day.fetch(
                implant, STORAGE, day.about(day.at(22, 40) + part * 9 * MINUTE),
                sent=_PART + part * 4_096, received=58_000, lasts=6 * MINUTE,
            )  # fmt: skip
    with day.step("cleared"):
        again = day.open_share(
            victim.host,
            account,
            files,
            "C$",
            day.about(day.at(23, 31)),
            lasts=HOUR // 30,
            process=implant,
        )
        day.add(LogCleared(time=day.about(day.at(23, 31, 30)), session=again))


def _archive(part: int) -> bytes:
    return f"NOROSHI DRILL EVIDENCE (inert): part {part} of a packed archive".encode()
