"""Staying in, and getting more rights (TA0003, TA0004)."""

from __future__ import annotations

from noroshi.drill import software
from noroshi.drill.clock import SECOND
from noroshi.drill.event import RegistrySet
from noroshi.drill.outside import request
from noroshi.drill.software import SYSTEM32, Program
from noroshi.drill.steps.act import Act
from noroshi.drill.steps.execution import SCHTASKS
from noroshi.drill.steps.step import Need, Slip, Tactic, step
from noroshi.lang import N_, Message

_STAY, _RISE = Tactic.PERSISTENCE, Tactic.PRIVILEGE_ESCALATION
_LOCAL = (Need.FOOTHOLD,)
_ORDERED = (Need.FOOTHOLD, Need.CHANNEL)
FODHELPER = Program(SYSTEM32 + "fodhelper.exe", "Features On Demand Helper")
DRIVER = Program("C:\\ProgramData\\sync\\hlp.exe", marker="a program that raises its rights")


@step(
    "run-key",
    "T1547.001",
    _STAY,
    N_("The program enters itself for autostart"),
    needs=_LOCAL,
    leaves=("registry",),
)
def run_key(act: Act) -> None:
    """A value below Run."""
    process = act.process()
    key = f"HKU\\{process.session.account.sid}\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run"
    act.day.add(
        RegistrySet(
            time=act.time, process=process, key=f"{key}\\InvSync", value=process.program.path
        )
    )
    act.ends = act.time + SECOND


@step(
    "scheduled-task",
    "T1053.005",
    _STAY,
    N_("A scheduled task starts the program again"),
    needs=_LOCAL,
    leaves=("process",),
)
def scheduled_task(act: Act) -> None:
    """A task under an everyday name."""
    line = f'schtasks /create /sc hourly /tn "SyncCheck" /tr {act.process().program.path} /f'
    act.commands((1, SCHTASKS, line))


@step(
    "local-account",
    "T1136.001",
    _STAY,
    N_("A new local account is made"),
    needs=_ORDERED,
    leaves=("process",),
)
def local_account(act: Act) -> None:
    """An account that looks like support's."""
    act.commands(
        (1, software.NET, "net user support01 * /add"),
        (7, software.NET, "net localgroup Administrators support01 /add"),
    )


@step(
    "web-shell",
    "T1505.003",
    _STAY,
    N_("A page that takes orders is put on the web server"),
    needs=_LOCAL,
    leaves=("access log", "audit log"),
)
def web_shell(act: Act) -> None:
    """A new file in the upload folder, asked for from outside."""
    act.execute((0, ("/usr/bin/cp", "/tmp/.c", "/var/www/upload/img_20260520.php")))  # noqa: S108
    for number in range(5):
        request(
            act.day,
            act.where().ip,
            act.time + (20 + 14 * number) * SECOND,
            "/upload/img_20260520.php?q=status",
            "Mozilla/5.0",
            "-",
            act.rng,
            "POST",
            200,
            620,
        )


@step(
    "authorized-keys",
    "T1098.004",
    _STAY,
    N_("A key of the intruder's is added to an account"),
    needs=_LOCAL,
    leaves=("audit log",),
)
def authorized_keys(act: Act) -> None:
    """A line in a file."""
    path = "/home/webadmin/.ssh/authorized_keys"
    act.execute((0, ("/usr/bin/tee", "-a", path)), (3, ("/usr/bin/chmod", "600", path)), uid=0)


@step(
    "bypass-uac",
    "T1548.002",
    _RISE,
    N_("The program gets administrator's rights past the prompt"),
    needs=_LOCAL,
    leaves=("registry", "process"),
)
def bypass_uac(act: Act) -> None:
    """A registry value that an own program of Windows trusts."""
    process = act.process()
    key = f"HKU\\{process.session.account.sid}_Classes\\ms-settings\\Shell\\Open\\command\\"
    act.day.add(RegistrySet(time=act.time, process=process, key=key, value=process.program.path))
    act.day.run(process.session, FODHELPER, FODHELPER.path, act.time + 2 * SECOND, process)
    act.ends = act.time + 4 * SECOND


def _crash(act: Act) -> None:
    act.plant(act.process(), DRIVER, act.time)
    act.day.run(act.process().session, DRIVER, DRIVER.path, act.time + SECOND, act.process())


@step(
    "local-flaw",
    "T1068",
    _RISE,
    N_("A local flaw is used to become administrator"),
    needs=_LOCAL,
    leaves=("process", "file digest"),
    slip=Slip(0.4, Message(N_("the helper program crashed")), _crash),
)
def local_flaw(act: Act) -> None:
    """A helper program that stands for the flaw's use."""
    _crash(act)
    act.ends = act.time + 3 * SECOND


@step(
    "sudo",
    "T1548.003",
    _RISE,
    N_("A shell of root is opened by a loose sudo rule"),
    needs=_LOCAL,
    leaves=("auth log", "audit log"),
)
def sudo(act: Act) -> None:
    """One line in the auth log."""
    act.say(
        act.time,
        "sudo",
        "www-data : TTY=unknown ; PWD=/var/www ; USER=root ; COMMAND=/usr/bin/find . -exec /bin/sh",
    )
    act.execute((0, ("/usr/bin/find", ".", "-exec", "/bin/sh")), uid=0)
