"""What happens in the simulated world, before any sensor has written it down.

Every event carries its time (µs since 1970 UTC) and the step of the story it belongs to (empty for
ordinary life). Events refer to one another by object, so that two logs can never disagree.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from noroshi.drill.software import Program
from noroshi.drill.world import Account, Host


@dataclass(frozen=True, eq=False)
class Session:
    """A logon session on a Windows host. ``kind`` is Windows' logon type."""

    host: Host
    account: Account
    logon_id: int
    kind: int
    started: int
    source: str = "-"
    port: int = 0

    @cached_property
    def guid(self) -> str:
        """GUID as Sysmon builds it: machine, time, logon id."""
        seconds = self.started // 1_000_000
        low = self.logon_id
        return (
            f"{{{self.host.machine_id}-{seconds & 0xFFFF:04x}-{seconds >> 16:04x}-"
            f"{low & 0xFFFF:04x}-{low:012x}}}"
        )


@dataclass(frozen=True, eq=False)
class Process:
    """A process on a Windows host; ``boot`` marks those that are there from the start."""

    session: Session
    program: Program
    command: str
    pid: int
    serial: int
    started: int
    parent: Process | None = None
    boot: bool = False
    folder: str = "C:\\Windows\\System32\\"

    @property
    def host(self) -> Host:
        """Where it runs."""
        return self.session.host

    @cached_property
    def guid(self) -> str:
        """GUID as Sysmon builds it: machine, start time, serial number."""
        seconds = self.started // 1_000_000
        return (
            f"{{{self.host.machine_id}-{seconds & 0xFFFF:04x}-{seconds >> 16:04x}-"
            f"{self.serial * 0x9E37 & 0xFFFF:04x}-000000000300}}"
        )


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Event:
    """One thing that happened."""

    time: int
    step: str = ""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class ProcessStarted(Event):
    """A process began."""

    process: Process


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class ProcessEnded(Event):
    """A process ended."""

    process: Process


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class LoggedOn(Event):
    """A session began."""

    session: Session


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class LoggedOff(Event):
    """A session ended."""

    session: Session


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class LogonFailed(Event):
    """Somebody was refused. ``status`` is the NTSTATUS sub-status."""

    host: Host
    login: str
    kind: int
    source: str
    port: int
    status: str = "0xc000006a"


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class TicketGranted(Event):
    """The domain controller issued a Kerberos ticket; ``service`` ``krbtgt`` is the first one."""

    dc: Host
    account: Account
    service: str
    client: str
    port: int


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Resolved(Event):
    """A host asked for a name."""

    host: Host
    server: str
    port: int
    name: str
    answer: str
    uid: str
    number: int
    process: Process | None = None
    kind: str = "A"


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Flow(Event):
    """A connection. Sizes in bytes, duration in µs; ``name`` is what was resolved for it."""

    uid: str
    source: str
    sport: int
    target: str
    dport: int
    service: str
    sent: int
    received: int
    duration: int
    name: str = ""
    protocol: str = "tcp"
    process: Process | None = None
    allowed: bool = True
    nat: str = ""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class ProxyRequest(Event):
    """The proxy served a client: one flow in, one out. ``time`` is when it was finished."""

    inner: Flow
    outer: Flow
    method: str
    url: str
    status: int
    mime: str
    user: str
    refused: bool = False


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class FileWritten(Event):
    """A process created a file; ``zone`` says that it came from outside and is marked so."""

    process: Process
    path: str
    content: bytes
    zone: bool = False


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class RegistrySet(Event):
    """A process set a registry value."""

    process: Process
    key: str
    value: str


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class ProcessOpened(Event):
    """A process opened another with certain rights."""

    process: Process
    target: Process
    access: str
    trace: str


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class ScriptRun(Event):
    """PowerShell compiled a block of script."""

    process: Process
    text: str


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class ServiceInstalled(Event):
    """The service manager of a host got a new service, asked for in a session."""

    session: Session
    name: str
    path: str


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class ShareOpened(Event):
    """A network session touched a share."""

    session: Session
    share: str
    target: str = ""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class LogCleared(Event):
    """Somebody emptied the security log."""

    session: Session


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class MailDelivered(Event):
    """The mail server took a message in."""

    message_id: str
    sender: str
    sender_name: str
    recipients: tuple[tuple[str, str], ...]
    subject: str
    body: str
    charset: str
    server: str
    checks: str
    attachment: tuple[str, str, bytes] | None = None
    flow: Flow | None = None


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class WebRequest(Event):
    """Somebody asked the town's web server for something."""

    flow: Flow
    method: str
    path: str
    status: int
    size: int
    agent: str
    referer: str = "-"


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class SyslogLine(Event):
    """A program on a Linux host said something."""

    host: Host
    program: str
    pid: int
    message: str


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Executed(Event):
    """A program was executed on a Linux host, seen by the audit system."""

    host: Host
    serial: int
    pid: int
    ppid: int
    uid: int
    login_uid: int
    program: str
    arguments: tuple[str, ...]
