"""Other people's passwords (TA0006)."""

from __future__ import annotations

from noroshi.drill import software
from noroshi.drill.act.cloud import NO_SECOND_FACTOR, WRONG_PASSWORD, sign_in
from noroshi.drill.clock import MINUTE, SECOND
from noroshi.drill.event import LogonFailed, ProcessOpened
from noroshi.drill.software import SYSTEM32, Program
from noroshi.drill.steps.act import INERT, Act
from noroshi.drill.steps.step import Gift, Need, Slip, Tactic, step
from noroshi.lang import N_, Message

_SECRETS = Tactic.CREDENTIAL_ACCESS
_ORDERED = (Need.FOOTHOLD, Need.CHANNEL)
REG = Program(SYSTEM32 + "reg.exe", "Registry Console Tool")
FINDSTR = Program(SYSTEM32 + "findstr.exe", "Find String (QGREP) Utility")
COUNTRY, CITY = "NL", "Amsterdam"


@step(
    "lsass",
    "T1003.001",
    _SECRETS,
    N_("Credentials are read from LSASS memory"),
    needs=_ORDERED,
    gives=(Gift.ACCOUNT,),
    leaves=("process access",),
    harm=8.0,
)
def lsass(act: Act) -> None:
    """A handle with the right to read memory."""
    act.day.add(
        ProcessOpened(
            time=act.time,
            process=act.process(),
            target=act.day.system(act.process().host, "lsass.exe"),
            access="0x1010",
            trace="C:\\Windows\\SYSTEM32\\ntdll.dll+9d4f4|"
            "C:\\Windows\\System32\\KERNELBASE.dll+2c13e|UNKNOWN(00000242FCE31A0B)",
        )
    )
    act.ends = act.time + MINUTE


@step(
    "hives",
    "T1003.002",
    _SECRETS,
    N_("The password hives of a machine are saved"),
    needs=_ORDERED,
    gives=(Gift.ACCOUNT,),
    leaves=("process",),
    harm=8.0,
)
def hives(act: Act) -> None:
    """Two lines of the registry tool."""
    act.commands(
        (1, REG, "reg save HKLM\\SAM C:\\ProgramData\\sync\\s.sav /y"),
        (6, REG, "reg save HKLM\\SYSTEM C:\\ProgramData\\sync\\y.sav /y"),
    )


@step(
    "directory",
    "T1003.003",
    _SECRETS,
    N_("The directory database is copied"),
    needs=(Need.FOOTHOLD,),
    leaves=("process", "file"),
    harm=15.0,
)
def directory(act: Act) -> None:
    """With the tool that comes with the server."""
    above, time, folder = act.process(), act.time, "C:\\ProgramData\\sync\\d"
    shell = act.day.start(above.session, software.CMD, "cmd.exe /c ntdsutil", time, above)
    line = f'ntdsutil "ac i ntds" "ifm" "create full {folder}" q q'
    dump = act.day.run(above.session, software.NTDSUTIL, line, time + SECOND, shell, MINUTE)
    act.day.write(
        dump,
        f"{folder}\\Active Directory\\ntds.dit",
        time + 40 * SECOND,
        f"{INERT}: a directory database".encode(),
    )
    act.day.end(shell, time + 70 * SECOND)
    act.ends = time + 80 * SECOND


@step(
    "password-spray",
    "T1110.003",
    _SECRETS,
    N_("One password is tried on many accounts"),
    needs=(Need.FOOTHOLD, Need.CHANNEL, Need.TARGET),
    gives=(Gift.ACCOUNT,),
    leaves=("failed logons",),
)
def password_spray(act: Act) -> None:
    """Every account once, a few seconds apart."""
    origin, time = act.base().host, act.time
    for login in sorted(act.day.world.accounts)[: act.number("accounts", 20)]:
        time += act.rng.randrange(2 * SECOND, 6 * SECOND)
        known = act.day.resolve(origin, act.host.fqdn, act.host.ip, time)
        flow = act.day.flow(
            origin, act.host.ip, 445, known, "ntlm,smb", 2_400, 1_900, act.rng, name=act.host.fqdn
        )
        act.day.add(
            LogonFailed(
                time=known + 50_000,
                host=act.host,
                login=login,
                kind=3,
                source=origin.ip,
                port=flow.sport,
            )
        )
    act.ends = time + SECOND


@step(
    "kerberoast",
    "T1558.003",
    _SECRETS,
    N_("Tickets of service accounts are asked for"),
    needs=_ORDERED,
    gives=(Gift.ACCOUNT,),
    leaves=("ticket requests",),
)
def kerberoast(act: Act) -> None:
    """Tickets for every service within a second; passwords are guessed elsewhere."""
    session = act.process().session
    for number, service in enumerate(("svc-backup", "svc-asset", "FS01$", "SK01$")):
        act.day.ticket(session.account, session.host, service, act.time + number * 200_000, False)
    act.ends = act.time + 40 * MINUTE


@step(
    "password-file",
    "T1552.001",
    _SECRETS,
    N_("A password is found in a file"),
    needs=_ORDERED,
    gives=(Gift.ACCOUNT,),
    leaves=("process",),
    harm=4.0,
)
def password_file(act: Act) -> None:
    """A search through the desk's own documents."""
    act.commands((1, FINDSTR, 'findstr /s /i "password パスワード" C:\\Users\\*.txt'))


def _one_push(act: Act) -> None:
    sign_in(
        act.day,
        act.who().login,
        act.time,
        address=act.where().ip,
        error=NO_SECOND_FACTOR,
        country=COUNTRY,
        city=CITY,
    )


@step(
    "mfa-fatigue",
    "T1621",
    _SECRETS,
    N_("Requests for the second factor are sent until one is granted"),
    needs=(Need.ACCOUNT, Need.OUTSIDE),
    leaves=("sign-in log",),
    slip=Slip(0.4, Message(N_("the owner refused the requests")), _one_push),
)
def mfa_fatigue(act: Act) -> None:
    """Ten requests in the evening, then a success."""
    login, time = act.who().login, act.time
    for number in range(11):
        error = 0 if number == 10 else NO_SECOND_FACTOR
        sign_in(
            act.day, login, time, address=act.where().ip, error=error, country=COUNTRY, city=CITY
        )
        time += act.rng.randrange(20 * SECOND, 70 * SECOND)
    act.ends = time


@step(
    "cloud-guess",
    "T1110.001",
    _SECRETS,
    N_("The password of a cloud account is guessed"),
    needs=(Need.OUTSIDE,),
    gives=(Gift.ACCOUNT,),
    leaves=("sign-in log",),
)
def cloud_guess(act: Act) -> None:
    """Thirty tries by an old protocol, which asks for no second factor."""
    login, time = act.who().login, act.time
    for number in range(30):
        sign_in(
            act.day,
            login,
            time,
            address=act.where().ip,
            second_factor=False,
            protocol="ropc",
            error=0 if number == 29 else WRONG_PASSWORD,
            country=COUNTRY,
            city=CITY,
        )
        time += act.rng.randrange(4 * SECOND, 15 * SECOND)
    act.ends = time
