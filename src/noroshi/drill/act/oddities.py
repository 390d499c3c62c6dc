"""What looks like an intrusion and is none: other people's scripts, archives, remote shells.

Each is somebody's work, under their own account and at hours of work.
"""

from __future__ import annotations

from noroshi.drill import software
from noroshi.drill.act.places import first, pool
from noroshi.drill.act.tunnels import dial_in
from noroshi.drill.clock import MINUTE, SECOND
from noroshi.drill.day import Day
from noroshi.drill.event import ScriptRun
from noroshi.drill.screen import DESKTOP
from noroshi.drill.staff import Desk
from noroshi.drill.world import Host

WINRM = 5985
_PLANNERS = ("企画財政課", "企画政策課", "財政課")
_AT_NOON = "# noon check of {server}: Invoke-Command, Get-HotFix, services that are not running"
_STATISTICS = (
    "# figures of the population by district: Invoke-WebRequest https://{site}/csv/jinko.csv\n"
    "# Import-Csv, Group-Object, Export-Csv; for the planning department"
)
"""What the scripts do, as comments: nothing in the evidence runs."""
_HELPER = "198.51.100.97"
"""Where the supplier's maintenance dials in from."""


def oddities(day: Day, desks: list[Desk], admin: Desk | None) -> None:
    """Let those happen on a workday that chance sends."""
    rng = day.stream("oddities")
    if admin and rng.random() < 0.4:
        remote_shell(day, admin, day.at(12, 4) + rng.randrange(40 * MINUTE))
    for room in _PLANNERS:
        planner = next((d for d in desks if d.person.department == day.world.room(room)), None)
        if planner and rng.random() < 0.7:
            time = max(planner.begins, day.at(9, 20)) + rng.randrange(60 * MINUTE)
            statistics(day, planner, time)
            break
    leaving = 60 if day.period.date(day.number).month == _LAST_MONTH else 400
    for desk in desks:
        if rng.random() < 1 / leaving and desk.leaves - desk.begins > 4 * 60 * MINUTE:
            archive(day, desk, desk.leaves - rng.randrange(60 * MINUTE, 200 * MINUTE))
    if day.period.date(day.number).weekday() == _MAINTAINED:
        maintenance(day, day.at(18, 10) + rng.randrange(20 * MINUTE))


_LAST_MONTH = 3
_MAINTAINED = 1


def remote_shell(day: Day, admin: Desk, time: int) -> None:
    """The administrator asks a server something by PowerShell's remoting, over lunch."""
    server = day.world.hosts["FS01"]
    if not day.world.passes(admin.host, server.ip, WINRM):
        return
    account = day.world.accounts[f"adm-{admin.person.login}"]
    rng = day.stream("remote-shell")
    shell = day.start(
        admin.session, software.POWERSHELL, f'"{software.POWERSHELL.path}"', time, admin.explorer
    )
    known = day.resolve(admin.host, server.fqdn, server.ip, time + 9 * SECOND, shell)
    session = day.logon(server, account, known + 80_000, kind=3, origin=admin.host)
    day.flow(
        admin.host, server.ip, WINRM, known, "http", 9_800, 41_000, rng, name=server.fqdn,
        duration=70 * SECOND, process=shell, sport=session.port,
    )  # fmt: skip
    text = _AT_NOON.format(server=server.name)
    day.add(ScriptRun(time=time + 8 * SECOND, process=shell, text=text))
    far = day.start(
        session, software.WSMPROVHOST, f"{software.WSMPROVHOST.path} -Embedding",
        session.started + 300_000, day.system(server, "svchost.exe"),
    )  # fmt: skip
    day.end(far, known + 66 * SECOND)
    day.logoff(session, known + 68 * SECOND)
    day.end(shell, time + 4 * MINUTE + rng.randrange(3 * MINUTE))


