"""Damage (TA0040)."""

from __future__ import annotations

from functools import partial

from noroshi.drill import software
from noroshi.drill.act.help_desk import ticket
from noroshi.drill.clock import MINUTE, SECOND
from noroshi.drill.outside import request
from noroshi.drill.software import SYSTEM32, Program
from noroshi.drill.steps.act import INERT, Act
from noroshi.drill.steps.step import Need, Tactic, step
from noroshi.lang import N_

_DAMAGE = Tactic.IMPACT
VSSADMIN = Program(SYSTEM32 + "vssadmin.exe", "Command Line Interface for VSS")
LOCKER = Program("C:\\ProgramData\\sync\\lk.exe", marker="stands for a program that encrypts")
WIPER = Program("C:\\ProgramData\\sync\\wp.exe", marker="stands for a program that deletes")
_ORDERED = (Need.FOOTHOLD, Need.CHANNEL)
_preparing = partial(step, needs=_ORDERED, harm=3.0, leaves=("process",))
_ruining = partial(step, needs=_ORDERED, harm=30.0, leaves=("process", "files"))
NOTE = f"{INERT}: ここに身代金の要求文が書かれていたことになっています。"


@_preparing("stop-recovery", "T1490", _DAMAGE, N_("Shadow copies are deleted"))
def stop_recovery(act: Act) -> None:
    """The usual line."""
    act.commands((1, VSSADMIN, "vssadmin delete shadows /all /quiet"))


@_preparing("stop-services", "T1489", _DAMAGE, N_("Services are stopped"))
def stop_services(act: Act) -> None:
    """Whatever holds files open."""
    act.commands(
        (1, software.NET, "net stop MSSQLSERVER /y"), (5, software.NET, "net stop hbagent /y")
    )


def _ruin(act: Act, program: Program, ending: str) -> None:
    above = act.process()
    act.plant(above, program, act.time)
    worker = act.day.start(
        above.session, program, f"{program.path} -p D:\\share", act.time + 2 * SECOND, above
    )
    count = act.number("files", 20)
    for number in range(count):
        time = act.time + (4 + number * 9) * SECOND
        act.blow(time)
        if not act.gone(time):
            path = f"D:\\share\\{act.data[0] if act.data else '総務課'}\\起案文書_{number:02d}"
            act.day.write(worker, f"{path}.xlsx{ending}", time, f"{INERT}: {number}".encode())
    last = act.time + (6 + count * 9) * SECOND
    act.day.write(worker, "D:\\share\\READ_ME.txt", last, NOTE.encode())
    act.day.end(worker, last + SECOND)
    act.ends = last + 2 * SECOND


@_ruining("encrypt", "T1486", _DAMAGE, N_("Files are encrypted"))
def encrypt(act: Act) -> None:
    """File after file gets a new ending; a note lies beside them."""
    _ruin(act, LOCKER, ".kunren")


@_ruining("wipe", "T1485", _DAMAGE, N_("Files are destroyed"))
def wipe(act: Act) -> None:
    """File after file is written over."""
    _ruin(act, WIPER, ".del")


@step(
    "deface",
    "T1491.002",
    _DAMAGE,
    N_("The town's page shows somebody else's words"),
    needs=(Need.FOOTHOLD,),
    harm=20.0,
    leaves=("audit log", "access log"),
)
def deface(act: Act) -> None:
    """A file is replaced; visitors get another size."""
    act.execute((0, ("/usr/bin/cp", "/tmp/.n.html", "/var/www/html/index.html")))  # noqa: S108
    for number in range(6):
        act.blow(act.time + number * 10 * MINUTE)
        request(
            act.day,
            f"198.51.100.{120 + number}",
            act.time + (2 + number * 3) * MINUTE,
            "/",
            "Mozilla/5.0 (iPhone)",
            "-",
            act.rng,
            size=1_114,
        )


@step(
    "flood",
    "T1498",
    _DAMAGE,
    N_("The town's site is flooded with connections"),
    needs=(Need.TARGET, Need.OUTSIDE),
    harm=20.0,
    leaves=("access log", "firewall log"),
)
def flood(act: Act) -> None:
    """Hundreds of requests a minute from one network; visitors get 503."""
    network = act.where().ip.rpartition(".")[0]
    for minute in range(act.number("minutes", 20)):
        begin = act.time + minute * MINUTE
        act.blow(begin)
        for number in range(30):
            time = begin + number * 2 * SECOND
            client = f"{network}.{1 + number % 60}"
            if act.defences.blocked(client, time) or act.blocked(act.where(), time):
                continue
            if act.defences.blocked(f"{network}.0/24", time):
                continue
            request(
                act.day,
                client,
                time,
                "/?" + str(act.rng.randrange(10**6)),
                "-",
                "-",
                act.rng,
                status=503,
                size=180,
            )
    act.ends = act.time + act.number("minutes", 20) * MINUTE


@step(
    "payment",
    "T1657",
    _DAMAGE,
    N_("Money is paid into a false account"),
    needs=(Need.PERSON, Need.MAILBOX),
    harm=60.0,
    leaves=("help-desk ticket",),
)
def payment(act: Act) -> None:
    """The clerk asks the help desk why the bank's page is slow; so a note remains."""
    desk = act.at_desk()
    ticket(
        act.day,
        desk.person.login,
        act.time,
        "その他",
        "インターネットバンキングの画面が遅い",
        "至急の振込があり、振込先の口座変更を登録しているところです。画面の切替えが遅いです。",
        host=desk.host.name,
        channel="電話",
    )
    act.blow(act.time + 20 * MINUTE)
    act.ends = act.time + 21 * MINUTE
