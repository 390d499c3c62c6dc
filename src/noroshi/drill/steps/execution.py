"""Running things (TA0002)."""

from __future__ import annotations

from noroshi.drill import software
from noroshi.drill.clock import MINUTE, SECOND
from noroshi.drill.event import ScriptRun
from noroshi.drill.services import encoded
from noroshi.drill.software import SYSTEM32, Program
from noroshi.drill.steps.act import INERT, Act
from noroshi.drill.steps.step import Gift, Need, Slip, Tactic, step
from noroshi.lang import N_, Message

_RUN = Tactic.EXECUTION
STAGER = f"# {INERT}: in the story this line fetches the next stage"
WSCRIPT = Program(SYSTEM32 + "wscript.exe", "Microsoft Windows Based Script Host")
SCHTASKS = Program(SYSTEM32 + "schtasks.exe", "Task Scheduler Configuration Tool")


def _hesitates(act: Act) -> None:
    desk = act.at_desk()
    act.day.run(desk.session, software.NOTEPAD, software.NOTEPAD.path, act.time, desk.explorer)


@step(
    "open-attachment",
    "T1204.002",
    _RUN,
    N_("The attachment is opened"),
    needs=(Need.PERSON, Need.MAILBOX),
    gives=(Gift.FOOTHOLD,),
    leaves=("file digest", "process"),
)
def open_attachment(act: Act) -> None:
    """A double click in the mail program."""
    desk = act.at_desk()
    folder = f"C:\\Users\\{desk.person.login}\\AppData\\Local\\Microsoft\\Windows\\INetCache\\"
    path = f"{folder}Content.Outlook\\7QX2ZK4M\\{act.text('file', '請求書_2026年5月分.xlsm')}"
    content = (
        f"{INERT}. 訓練用の無害なファイルです。物語の中では、ここに悪意のあるマクロが入っています。"
    ).encode()
    act.day.write(desk.outlook, path, act.time, content, zone=True)
    excel = act.day.start(
        desk.session,
        software.EXCEL,
        f'"{software.EXCEL.path}" "{path}"',
        act.time + 400_000,
        desk.outlook,
        folder=f"C:\\Users\\{desk.person.login}\\",
    )
    act.hold(excel)
    act.day.end(excel, act.time + 14 * MINUTE)


@step(
    "open-link",
    "T1204.001",
    _RUN,
    N_("The link is followed and a password is typed in"),
    needs=(Need.PERSON, Need.MAILBOX, Need.OUTSIDE),
    gives=(Gift.ACCOUNT,),
    leaves=("proxy log",),
    slip=Slip(0.3, Message(N_("the reader closed the page again")), _hesitates),
)
def open_link(act: Act) -> None:
    """The page is fetched twice: once to look, once to hand over the password."""
    desk = act.at_desk()
    act.day.fetch(desk.browser, act.where(), act.time, sent=900, received=48_000)
    done = act.day.fetch(
        desk.browser, act.where(), act.time + 50 * SECOND, sent=2_700, received=1_900, method="POST"
    )
    act.ends = done.time + SECOND


@step(
    "macro-shell",
    "T1059.001",
    _RUN,
    N_("The macro starts PowerShell"),
    needs=(Need.FOOTHOLD,),
    gives=(Gift.FOOTHOLD,),
    leaves=("process", "script block"),
)
def macro_shell(act: Act) -> None:
    """An encoded line that is a comment."""
    above = act.process()
    shell = act.day.start(
        above.session,
        software.POWERSHELL,
        f"powershell.exe -NoP -W Hidden -Enc {encoded(STAGER)}",
        act.time,
        above,
    )
    act.day.add(ScriptRun(time=act.time + SECOND, process=shell, text=STAGER))
    act.day.end(shell, act.time + 13 * MINUTE)
    act.hold(shell)


@step(
    "script-host",
    "T1059.005",
    _RUN,
    N_("A script is run by the script host"),
    needs=(Need.FOOTHOLD,),
    leaves=("process",),
)
def script_host(act: Act) -> None:
    """A script file in the user's own folder."""
    line = "wscript.exe //B C:\\Users\\Public\\Libraries\\view.vbs"
    act.day.run(act.process().session, WSCRIPT, line, act.time, act.process())
    act.ends = act.time + 2 * SECOND


@step(
    "command-shell",
    "T1059.003",
    _RUN,
    N_("Commands are run in the command shell"),
    needs=(Need.FOOTHOLD, Need.CHANNEL),
    leaves=("process",),
)
def command_shell(act: Act) -> None:
    """Two lines by hand, one of them mistyped."""
    act.commands((1, software.WHOAMI, "whoami /al"), (9, software.WHOAMI, "whoami /all"))


@step(
    "unix-shell",
    "T1059.004",
    _RUN,
    N_("Commands are run in a shell of the Linux machine"),
    needs=(Need.FOOTHOLD,),
    leaves=("audit log",),
)
def unix_shell(act: Act) -> None:
    """Looking around with what is there."""
    act.execute(
        (0, ("/bin/sh", "-c", "uname -a")),
        (2, ("/usr/bin/uname", "-a")),
        (11, ("/usr/bin/id",)),
        (25, ("/usr/bin/ls", "-la", "/var/www")),
    )
