"""What machines and administrators do: agents, updates, backup, tickets, scans, visitors.

Much of it looks like an intrusion and is none: encoded PowerShell from the asset agent, beacons of
vendor telemetry, remote execution by an administrator with a ticket, a night-long copy, a scanner.
"""

from __future__ import annotations

import base64
import random

from noroshi.drill import software
from noroshi.drill.clock import HOUR, MINUTE, SECOND
from noroshi.drill.day import PROXY_PORT, Day
from noroshi.drill.dice import near
from noroshi.drill.event import (
    Flow,
    LogonFailed,
    Process,
    ScriptRun,
    ServiceInstalled,
    Session,
)
from noroshi.drill.staff import Desk
from noroshi.drill.world import (
    ANTIVIRUS_UPDATE,
    OFFSITE_BACKUP,
    SYSTEM_UPDATE,
    TELEMETRY,
    Host,
    Site,
)
from noroshi.drill.world.parts import SEATS

_SAVED = ("税務課", "住民課", "福祉課", "総務課")
INVENTORY = "# asset inventory: installed software and patches of this machine"


def encoded(script: str) -> str:
    """Return a script as PowerShell's ``-EncodedCommand`` takes it (UTF-16LE, Base64)."""
    return base64.b64encode(script.encode("utf-16-le")).decode()


def agents(day: Day, host: Host, begin: int, end: int) -> None:
    """Asset agent (telemetry every ten minutes, inventory once), antivirus and system updates.

    Where the proxy is not to be reached, the asset server inside gives and takes; the My-Number
    network has none, and its machines keep silent.
    """
    rng = day.stream("agents", host.name)
    agent, antivirus = day.system(host, "skagent.exe"), day.system(host, "mamorisvc.exe")
    time = begin + rng.randrange(5 * SECOND, 10 * MINUTE)
    while time < end:
        _report(day, agent, TELEMETRY, time, sent=1_450, received=620, lasts=180_000)
        time += 10 * MINUTE + rng.randrange(-20 * SECOND, 20 * SECOND)
    time = begin + rng.randrange(1 * MINUTE, 60 * MINUTE)
    while time < end:
        _report(
            day, antivirus, ANTIVIRUS_UPDATE, time, path="/v12/delta.cab", sent=700,
            received=rng.randrange(4_000, 300_000), mime="application/octet-stream",
        )  # fmt: skip
        time += HOUR + rng.randrange(0, 120 * SECOND)
    update = begin + rng.randrange(10 * MINUTE, 90 * MINUTE)
    service = day.system(host, "svchost.exe")
    _report(day, service, SYSTEM_UPDATE, update, received=rng.randrange(90_000))
    if _patched(day) and update + HOUR < end:
        _patch(day, service, update + 5 * MINUTE)
    inventory = begin + rng.randrange(100 * MINUTE, 160 * MINUTE)
    if inventory < end:
        shell = day.run(
            agent.session, software.POWERSHELL,
            f"powershell.exe -NoProfile -NonInteractive -EncodedCommand {encoded(INVENTORY)}",
            inventory, agent, 20 * SECOND,
        )  # fmt: skip
        day.add(ScriptRun(time=inventory + SECOND, process=shell, text=INVENTORY))


def _patched(day: Day) -> bool:
    """Whether the month's updates come: the day after the second Tuesday, by Japan's clock."""
    date = day.period.date(day.number)
    return date.weekday() == 2 and 9 <= date.day <= 15


def _patch(day: Day, service: Process, time: int) -> None:
    """Load the month's updates and put them in place; the next start in the morning finishes it."""
    rng = day.stream("patch", service.host.name)
    time += rng.randrange(40 * MINUTE)
    worker = day.run(
        service.session, software.UPDATER, f"{software.UPDATER.path} -Embedding", time, service,
        rng.randrange(4 * MINUTE, 12 * MINUTE),
    )  # fmt: skip
    _report(day, worker, SYSTEM_UPDATE, time + 2 * SECOND, sent=90_000,
            received=rng.randrange(120_000_000, 480_000_000), lasts=3 * MINUTE)  # fmt: skip


