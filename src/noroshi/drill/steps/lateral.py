"""From machine to machine (TA0008)."""

from __future__ import annotations

from functools import partial

from noroshi.drill import software
from noroshi.drill.clock import MINUTE, SECOND
from noroshi.drill.event import SyslogLine
from noroshi.drill.intruder.holdings import Foothold
from noroshi.drill.software import SYSTEM32, Program
from noroshi.drill.steps.act import Act
from noroshi.drill.steps.step import Gift, Need, Slip, Tactic, step
from noroshi.lang import N_, Message

_MOVE = Tactic.LATERAL_MOVEMENT
_OVER = (Need.FOOTHOLD, Need.CHANNEL, Need.ACCOUNT, Need.TARGET)
WMI_HOST = Program(SYSTEM32 + "wbem\\WmiPrvSE.exe", "WMI Provider Host")
REMOTE_SHELL = Program(SYSTEM32 + "wsmprovhost.exe", "Host process for WinRM plug-ins")


def _wrong_account(act: Act) -> None:
    act.refused(act.base().host, "administrator")


_FIRST_TRY = Slip(0.35, Message(N_("the first account was refused")), _wrong_account)
_remotely = partial(
    step, needs=_OVER, gives=(Gift.FOOTHOLD,), slip=_FIRST_TRY, harm=8.0,
    leaves=("network logon", "process"),
)  # fmt: skip


@step(
    "smb-service",
    "T1021.002",
    _MOVE,
    N_("A remote service runs on another machine"),
    needs=_OVER,
    gives=(Gift.FOOTHOLD,),
    slip=_FIRST_TRY,
    harm=10.0,
    leaves=("network logon", "share access", "service", "file digest"),
)
def smb_service(act: Act) -> None:
    """Copy a program over the administrative share and have the service manager run it."""
    program, origin = software.REMOTE_IMPLANT, act.base().host
    session = act.day.open_share(
        origin,
        act.who(),
        act.host,
        "C$",
        act.time,
        targets=("ProgramData\\sync\\wsync.exe",),
        sent=430_000,
        received=21_000,
        lasts=3 * MINUTE,
        process=act.base().process,
    )
    copied = act.time + 1_500_000
    act.plant(act.day.system(act.host, "System"), program, copied)
    act.hold(act.service(session, "WinSyncHelper", program, copied + SECOND), origin)


@step(
    "refused-logon",
    "T1078.002",
    _MOVE,
    N_("A first logon to a server fails"),
    needs=(Need.FOOTHOLD, Need.CHANNEL, Need.TARGET),
    leaves=("failed logon",),
)
def refused_logon(act: Act) -> None:
    """The built-in account has another password there."""
    _wrong_account(act)
    act.ends = act.time + SECOND


@step(
    "rdp",
    "T1021.001",
    _MOVE,
    N_("A remote desktop is opened on another machine"),
    needs=_OVER,
    gives=(Gift.FOOTHOLD,),
    slip=_FIRST_TRY,
    harm=8.0,
    leaves=("remote logon", "connection"),
)
def rdp(act: Act) -> None:
    """A session with a desktop of its own."""
    origin = act.base().host
    time = act.day.resolve(origin, act.host.fqdn, act.host.ip, act.time, act.base().process)
    session = act.day.logon(act.host, act.who(), time + 3 * SECOND, kind=10, origin=origin)
    act.day.flow(
        origin,
        act.host.ip,
        3389,
        time,
        "rdp",
        900_000,
        14_000_000,
        act.rng,
        name=act.host.fqdn,
        duration=40 * MINUTE,
        process=act.base().process,
        sport=session.port,
    )
    explorer = act.day.start(
        session,
        software.EXPLORER,
        software.EXPLORER.path,
        time + 9 * SECOND,
        act.day.system(act.host, "winlogon.exe"),
    )
    act.hold(explorer, origin)


@_remotely(
    "winrm", "T1021.006", _MOVE, N_("Commands are run on another machine by remote management")
)
def winrm(act: Act) -> None:
    """Port 5985 and a host process on the other side."""
    _remote(act, 5985, "http", REMOTE_SHELL, "wsmprovhost.exe -Embedding")


@_remotely("wmi", "T1047", _MOVE, N_("A program is started on another machine by WMI"))
def wmi(act: Act) -> None:
    """Port 135 and a shell below the provider."""
    _remote(act, 135, "dce_rpc", WMI_HOST, "wmiprvse.exe -secured -Embedding")


def _remote(act: Act, port: int, service: str, program: Program, line: str) -> None:
    origin = act.base().host
    time = act.day.resolve(origin, act.host.fqdn, act.host.ip, act.time, act.base().process)
    session = act.day.logon(act.host, act.who(), time + 60_000, kind=3, origin=origin)
    act.day.flow(
        origin,
        act.host.ip,
        port,
        time,
        service,
        8_200,
        5_100,
        act.rng,
        name=act.host.fqdn,
        duration=2 * MINUTE,
        sport=session.port,
        process=act.base().process,
    )
    above = act.day.system(act.host, "svchost.exe")
    host = act.day.start(session, program, line, time + SECOND, above)
    act.day.run(session, software.CMD, "cmd.exe /Q /c whoami", time + 3 * SECOND, host)
    act.hold(host, origin)


@step(
    "ssh",
    "T1021.004",
    _MOVE,
    N_("A shell is opened on another machine by SSH"),
    needs=(Need.FOOTHOLD, Need.TARGET),
    gives=(Gift.FOOTHOLD,),
    leaves=("auth log", "connection"),
)
def ssh(act: Act) -> None:
    """With a key that lay about."""
    origin = act.base().host
    flow = act.day.flow(
        origin, act.host.ip, 22, act.time, "ssh", 9_000, 31_000, act.rng, duration=9 * MINUTE
    )
    pid = 2000 + act.day.serial("pid", act.host)
    said = f"Accepted publickey for webadmin from {origin.ip} port {flow.sport} ssh2"
    act.day.add(
        SyslogLine(time=act.time + SECOND, host=act.host, program="sshd", pid=pid, message=said)
    )
    act.gained = Foothold(act.host, act.time + SECOND, through=origin)
    act.ends = act.time + 2 * SECOND


@step(
    "tool-transfer",
    "T1570",
    _MOVE,
    N_("Tools are copied to another machine"),
    needs=_OVER,
    leaves=("share access",),
)
def tool_transfer(act: Act) -> None:
    """Over the administrative share."""
    act.day.open_share(
        act.base().host,
        act.who(),
        act.host,
        "C$",
        act.time,
        sent=1_900_000,
        lasts=MINUTE,
        targets=("ProgramData\\sync\\r.exe",),
        process=act.base().process,
    )
    act.ends = act.time + 2 * MINUTE
