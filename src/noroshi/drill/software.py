"""Programs that run in the town hall. Their content is inert text, so their hashes are too."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

_WINDOWS = "Microsoft® Windows® Operating System"
_MICROSOFT = "Microsoft Corporation"
SYSTEM32 = "C:\\Windows\\System32\\"
_OFFICE = "C:\\Program Files\\Microsoft Office\\root\\Office16\\"


@dataclass(frozen=True)
class Program:
    """An executable file.

    Attributes:
        path: where it lies.
        description, product, company, version, original: its version resource.
        marker: the text whose hashes stand for its content.
    """

    path: str
    description: str = "-"
    product: str = "-"
    company: str = "-"
    version: str = "-"
    original: str = "-"
    marker: str = ""

    @cached_property
    def name(self) -> str:
        """File name."""
        return self.path.rpartition("\\")[2]

    @cached_property
    def content(self) -> bytes:
        """What stands for the file's bytes."""
        text = self.marker or f"inert stand-in for {self.path} {self.version}"
        return f"NOROSHI DRILL EVIDENCE (inert): {text}".encode()

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the content, hex."""
        return hashlib.sha256(self.content).hexdigest()

    @cached_property
    def hashes(self) -> str:
        """Hashes as Sysmon writes them."""
        md5 = hashlib.md5(self.content, usedforsecurity=False).hexdigest()
        imphash = hashlib.md5(self.content[::-1], usedforsecurity=False).hexdigest()
        return f"MD5={md5.upper()},SHA256={self.sha256.upper()},IMPHASH={imphash.upper()}"


def _windows(name: str, description: str, folder: str = SYSTEM32) -> Program:
    return Program(folder + name, description, _WINDOWS, _MICROSOFT, "10.0.22621.3527", name)


def _office(name: str, description: str) -> Program:
    return Program(
        _OFFICE + name, description, "Microsoft Office", _MICROSOFT, "16.0.17328.20184", name
    )


SYSTEM = Program("System", marker="kernel")
SMSS = _windows("smss.exe", "Windows Session Manager")
CSRSS = _windows("csrss.exe", "Client Server Runtime Process")
WININIT = _windows("wininit.exe", "Windows Start-Up Application")
WINLOGON = _windows("winlogon.exe", "Windows Logon Application")
SERVICES = _windows("services.exe", "Services and Controller app")
LSASS = _windows("lsass.exe", "Local Security Authority Process")
SVCHOST = _windows("svchost.exe", "Host Process for Windows Services")
USERINIT = _windows("userinit.exe", "Userinit Logon Application")
EXPLORER = _windows("explorer.exe", "Windows Explorer", "C:\\Windows\\")
CMD = _windows("cmd.exe", "Windows Command Processor")
WHOAMI = _windows("whoami.exe", "whoami - displays logged on user information")
NET = _windows("net.exe", "Net Command")
NLTEST = _windows("nltest.exe", "Microsoft® Logon Server Test Utility")
IPCONFIG = _windows("ipconfig.exe", "IP Configuration Utility")
NTDSUTIL = _windows("ntdsutil.exe", "NT5DS")
TASKHOST = _windows("taskhostw.exe", "Host Process for Windows Tasks")
WSMPROVHOST = _windows("wsmprovhost.exe", "Host process for WinRM plug-ins")
UPDATER = _windows("MoUsoCoreWorker.exe", "MoUSO Core Worker Process")
NOTEPAD = _windows("notepad.exe", "Notepad")
BACKGROUND = _windows("backgroundTaskHost.exe", "Background Task Host")
SEARCH = _windows("SearchProtocolHost.exe", "Microsoft Windows Search Protocol Host")
RUNTIME = _windows("RuntimeBroker.exe", "Runtime Broker")
SPOOLER = _windows("splwow64.exe", "Print driver host for applications", "C:\\Windows\\")
POWERSHELL = Program(
    SYSTEM32 + "WindowsPowerShell\\v1.0\\powershell.exe",
    "Windows PowerShell", _WINDOWS, _MICROSOFT, "10.0.22621.3085", "PowerShell.EXE",
)  # fmt: skip
OUTLOOK = _office("OUTLOOK.EXE", "Microsoft Outlook")
EXCEL = _office("EXCEL.EXE", "Microsoft Excel")
WORD = _office("WINWORD.EXE", "Microsoft Word")
ICHITARO = Program(
    "C:\\Program Files (x86)\\TOWN\\TARO\\TARO32.EXE",
    "Japanese word processor", "Word processor", "Example Word Processor", "33.0.1", "TARO32.EXE",
)  # fmt: skip
EDGE = Program(
    "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
    "Microsoft Edge", "Microsoft Edge", _MICROSOFT, "124.0.2478.80", "msedge.exe",
)  # fmt: skip
ANTIVIRUS = Program(
    "C:\\Program Files\\MamoriAV\\mamorisvc.exe",
    "Mamori antivirus service", "Mamori AV", "Mamori Example KK", "12.4.0", "mamorisvc.exe",
)  # fmt: skip
ASSET_AGENT = Program(
    "C:\\Program Files\\ShisanKanri\\skagent.exe",
    "IT asset agent", "Shisan Kanri", "Shisan Example KK", "8.2.1", "skagent.exe",
)  # fmt: skip
BACKUP_AGENT = Program(
    "C:\\Program Files\\HozonBackup\\hbagent.exe",
    "Backup agent", "Hozon Backup", "Hozon Example KK", "5.1.0", "hbagent.exe",
)  # fmt: skip
SEVEN_ZIP = Program(
    "C:\\Program Files\\7-Zip\\7zG.exe", "7-Zip GUI", "7-Zip", "Igor Pavlov", "23.01", "7zg.exe"
)
PSEXEC = Program(
    "C:\\it\\tools\\PsExec64.exe",
    "Execute processes remotely", "Sysinternals PsExec", "Sysinternals - www.sysinternals.com",
    "2.43", "psexec.c",
)  # fmt: skip
PSEXESVC = Program(
    "C:\\Windows\\PSEXESVC.exe",
    "PsExec Service", "Sysinternals PsExec", "Sysinternals - www.sysinternals.com",
    "2.43", "psexesvc.exe",
)  # fmt: skip
SCREEN_VIEWER = Program(
    "C:\\Program Files\\GamenTenso\\gtviewer.exe",
    "Screen transfer viewer", "Gamen Tenso", "Gamen Example KK", "6.3.0", "gtviewer.exe",
)  # fmt: skip

IMPLANT = Program(
    "C:\\Users\\Public\\Libraries\\invsync.exe",
    marker="the remote-control program of the story; does nothing",
)
REMOTE_IMPLANT = Program(
    "C:\\ProgramData\\sync\\wsync.exe",
    marker="the remote-control program of the story, as service; does nothing",
)
ARCHIVER = Program(
    "C:\\ProgramData\\sync\\r.exe",
    "7-Zip Standalone Console", "7-Zip", "Igor Pavlov", "23.01", "7za.exe",
    marker="an archiver under another name; does nothing",
)  # fmt: skip
