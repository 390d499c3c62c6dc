"""What Windows machines write down of each event of the day.

Field names are those of the events' own manifests (Sysmon schema 4.90, Security, System,
PowerShell).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC
from functools import lru_cache
from typing import TypeAlias, TypeVar, cast

import orjson

from noroshi.drill.clock import Seconds
from noroshi.drill.event import (
    Event,
    FileWritten,
    Flow,
    LogCleared,
    LoggedOff,
    LoggedOn,
    LogonFailed,
    Process,
    ProcessEnded,
    ProcessOpened,
    ProcessStarted,
    RegistrySet,
    Resolved,
    ScriptRun,
    ServiceInstalled,
    Session,
    ShareOpened,
    TicketGranted,
)
from noroshi.drill.kind.accounts import AccountChanged
from noroshi.drill.software import Program
from noroshi.drill.world.parts import domain_sid
from noroshi.drill.write.windows_accounts import account_changed
from noroshi.drill.write.windows_record import (
    EVENTLOG,
    POWERSHELL,
    SECURITY,
    SYSMON,
    SYSTEM,
    Fields,
    Record,
)

_Kind = TypeVar("_Kind", bound=Event)

Writer: TypeAlias = Callable[[Event], Iterable[Record]]
WRITERS: dict[type[Event], Writer] = {}


def _writes(
    kind: type[_Kind],
) -> Callable[[Callable[[_Kind], Iterable[Record]]], Callable[[_Kind], Iterable[Record]]]:
    def register(
        writer: Callable[[_Kind], Iterable[Record]],
    ) -> Callable[[_Kind], Iterable[Record]]:
        WRITERS[kind] = cast("Writer", writer)
        return writer

    return register


def _moment(time: int) -> Fields:
    return {"RuleName": "-", "UtcTime": _spaced(time)}


def _spaced(time: int) -> str:
    return _UTC[time // 1_000_000] + ".%03d" % (time // 1000 % 1000)  # noqa: UP031 - fast


_UTC = Seconds(lambda day: f"{day.isoformat()} ", UTC)


def _of(process: Process, prefix: str = "") -> Fields:
    return {
        f"{prefix}ProcessGuid": process.guid,
        f"{prefix}ProcessId": str(process.pid),
        f"{prefix}Image": process.program.path,
    }


def _subject(session: Session) -> Fields:
    return {
        "SubjectUserSid": session.account.sid,
        "SubjectUserName": session.account.login,
        "SubjectDomainName": session.account.domain,
        "SubjectLogonId": hex(session.logon_id),
    }


# -- the same as members of a JSON object, for the frequent kinds ----------------------------------


def _members(fields: Fields) -> str:
    return orjson.dumps(fields).decode()[1:-1]


def _moment_text(time: int) -> str:
    return f'"RuleName":"-","UtcTime":"{_spaced(time)}"'


@lru_cache(maxsize=8_192)
def _quoted(text: str) -> str:
    return orjson.dumps(text).decode()


def _of_text(process: Process) -> str:
    return (
        f'"ProcessGuid":"{process.guid}","ProcessId":"{process.pid}",'
        f'"Image":{_quoted(process.program.path)}'
    )


@lru_cache(maxsize=8_192)
def _user(session: Session) -> str:
    return _quoted(session.account.full)


@lru_cache(maxsize=8_192)
def _subject_text(session: Session) -> str:
    return _members(_subject(session))


@lru_cache(maxsize=8_192)
def _logon(session: Session) -> str:
    system, admin = session.kind == 0, session.account.admin
    return _members({
        "User": session.account.full, "LogonGuid": session.guid, "LogonId": hex(session.logon_id),
        "TerminalSessionId": "0" if session.kind in (0, 5) else "1",
        "IntegrityLevel": "System" if system else "High" if admin else "Medium",
    })  # fmt: skip


@lru_cache(maxsize=8_192)
def _version(program: Program) -> str:
    return _members({
        "FileVersion": program.version, "Description": program.description,
        "Product": program.product, "Company": program.company,
        "OriginalFileName": program.original,
    })  # fmt: skip


# -- kinds -----------------------------------------------------------------------------------------


@_writes(ProcessStarted)
def _process_started(event: ProcessStarted) -> Sequence[Record]:
    process, program = event.process, event.process.program
    session, parent = process.session, process.parent or process
    command, path = _quoted(process.command), _quoted(program.path)
    above = _quoted(parent.program.path)
    created = (
        f"{{{_moment_text(event.time)},{_of_text(process)},{_version(program)},"
        f'"CommandLine":{command},"CurrentDirectory":{_quoted(process.folder)},{_logon(session)},'
        f'"Hashes":"{program.hashes}","ParentProcessGuid":"{parent.guid}",'
        f'"ParentProcessId":"{parent.pid}","ParentImage":{above},'
        f'"ParentCommandLine":{_quoted(parent.command)},"ParentUser":{_user(parent.session)}}}'
    )
    audited = (
        f'{{{_subject_text(session)},"NewProcessId":"{process.pid:#x}","NewProcessName":{path},'
        f'"TokenElevationType":"{"%%1936" if session.account.admin else "%%1938"}",'
        f'"ProcessId":"{parent.pid:#x}","CommandLine":{command},"TargetUserSid":"S-1-0-0",'
        '"TargetUserName":"-","TargetDomainName":"-","TargetLogonId":"0x0",'
        f'"ParentProcessName":{above},'
        f'"MandatoryLabel":"{"S-1-16-16384" if session.kind == 0 else "S-1-16-8192"}"}}'
    )
    return Record(session.host, SYSMON, 1, created), Record(session.host, SECURITY, 4688, audited)


@_writes(ProcessEnded)
def _process_ended(event: ProcessEnded) -> Sequence[Record]:
    process = event.process
    user = _user(process.session)
    text = f'{{{_moment_text(event.time)},{_of_text(process)},"User":{user}}}'
    return (Record(process.session.host, SYSMON, 5, text),)


@_writes(Flow)
def _flow(event: Flow) -> Sequence[Record]:
    process = event.process
    if process is None or not event.allowed:
        return ()
    host = process.session.host
    text = (
        f'{{{_moment_text(event.time)},{_of_text(process)},"User":{_user(process.session)},'
        f'"Protocol":"{event.protocol}","Initiated":"true","SourceIsIpv6":"false",'
        f'"SourceIp":"{event.source}","SourceHostname":"{host.fqdn}",'
        f'"SourcePort":"{event.sport}","SourcePortName":"-","DestinationIsIpv6":"false",'
        f'"DestinationIp":"{event.target}","DestinationHostname":"{event.name or "-"}",'
        f'"DestinationPort":"{event.dport}","DestinationPortName":"-"}}'
    )
    return (Record(host, SYSMON, 3, text),)


@_writes(Resolved)
def _resolved(event: Resolved) -> Sequence[Record]:
    process = event.process
    if process is None:
        return ()
    fields = _moment(event.time) | _of(process) | {
        "QueryName": event.name, "QueryStatus": "0",
        "QueryResults": f"::ffff:{event.answer};", "User": process.session.account.full,
    }  # fmt: skip
    return (Record(event.host, SYSMON, 22, fields),)


@_writes(FileWritten)
def _file_written(event: FileWritten) -> Iterator[Record]:
    process = event.process
    what = {"TargetFilename": event.path, "CreationUtcTime": _moment(event.time)["UtcTime"]}
    user = {"User": process.session.account.full}
    yield Record(process.host, SYSMON, 11, _moment(event.time) | _of(process) | what | user)
    if event.zone:
        md5 = hashlib.md5(event.content, usedforsecurity=False).hexdigest().upper()
        sha256 = hashlib.sha256(event.content).hexdigest().upper()
        zone = {
            "TargetFilename": f"{event.path}:Zone.Identifier",
            "Hash": f"MD5={md5},SHA256={sha256}",
            "Contents": "[ZoneTransfer]  ZoneId=3",
        }
        yield Record(
            process.host, SYSMON, 15, _moment(event.time) | _of(process) | what | zone | user
        )


@_writes(RegistrySet)
def _registry_set(event: RegistrySet) -> Iterator[Record]:
    what = {"EventType": "SetValue", "TargetObject": event.key, "Details": event.value}
    user = {"User": event.process.session.account.full}
    process = event.process
    yield Record(process.host, SYSMON, 13, _moment(event.time) | _of(process) | what | user)


@_writes(ProcessOpened)
def _process_opened(event: ProcessOpened) -> Iterator[Record]:
    source, target = event.process, event.target
    yield Record(
        source.host, SYSMON, 10,
        _moment(event.time) | {
            "SourceProcessGUID": source.guid, "SourceProcessId": str(source.pid),
            "SourceThreadId": str(source.pid + 8), "SourceImage": source.program.path,
            "TargetProcessGUID": target.guid, "TargetProcessId": str(target.pid),
            "TargetImage": target.program.path, "GrantedAccess": event.access,
            "CallTrace": event.trace, "SourceUser": source.session.account.full,
            "TargetUser": target.session.account.full,
        },
    )  # fmt: skip


@_writes(ScriptRun)
def _script_run(event: ScriptRun) -> Iterator[Record]:
    block = hashlib.sha256(f"{event.process.guid}{event.text}".encode()).hexdigest()
    name = f"{block[:8]}-{block[8:12]}-{block[12:16]}-{block[16:20]}-{block[20:32]}"
    fields = {"MessageNumber": "1", "MessageTotal": "1", "ScriptBlockText": event.text}
    fields |= {"ScriptBlockId": name, "Path": ""}
    yield Record(event.process.host, POWERSHELL, 4104, fields)


@_writes(LoggedOn)
def _logged_on(event: LoggedOn) -> Iterator[Record]:
    session, account = event.session, event.session.account
    service = session.kind == 3
    yield Record(
        session.host, SECURITY, 4624,
        {
            "SubjectUserSid": "S-1-0-0" if service else "S-1-5-18",
            "SubjectUserName": "-" if service else f"{session.host.name}$",
            "SubjectDomainName": "-" if service else session.host.netbios,
            "SubjectLogonId": "0x0" if service else "0x3e7",
            "TargetUserSid": account.sid, "TargetUserName": account.login,
            "TargetDomainName": account.domain, "TargetLogonId": hex(session.logon_id),
            "LogonType": str(session.kind), "LogonProcessName": _LOGON_PROCESS[session.kind],
            "AuthenticationPackageName": "Kerberos" if service else "Negotiate",
            "WorkstationName": "-" if service else session.host.name, "LogonGuid": session.guid,
            "TransmittedServices": "-", "LmPackageName": "-", "KeyLength": "0",
            "ProcessName": "-" if service else "C:\\Windows\\System32\\svchost.exe",
            "IpAddress": session.source, "IpPort": str(session.port) if session.port else "-",
            "ElevatedToken": "%%1842" if account.admin else "%%1843",
        },
    )  # fmt: skip
    if account.admin and session.kind:
        privileges = "SeSecurityPrivilege SeBackupPrivilege SeRestorePrivilege SeDebugPrivilege"
        fields = _subject(session) | {"PrivilegeList": "\n\t\t\t".join(privileges.split())}
        yield Record(session.host, SECURITY, 4672, fields)


_LOGON_PROCESS = {0: "-", 2: "User32 ", 3: "Kerberos", 5: "Advapi  ", 10: "User32 "}


@_writes(LoggedOff)
def _logged_off(event: LoggedOff) -> Iterator[Record]:
    session = event.session
    fields = {
        "TargetUserSid": session.account.sid, "TargetUserName": session.account.login,
        "TargetDomainName": session.account.domain, "TargetLogonId": hex(session.logon_id),
        "LogonType": str(session.kind),
    }  # fmt: skip
    yield Record(session.host, SECURITY, 4634, fields)


@_writes(LogonFailed)
def _logon_failed(event: LogonFailed) -> Iterator[Record]:
    network = event.kind == 3
    yield Record(
        event.host, SECURITY, 4625,
        {
            "SubjectUserSid": "S-1-0-0" if network else "S-1-5-18",
            "SubjectUserName": "-" if network else f"{event.host.name}$",
            "SubjectDomainName": "-" if network else event.host.netbios,
            "SubjectLogonId": "0x0" if network else "0x3e7", "TargetUserSid": "S-1-0-0",
            "TargetUserName": event.login, "TargetDomainName": event.host.netbios,
            "Status": "0xc000006d",
            "FailureReason": "%%2313", "SubStatus": event.status, "LogonType": str(event.kind),
            "LogonProcessName": "NtLmSsp " if network else "User32 ",
            "AuthenticationPackageName": "NTLM" if network else "Negotiate",
            "WorkstationName": "-" if network else event.host.name,
            "IpAddress": event.source, "IpPort": str(event.port),
        },
        failure=True,
    )  # fmt: skip


@_writes(TicketGranted)
def _ticket_granted(event: TicketGranted) -> Iterator[Record]:
    first = event.service == "krbtgt"
    where = {"IpAddress": f"::ffff:{event.client}", "IpPort": str(event.port)}
    domain = event.dc.domain
    user = event.account.login if first else f"{event.account.login}@{domain.upper()}"
    sid = f"{domain_sid(domain)}-{502 if first else 1000}"
    fields = {
        "TargetUserName": user, "TargetDomainName": domain.upper(), "ServiceName": event.service,
        "ServiceSid": sid, "TicketOptions": "0x40810010", "TicketEncryptionType": "0x12",
        "Status": "0x0",
    } | where  # fmt: skip
    if first:
        fields |= {"TargetSid": event.account.sid, "PreAuthType": "2"}
    yield Record(event.dc, SECURITY, 4768 if first else 4769, fields)


@_writes(ServiceInstalled)
def _service_installed(event: ServiceInstalled) -> Iterator[Record]:
    host = event.session.host
    yield Record(
        host, SECURITY, 4697,
        _subject(event.session) | {
            "ServiceName": event.name, "ServiceFileName": event.path, "ServiceType": "0x10",
            "ServiceStartType": "3", "ServiceAccount": "LocalSystem",
        },
    )  # fmt: skip
    yield Record(
        host, SYSTEM, 7045,
        {
            "ServiceName": event.name, "ImagePath": event.path,
            "ServiceType": "user mode service", "StartType": "demand start",
            "AccountName": "LocalSystem",
        },
    )  # fmt: skip


@_writes(ShareOpened)
def _share_opened(event: ShareOpened) -> Iterator[Record]:
    session = event.session
    fields = _subject(session) | {
        "ObjectType": "File", "IpAddress": session.source, "IpPort": str(session.port),
        "ShareName": f"\\\\*\\{event.share}", "ShareLocalPath": _LOCAL.get(event.share, ""),
        "AccessMask": "0x1", "AccessList": "%%4416\n\t\t\t\t",
    }  # fmt: skip
    if event.target:
        fields |= {"RelativeTargetName": event.target, "AccessMask": "0x120089"}
    yield Record(session.host, SECURITY, 5145 if event.target else 5140, fields)


_LOCAL = {"share": "\\??\\D:\\share", "C$": "\\??\\C:\\", "ADMIN$": "\\??\\C:\\Windows"}


@_writes(LogCleared)
def _log_cleared(event: LogCleared) -> Iterator[Record]:
    fields = _subject(event.session) | {"xml_name": "LogFileCleared"}
    yield Record(event.session.host, EVENTLOG, 1102, fields)


WRITERS[AccountChanged] = cast("Writer", account_changed)
KINDS = frozenset(WRITERS)
"""Events that Windows machines write down."""
