"""What happens in the simulated world, before any sensor has written it down.

Every event carries its time (µs since 1970 UTC) and the step of the story it belongs to (empty for
ordinary life). Events refer to one another by object, so that two logs can never disagree.
"""

from __future__ import annotations

from dataclasses import Field, dataclass, field
from typing import Any, ClassVar, TypeVar, dataclass_transform

from noroshi.drill.software import Program
from noroshi.drill.world import Account, Host

_Kind = TypeVar("_Kind", bound="Event")


@dataclass(frozen=True, eq=False, slots=True)
class Session:
    """A logon session on a Windows host.

    ``kind`` is Windows' logon type, ``guid`` what Sysmon builds of machine, time and logon id.
    """

    host: Host
    account: Account
    logon_id: int
    kind: int
    started: int
    source: str = "-"
    port: int = 0
    guid: str = field(init=False)

    def __post_init__(self) -> None:
        low = self.logon_id
        _identify(self, self.host, f"{low & 0xFFFF:04x}-{low:012x}")


@dataclass(frozen=True, eq=False, slots=True)
class Process:
    """A process on a Windows host; ``boot`` marks those that are there from the start.

    ``guid`` is what Sysmon builds of machine, start time and serial number.
    """

    session: Session
    program: Program
    command: str
    pid: int
    serial: int
    started: int
    parent: Process | None = None
    boot: bool = False
    folder: str = "C:\\Windows\\System32\\"
    guid: str = field(init=False)

    def __post_init__(self) -> None:
        _identify(self, self.host, f"{self.serial * 0x9E37 & 0xFFFF:04x}-000000000300")

    @property
    def host(self) -> Host:
        """Where it runs."""
        return self.session.host


def _identify(one: Session | Process, host: Host, rest: str) -> None:
    seconds = one.started // 1_000_000
    start = f"{host.machine_id}-{seconds & 0xFFFF:04x}-{seconds >> 16:04x}"
    object.__setattr__(one, "guid", f"{{{start}-{rest}}}")


@dataclass_transform(kw_only_default=True, eq_default=False, frozen_default=True)
def kind_of_event(kind: type[_Kind]) -> type[_Kind]:
    """Make a class a kind of event, which nobody may change.

    It is frozen for the type checker alone: at run time ``frozen`` makes each event take more than
    twice as long, and a day has hundreds of thousands.
    """
    return dataclass(eq=False, kw_only=True, slots=True)(kind)


@kind_of_event
class Event:
    """One thing that happened."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]
    time: int
    step: str = ""


@kind_of_event
class ProcessStarted(Event):
    """A process began."""

    process: Process


@kind_of_event
class ProcessEnded(Event):
    """A process ended."""

    process: Process


@kind_of_event
class LoggedOn(Event):
    """A session began."""

    session: Session


@kind_of_event
class LoggedOff(Event):
    """A session ended."""

    session: Session


@kind_of_event
class LogonFailed(Event):
    """Somebody was refused. ``status`` is the NTSTATUS sub-status."""

    host: Host
    login: str
    kind: int
    source: str
    port: int
    status: str = "0xc000006a"


@kind_of_event
class TicketGranted(Event):
    """The domain controller issued a Kerberos ticket; ``service`` ``krbtgt`` is the first one."""

    dc: Host
    account: Account
    service: str
    client: str
    port: int


@kind_of_event
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


@kind_of_event
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


@kind_of_event
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


@kind_of_event
class FileWritten(Event):
    """A process created a file; ``zone`` says that it came from outside and is marked so."""

    process: Process
    path: str
    content: bytes
    zone: bool = False


@kind_of_event
class RegistrySet(Event):
    """A process set a registry value."""

    process: Process
    key: str
    value: str


@kind_of_event
class ProcessOpened(Event):
    """A process opened another with certain rights."""

    process: Process
    target: Process
    access: str
    trace: str


@kind_of_event
class ScriptRun(Event):
    """PowerShell compiled a block of script."""

    process: Process
    text: str


@kind_of_event
class ServiceInstalled(Event):
    """The service manager of a host got a new service, asked for in a session."""

    session: Session
    name: str
    path: str


@kind_of_event
class ShareOpened(Event):
    """A network session touched a share."""

    session: Session
    share: str
    target: str = ""


@kind_of_event
class LogCleared(Event):
    """Somebody emptied the security log."""

    session: Session


@kind_of_event
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


@kind_of_event
class WebRequest(Event):
    """Somebody asked the town's web server for something."""

    flow: Flow
    method: str
    path: str
    status: int
    size: int
    agent: str
    referer: str = "-"


@kind_of_event
class SyslogLine(Event):
    """A program on a Linux host said something."""

    host: Host
    program: str
    pid: int
    message: str


@kind_of_event
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
