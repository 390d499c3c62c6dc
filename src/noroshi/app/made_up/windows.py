"""Made-up Windows events for measuring: benign, varied, hardly a value twice.

The texts come from a grammar of our own and a seeded generator; the same seed gives the same
events. Command lines, file names, keys, ids and times are new in nearly every event, as on a fleet
of many machines; image paths come from a pool, as they do there.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pyarrow as pa

from noroshi.model import EVENT_CLASSES, EventBatch, LogSource

_SYSMON = "Microsoft-Windows-Sysmon"
_VENDORS = ("Contoso", "Northwind", "Fabrikam", "Tailspin", "Litware", "Adatum")
_TOOLS = ("Ledger", "Viewer", "Sync", "Agent", "Backup", "Mailer", "Report", "Editor", "Portal")
_SYSTEM = (
    "svchost", "conhost", "taskhostw", "explorer", "dllhost", "RuntimeBroker", "SearchHost",
    "backgroundTaskHost", "ctfmon", "sihost", "smartscreen", "WmiPrvSE", "spoolsv", "cmd",
    "powershell", "rundll32", "reg", "schtasks", "net", "ipconfig", "msiexec", "wscript",
)  # fmt: skip
_WORDS = (
    "budget", "minutes", "residents", "tax", "school", "water", "roads", "election", "welfare",
    "archive", "plan", "draft", "notice", "contract", "survey", "ledger", "invoice", "roster",
)  # fmt: skip
_DOMAINS = ("town.example", "prefecture.example", "vendor.example", "cdn.example", "news.example")


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of event and its share of the whole."""

    event_id: int
    class_name: str
    service: str
    categories: tuple[str, ...]
    share: int
    fields: Callable[[_Town], dict[str, str]]


