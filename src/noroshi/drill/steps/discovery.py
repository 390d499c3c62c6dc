"""Looking around (TA0007)."""

from __future__ import annotations

from noroshi.drill import software
from noroshi.drill.clock import MINUTE, SECOND
from noroshi.drill.software import SYSTEM32, Program
from noroshi.drill.steps.act import Act
from noroshi.drill.steps.step import Need, Tactic, step
from noroshi.lang import N_

_LOOK = Tactic.DISCOVERY
_ORDERED = (Need.FOOTHOLD, Need.CHANNEL)
SYSTEMINFO = Program(SYSTEM32 + "systeminfo.exe", "Displays system information")
TASKLIST = Program(SYSTEM32 + "tasklist.exe", "Lists the current running tasks")


@step(
    "domain",
    "T1087.002",
    _LOOK,
    N_("The intruder looks around the domain"),
    needs=_ORDERED,
    leaves=("process",),
)
def domain(act: Act) -> None:
    """Seven commands, one of them mistyped."""
    act.commands(
        (1, software.WHOAMI, "whoami /all"),
        (45, software.IPCONFIG, "ipconfig /all"),
        (100, software.NET, 'net group "Domain Admins" /domain'),
        (160, software.NET, 'net gruop "Domain Computers" /domain'),
        (171, software.NET, 'net group "Domain Computers" /domain'),
        (230, software.NLTEST, "nltest /dclist:midorino.example"),
    )


@step(
    "system-info",
    "T1082",
    _LOOK,
    N_("The machine is looked over"),
    needs=_ORDERED,
    leaves=("process",),
)
def system_info(act: Act) -> None:
    """What system, which patches."""
    act.commands((1, SYSTEMINFO, "systeminfo"), (30, software.IPCONFIG, "ipconfig /all"))


@step(
    "processes",
    "T1057",
    _LOOK,
    N_("Running programs are listed"),
    needs=_ORDERED,
    leaves=("process",),
)
def processes(act: Act) -> None:
    """Which antivirus runs."""
    act.commands((1, TASKLIST, "tasklist /svc"))


@step(
    "shares", "T1135", _LOOK, N_("Network shares are listed"), needs=_ORDERED, leaves=("process",)
)
def shares(act: Act) -> None:
    """What the file server offers."""
    act.commands((1, software.NET, "net view \\\\FS01"), (12, software.NET, "net use"))


@step(
    "remote-systems",
    "T1018",
    _LOOK,
    N_("Machines of the network are listed"),
    needs=_ORDERED,
    leaves=("process",),
)
def remote_systems(act: Act) -> None:
    """By the domain's own list."""
    act.commands((1, software.NET, "net view /domain"), (20, software.NLTEST, "nltest /dsgetdc:"))


@step(
    "port-scan",
    "T1046",
    _LOOK,
    N_("Ports of the servers are tried one by one"),
    needs=(Need.FOOTHOLD,),
    leaves=("connections",),
)
def port_scan(act: Act) -> None:
    """A sweep over the servers from a machine that never does so."""
    origin, time = act.base().host, act.time
    for host in act.day.world.hosts.values():
        if host.role in ("pc", "firewall") or host is origin:
            continue
        for port in (22, 135, 443, 445, 3389):
            time += act.rng.randrange(60_000, 400_000)
            act.day.flow(origin, host.ip, port, time, "-", 60, 0, act.rng, duration=0)
    act.ends = time + MINUTE


@step(
    "files",
    "T1083",
    _LOOK,
    N_("Folders are searched for what is worth taking"),
    needs=_ORDERED,
    leaves=("process",),
)
def files(act: Act) -> None:
    """A listing to a file."""
    line = "cmd.exe /c dir /s /b D:\\share"
    act.commands((1, software.CMD, line))
    act.ends += 2 * SECOND