def _report(
    day: Day, process: Process, site: Site, time: int, *, path: str = "/", sent: int = 900,
    received: int = 20_000, lasts: int | None = None, mime: str = "text/html",
) -> None:  # fmt: skip
    """Send or get something by the proxy, or by the asset server that stands in for the site."""
    host, proxy = process.host, day.world.hosts["PROXY01"]
    if day.world.passes(host, proxy.ip, PROXY_PORT):
        day.fetch(process, site, time, path=path, sent=sent, received=received, lasts=lasts,
                  mime=mime)  # fmt: skip
        return
    relay = day.world.hosts["SK01"]
    if day.world.passes(host, relay.ip, 443):
        ask(day, process, relay, time, sent=sent, received=received)


def ask(
    day: Day, process: Process, server: Host, time: int, *, port: int = 443, sent: int = 900,
    received: int = 20_000,
) -> Flow:  # fmt: skip
    """Ask a server inside for something over TLS."""
    host = process.host
    rng = day.stream("ask", host.name)
    known = day.resolve(host, server.fqdn, server.ip, time, process)
    return day.flow(
        host, server.ip, port, known, "ssl", near(rng, sent), near(rng, received), rng,
        process=process, name=server.fqdn if day.world.resolver_of(host) else "",
    )  # fmt: skip


def backup(day: Day) -> None:
    """At night the backup server copies the file server and sends what is new off site."""
    server, files = day.world.hosts["BK01"], day.world.hosts["FS01"]
    account = day.world.accounts["svc-backup"]
    session = day.logon(server, account, day.about(day.at(1, 0)), kind=5)
    agent = day.start(
        session, software.BACKUP_AGENT, f'"{software.BACKUP_AGENT.path}" --nightly',
        day.at(1, 0, 2),
        day.system(server, "services.exe"),
    )  # fmt: skip
    for hour in (1, 2, 3):
        day.open_share(
            server, account, files, "share", day.about(day.at(hour, 5)), process=agent,
            targets=tuple(map(day.world.room, _SAVED)), received=9_400_000_000 // hour,
            sent=40_000_000, lasts=45 * MINUTE,
        )  # fmt: skip
    for part in range(6):
        day.fetch(
            agent, OFFSITE_BACKUP, day.about(day.at(4, 2 + 5 * part)), sent=118_000_000,
            received=90_000, lasts=4 * MINUTE,
        )  # fmt: skip
    day.end(agent, day.at(4, 40))
    day.logoff(session, day.at(4, 40, 1))


def ticketed_work(day: Day, desk: Desk) -> None:
    """The administrator repairs a share on the file server with a remote execution tool."""
    server = day.world.hosts["FS01"]
    admin = day.world.accounts[f"adm-{desk.person.login}"]
    time = day.about(day.at(14, 5, 12))
    shell = day.start(desk.session, software.CMD, f'"{software.CMD.path}"', time, desk.explorer)
    tool = day.start(
        desk.session, software.PSEXEC,
        f"PsExec64.exe -accepteula \\\\{server.name} -s net session", time + 20 * SECOND, shell,
    )  # fmt: skip
    session = day.open_share(
        desk.host, admin, server, "ADMIN$", time + 21 * SECOND, targets=("PSEXESVC.exe",),
        sent=900_000, lasts=4 * MINUTE, process=tool,
    )  # fmt: skip
    installed = time + 23 * SECOND
    day.write(
        day.system(server, "System"), software.PSEXESVC.path, installed,
        software.PSEXESVC.content,
    )  # fmt: skip
    path = "%SystemRoot%\\PSEXESVC.exe"
    day.add(ServiceInstalled(time=installed + SECOND, session=session, name="PSEXESVC", path=path))
    services = day.system(server, "services.exe")
    service = day.start(
        services.session, software.PSEXESVC, software.PSEXESVC.path, installed + 2 * SECOND,
        services,
    )  # fmt: skip
    day.run(services.session, software.NET, "net session", installed + 3 * SECOND, service)
    day.end(service, time + 4 * MINUTE)
    day.end(tool, time + 4 * MINUTE)
    day.end(shell, time + 6 * MINUTE)