class _Town:
    """The seeded source of everything."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - reproducible, not secret
        self.hosts = [f"pc-{number:04d}.{_DOMAINS[0]}" for number in range(400)]
        self.users = [f"TOWN\\u{number:05d}" for number in range(600)]
        self.images = [
            *(rf"C:\Windows\System32\{name}.exe" for name in _SYSTEM),
            *(
                rf"C:\Program Files\{vendor}\{tool}\{tool.lower()}{edition}.exe"
                for vendor in _VENDORS
                for tool in _TOOLS
                for edition in ("", "64", "svc")
            ),
        ]

    def word(self) -> str:
        return self.random.choice(_WORDS)

    def hexadecimal(self, digits: int) -> str:
        return f"{self.random.getrandbits(digits * 4):0{digits}x}"

    def guid(self) -> str:
        sizes = (8, 4, 4, 4, 12)
        return "{" + "-".join(self.hexadecimal(size) for size in sizes).upper() + "}"

    def image(self) -> str:
        return self.random.choice(self.images)

    def user(self) -> str:
        return self.random.choice(self.users)

    def document(self) -> str:
        name = f"{self.word()}-{self.word()}-{self.random.randrange(10**6)}"
        user = self.user().split("\\")[1]
        folder = self.random.choice(("Documents", "Desktop", r"AppData\Local\Cache", "Downloads"))
        kind = self.random.choice(("xlsx", "docx", "pdf", "tmp", "log", "json", "txt", "dat"))
        return rf"C:\Users\{user}\{folder}\{name}.{kind}"

    def command_line(self, image: str) -> str:
        options = " ".join(
            self.random.choice(
                (
                    f"--{self.word()}={self.random.randrange(10**5)}",
                    f"/{self.word()}:{self.hexadecimal(6)}",
                    f"-{self.word()[0]} {self.word()}",
                    f'"{self.document()}"',
                    f"--channel={self.random.randrange(10**4)}.{self.hexadecimal(10)}",
                )
            )
            for _ in range(self.random.randrange(1, 5))
        )
        return f'"{image}" {options}'


def _process(town: _Town) -> dict[str, str]:
    image, parent = town.image(), town.image()
    name = image.rsplit("\\", 1)[1]
    return {
        "ProcessGuid": town.guid(),
        "ProcessId": str(town.random.randrange(4, 60_000)),
        "Image": image,
        "OriginalFileName": name,
        "Description": f"{name} {town.word()}",
        "Product": f"{town.word()} suite",
        "Company": town.random.choice(_VENDORS),
        "CommandLine": town.command_line(image),
        "CurrentDirectory": town.document().rsplit("\\", 1)[0] + "\\",
        "User": town.user(),
        "LogonId": "0x" + town.hexadecimal(6),
        "IntegrityLevel": town.random.choice(("Medium", "Medium", "Low", "High", "System")),
        "Hashes": f"SHA256={town.hexadecimal(64).upper()},IMPHASH={town.hexadecimal(32).upper()}",
        "ParentProcessGuid": town.guid(),
        "ParentProcessId": str(town.random.randrange(4, 60_000)),
        "ParentImage": parent,
        "ParentCommandLine": town.command_line(parent),
        "ParentUser": town.user(),
    }


def _acting(town: _Town) -> dict[str, str]:
    return {
        "ProcessGuid": town.guid(),
        "ProcessId": str(town.random.randrange(4, 60_000)),
        "Image": town.image(),
        "User": town.user(),
    }


def _file(town: _Town) -> dict[str, str]:
    return _acting(town) | {"TargetFilename": town.document()}


def _module(town: _Town) -> dict[str, str]:
    vendor, tool = town.random.choice(_VENDORS), town.random.choice(_TOOLS)
    return _acting(town) | {
        "ImageLoaded": rf"C:\Program Files\{vendor}\{tool}\{town.word()}{town.hexadecimal(5)}.dll",
        "Signed": "true",
        "Signature": vendor,
        "SignatureStatus": "Valid",
        "Hashes": f"SHA256={town.hexadecimal(64).upper()},IMPHASH={town.hexadecimal(32).upper()}",
    }


def _registry(town: _Town) -> dict[str, str]:
    vendor, tool = town.random.choice(_VENDORS), town.random.choice(_TOOLS)
    key = rf"HKLM\SOFTWARE\{vendor}\{tool}\{town.word()}\{town.hexadecimal(8)}"
    return _acting(town) | {
        "EventType": "SetValue",
        "TargetObject": key,
        "Details": f"DWORD (0x{town.hexadecimal(8)})",
    }


def _network(town: _Town) -> dict[str, str]:
    return _acting(town) | {
        "Protocol": "tcp",
        "Initiated": "true",
        "SourceIp": f"10.{town.random.randrange(256)}.{town.random.randrange(256)}.7",
        "SourcePort": str(town.random.randrange(49_152, 65_536)),
        "DestinationIp": f"198.51.100.{town.random.randrange(256)}",
        "DestinationPort": town.random.choice(("443", "443", "80", "53", "445")),
        "DestinationHostname": f"{town.hexadecimal(8)}.{town.random.choice(_DOMAINS)}",
    }


def _dns(town: _Town) -> dict[str, str]:
    return _acting(town) | {
        "QueryName": f"{town.word()}{town.hexadecimal(6)}.{town.random.choice(_DOMAINS)}",
        "QueryStatus": "0",
        "QueryResults": f"::ffff:203.0.113.{town.random.randrange(256)};",
    }


def _logon(town: _Town) -> dict[str, str]:
    return {
        "SubjectUserSid": f"S-1-5-21-{town.random.randrange(10**9)}-{town.random.randrange(9999)}",
        "TargetUserName": town.user().split("\\")[1],
        "TargetDomainName": "TOWN",
        "TargetLogonId": "0x" + town.hexadecimal(8),
        "LogonType": town.random.choice(("2", "3", "3", "3", "5", "7", "11")),
        "LogonProcessName": "Kerberos",
        "AuthenticationPackageName": "Kerberos",
        "WorkstationName": town.random.choice(town.hosts).split(".")[0],
        "IpAddress": f"10.{town.random.randrange(256)}.{town.random.randrange(256)}.9",
        "IpPort": str(town.random.randrange(49_152, 65_536)),
        "ProcessName": "-",
    }


_KINDS = (
    _Kind(1, "process_activity", "sysmon", ("process_creation",), 30, _process),
    _Kind(7, "module_activity", "sysmon", ("image_load",), 18, _module),
    _Kind(11, "file_activity", "sysmon", ("file_event",), 15, _file),
    _Kind(13, "registry_activity", "sysmon", ("registry_set", "registry_event"), 12, _registry),
    _Kind(3, "network_activity", "sysmon", ("network_connection",), 10, _network),
    _Kind(22, "dns_activity", "sysmon", ("dns_query",), 5, _dns),
    _Kind(4624, "authentication", "security", (), 10, _logon),
)


def windows_batches(events: int, rows: int, seed: int = 20_261_122) -> Iterator[EventBatch]:
    """Yield batches of Windows events, each of one kind.

    Args:
        events: about how many in total.
        rows: rows a batch.
        seed: the same seed gives the same events.
    """
    town = _Town(seed)
    number = 0
    for kind in _KINDS:
        left = events * kind.share // 100
        while left > 0:
            count = min(rows, left)
            yield _batch(town, kind, number, count)
            number += count
            left -= count


def _batch(town: _Town, kind: _Kind, first: int, count: int) -> EventBatch:
    channel = "Security" if kind.service == "security" else f"{_SYSMON}/Operational"
    shared = {
        "EventID": str(kind.event_id),
        "Channel": channel,
        "Provider_Name": _SYSMON,
    }
    records = [
        shared
        | {"Computer": town.random.choice(town.hosts), "EventRecordID": str(first + number)}
        | kind.fields(town)
        for number in range(count)
    ]
    names = records[0]
    native = pa.RecordBatch.from_pydict(
        {name: pa.array([record[name] for record in records], pa.string()) for name in names}
    )
    start = 1_780_000_000_000_000 + first * 1_000_000
    known = {
        "event_id": pa.array([f"{first:032x}:{number}" for number in range(count)]),
        "source_id": pa.array([f"{first:032x}"] * count),
        "time": pa.array([start + number * 1_000_000 for number in range(count)], pa.int64()),
        "day": pa.array(["2026-05-28"] * count),
        "device_hostname": native.column("Computer"),
    }
    event_class = EVENT_CLASSES[kind.class_name]
    columns = {
        column.name: known.get(column.name, pa.nulls(count, column.kind.arrow))
        for column in event_class.columns[:-1]
    }
    source = LogSource("windows", (kind.service,), kind.categories)
    return EventBatch(event_class, source, pa.RecordBatch.from_pydict(columns), native)