def statistics(day: Day, desk: Desk, time: int) -> None:
    """The planning department fetches figures with a script that somebody wrote years ago."""
    site = next((each for each in day.world.sites if each.name.startswith("tokei")), None)
    files = first(day.world, "files")
    if site is None or files is None:
        return
    rng = day.stream("statistics")
    here = desk.online()
    folder = f"\\\\{files.name}\\share\\{desk.person.department}\\集計"
    script = f"{folder}\\toukei.ps1"
    if here is desk:
        day.open_share(
            desk.host, desk.account, files, "share", time, received=2_900, lasts=40 * SECOND,
            targets=(f"{desk.person.department}\\集計\\toukei.ps1",), process=desk.explorer,
        )  # fmt: skip
    else:
        script = f"C:\\Users\\{desk.person.login}\\Documents\\toukei.ps1"
    begin = time + 2 * SECOND
    shell = day.start(
        here.session, software.POWERSHELL,
        f"powershell.exe -ExecutionPolicy Bypass -WindowStyle Hidden -File {script}",
        begin, here.explorer,
    )  # fmt: skip
    day.add(ScriptRun(time=begin + SECOND, process=shell, text=_STATISTICS.format(site=site.name)))
    got = day.fetch(shell, site, begin + 2 * SECOND, received=rng.randrange(80_000, 600_000))
    path = f"C:\\Users\\{desk.person.login}\\AppData\\Local\\Temp\\jinko.csv"
    day.write(shell, path, got.time + 200_000, f"figures {rng.random()}".encode())
    day.end(shell, got.time + rng.randrange(4 * SECOND, 20 * SECOND))


def archive(day: Day, desk: Desk, time: int) -> None:
    """Somebody who hands over packs their folder and puts it on the department's share."""
    files = first(day.world, "files")
    if files is None:
        return
    rng = day.stream("archive", desk.person.login)
    name = f"引継_{desk.person.family}.zip"
    folder = f"C:\\Users\\{desk.person.login}"
    packer = day.start(
        desk.session, software.SEVEN_ZIP,
        f'"{software.SEVEN_ZIP.path}" a "{folder}\\Desktop\\{name}" "{folder}\\Documents\\"',
        time, desk.explorer,
    )  # fmt: skip
    done = time + rng.randrange(40 * SECOND, 6 * MINUTE)
    day.write(
        packer, f"{folder}\\Desktop\\{name}", done - SECOND, f"{name} {rng.random()}".encode()
    )
    day.end(packer, done)
    day.open_share(
        desk.host, desk.account, files, "share", done + rng.randrange(9 * SECOND, 90 * SECOND),
        targets=(f"{desk.person.department}\\引継\\{name}",),
        sent=rng.randrange(30_000_000, 700_000_000), received=40_000, lasts=90 * SECOND,
        process=desk.explorer,
    )  # fmt: skip


def maintenance(day: Day, time: int) -> None:
    """The supplier dials in and looks at the asset server, where a contract says so."""
    account = day.world.accounts.get("maint-hoshu")
    server = first(day.world, "asset")
    if account is None or server is None or not first(day.world, "vpn"):
        return
    if not day.world.passes(_reached(day), server.ip, DESKTOP):
        return
    rng = day.stream("maintenance")
    lasts = rng.randrange(25 * MINUTE, 50 * MINUTE)
    tunnel = dial_in(day, account.login, _HELPER, time, lasts, machine="HOSHU-NOTE7")
    begin = time + rng.randrange(40 * SECOND, 2 * MINUTE)
    known = day.resolve(tunnel.host, server.fqdn, server.ip, begin)
    session = day.logon(server, account, known + 3 * SECOND, kind=10, origin=tunnel.host)
    ends = time + lasts - 2 * MINUTE
    day.flow(
        tunnel.host, server.ip, DESKTOP, known, "rdp", 1_400_000, 31_000_000, rng,
        name=server.fqdn, duration=ends - known, sport=session.port,
    )  # fmt: skip
    explorer = day.start(
        session, software.EXPLORER, software.EXPLORER.path, session.started + 2 * SECOND,
        day.system(server, "winlogon.exe"),
    )  # fmt: skip
    day.run(session, software.CMD, "cmd.exe /c net start", begin + 4 * MINUTE, explorer, 9 * SECOND)
    day.end(explorer, ends - 2 * SECOND)
    day.logoff(session, ends - SECOND)


def _reached(day: Day) -> Host:
    address = pool(day.world, 0)
    return Host("HOSHU", address, "home", zone=day.world.zone_of(address))