def help_desk(day: Day, desk: Desk, admin: Desk) -> None:
    """In the morning the help desk logs on to a clerk's machine to mend the printer."""
    account = day.world.accounts[f"adm-{admin.person.login}"]
    time = day.about(day.at(8, 52, 30))
    rng = day.stream("helpdesk", admin.person.login)
    known = day.resolve(admin.host, desk.host.fqdn, desk.host.ip, time, admin.explorer)
    session = day.logon(desk.host, account, known + 3 * SECOND, kind=10, origin=admin.host)
    day.flow(
        admin.host, desk.host.ip, 3389, known, "rdp", 900_000, 14_000_000, rng,
        name=desk.host.fqdn, duration=11 * MINUTE, process=admin.explorer, sport=session.port,
    )  # fmt: skip
    explorer = day.start(
        session, software.EXPLORER, software.EXPLORER.path, time + 9 * SECOND,
        day.system(desk.host, "winlogon.exe"),
    )  # fmt: skip
    day.run(
        session, software.CMD, "cmd.exe /c printui /s", time + 2 * MINUTE, explorer, 60 * SECOND
    )
    day.end(explorer, time + 10 * MINUTE)
    day.logoff(session, time + 11 * MINUTE)


def directory_session(day: Day, admin: Desk, time: int, lasts: int) -> Session:
    """Let an administrator work on the directory with the usual tools for ``lasts`` µs."""
    server = day.world.hosts["DC01"]
    rng = day.stream("directory", admin.host.name)
    known = day.resolve(admin.host, server.fqdn, server.ip, time, admin.explorer)
    account = day.world.accounts[f"adm-{admin.person.login}"]
    session = day.logon(server, account, known + 60_000, kind=3, origin=admin.host)
    day.flow(
        admin.host, server.ip, 389, known, "ldap", 41_000, 260_000, rng, name=server.fqdn,
        duration=lasts, process=admin.explorer, sport=session.port,
    )  # fmt: skip
    day.logoff(session, known + lasts)
    return session


def old_password(day: Day) -> None:
    """A service on the asset server still has last month's password."""
    host, files = day.world.hosts["SK01"], day.world.hosts["FS01"]
    for hour in range(24):
        time = day.about(day.at(hour, 30, 4))
        known = day.resolve(host, files.fqdn, files.ip, time)
        rng = day.stream("smb", host.name)
        flow = day.flow(host, files.ip, 445, known, "ntlm,smb", 2_400, 1_900, rng, name=files.fqdn)
        day.add(
            LogonFailed(
                time=known + 50_000, host=files, login="svc-asset", kind=3, source=host.ip,
                port=flow.sport,
            )
        )  # fmt: skip


def scanner(day: Day) -> None:
    """The vulnerability scanner looks at the servers over lunch, as planned."""
    host = day.world.hosts["SCAN01"]
    rng: random.Random = day.stream("scanner")
    servers = [
        server for server in day.world.hosts.values()
        if server.role not in _NO_SERVERS and day.world.passes(host, server.ip, 443)
    ]  # fmt: skip
    time = day.at(12, 15)
    for server in servers:
        if server is host:
            continue
        for port in (21, 22, 23, 25, 80, 135, 139, 443, 445, 1433, 3306, 3389, 5432, 8080):
            time += rng.randrange(200_000, 2_500_000)
            open_ = port in _OPEN.get(server.role, ())
            day.flow(
                host, server.ip, port, time, "-", 220 if open_ else 60, 480 if open_ else 0, rng,
                allowed=open_ or not server.public_ip,
            )  # fmt: skip


_NO_SERVERS = SEATS | {"printer", "subscriber", "proxy-upstream"}
_OPEN = {
    "dc": (135, 139, 445, 3389), "files": (135, 139, 445, 3389), "web": (22, 80, 443),
    "mail": (25,), "proxy": (8080,), "backup": (135, 445), "asset": (135, 443, 445),
}  # fmt: skip
