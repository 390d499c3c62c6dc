"""Not being seen (TA0005)."""

from __future__ import annotations

from noroshi.drill import software
from noroshi.drill.clock import MINUTE, SECOND
from noroshi.drill.event import LogCleared, RegistrySet
from noroshi.drill.software import SYSTEM32, Program
from noroshi.drill.steps.act import Act
from noroshi.drill.steps.step import Need, Tactic, step
from noroshi.lang import N_

_HIDE = Tactic.DEFENCE_EVASION
_LOCAL = (Need.FOOTHOLD,)
RUNDLL = Program(SYSTEM32 + "rundll32.exe", "Windows host process (Rundll32)")
MASK = Program("C:\\ProgramData\\sync\\svchost.exe", marker="a program under a false name")


@step(
    "clear-log",
    "T1070.001",
    _HIDE,
    N_("A server's security log is emptied"),
    needs=(Need.FOOTHOLD, Need.CHANNEL, Need.ACCOUNT, Need.TARGET),
    leaves=("event log",),
)
def clear_log(act: Act) -> None:
    """Over the network, with the borrowed account."""
    session = act.day.open_share(
        act.base().host,
        act.who(),
        act.host,
        "C$",
        act.time,
        lasts=2 * MINUTE,
        process=act.process(),
    )
    act.day.add(LogCleared(time=act.time + 30 * SECOND, session=session))
    act.ends = act.time + MINUTE


@step(
    "delete-files",
    "T1070.004",
    _HIDE,
    N_("Files that tell of the intrusion are deleted"),
    needs=_LOCAL,
    leaves=("process",),
)
def delete_files(act: Act) -> None:
    """A line in the shell."""
    act.commands((1, software.CMD, "cmd.exe /c del /q C:\\ProgramData\\sync\\*.7z.*"))


@step(
    "disable-antivirus",
    "T1562.001",
    _HIDE,
    N_("The antivirus is switched off"),
    needs=_LOCAL,
    leaves=("registry", "process"),
)
def disable_antivirus(act: Act) -> None:
    """An exclusion for the folder, then the service is told to stop."""
    act.day.add(
        RegistrySet(
            time=act.time,
            process=act.process(),
            key="HKLM\\SOFTWARE\\MamoriAV\\Exclusions\\Paths",
            value="C:\\ProgramData\\sync",
        )
    )
    act.commands((2, software.NET, "net stop mamorisvc"))


@step(
    "rundll",
    "T1218.011",
    _HIDE,
    N_("A library is run by a program of Windows"),
    needs=_LOCAL,
    leaves=("process",),
)
def rundll(act: Act) -> None:
    """An export by number, out of a public folder."""
    line = "rundll32.exe C:\\Users\\Public\\Libraries\\inv.dat,#1"
    act.day.run(act.process().session, RUNDLL, line, act.time, act.process(), 30 * SECOND)
    act.ends = act.time + SECOND


@step(
    "false-name",
    "T1036.005",
    _HIDE,
    N_("A program runs under the name of one of Windows'"),
    needs=_LOCAL,
    leaves=("process", "file digest"),
)
def false_name(act: Act) -> None:
    """The right name in the wrong folder."""
    act.plant(act.process(), MASK, act.time)
    act.day.start(act.process().session, MASK, MASK.path, act.time + SECOND, act.process())
    act.ends = act.time + 2 * SECOND


@step(
    "wipe-history",
    "T1070.003",
    _HIDE,
    N_("The shell's history is deleted"),
    needs=_LOCAL,
    leaves=("audit log",),
)
def wipe_history(act: Act) -> None:
    """On a Linux machine."""
    act.execute((0, ("/usr/bin/rm", "-f", "/root/.bash_history")), uid=0)
