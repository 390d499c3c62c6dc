"""The second terminal: residents' records and charts, in a network of their own.

It reaches the servers of its network and nothing else. Who sits there has logged on with the
account of that network; in the My-Number zone that is another one than at the desk.
"""

from __future__ import annotations

import random

from noroshi.drill import services, software
from noroshi.drill.clock import MINUTE, SECOND
from noroshi.drill.day import Day
from noroshi.drill.event import Process
from noroshi.drill.services import ask
from noroshi.drill.staff import Desk
from noroshi.drill.world import Account, Host, Site, Zone
from noroshi.drill.world.people import CORE_PREFIX
from noroshi.drill.world.segment import Cloud

_SERVED = frozenset({"core", "emr"})


def second_terminals(day: Day, desks: list[Desk]) -> None:
    """Let those who have one work at it, and the core's servers report to the government cloud."""
    terminals = {host.owner.login: host for host in day.world.in_role("terminal") if host.owner}
    for desk in desks:
        terminal = terminals.get(desk.person.login)
        if terminal and day.world.directory_of(terminal):
            _sit(day, desk, terminal)
    clouds = [site for site in day.world.sites if site.cloud is Cloud.GOVERNMENT]
    for server in day.world.in_role("core") if desks else ():
        for cloud in clouds:
            if day.world.breaks_out(server, cloud):
                _report(day, server, cloud)


def _sit(day: Day, desk: Desk, terminal: Host) -> None:
    rng = day.stream("second", terminal.name)
    account = _account(day, desk, terminal)
    boot = max(desk.begins, day.at(8, 20)) - rng.randrange(3 * MINUTE, 12 * MINUTE)
    day.boot(terminal, boot)
    time = boot + rng.randrange(80 * SECOND, 170 * SECOND)
    leaves = desk.leaves - rng.randrange(4 * MINUTE, 25 * MINUTE)
    session = day.logon(terminal, account, time)
    explorer = day.start(
        session, software.EXPLORER, software.EXPLORER.path, time + 2 * SECOND,
        day.system(terminal, "winlogon.exe"),
    )  # fmt: skip
    client = day.start(
        session, software.EDGE, f'"{software.EDGE.path}" --kiosk',
        time + rng.randrange(20 * SECOND, 90 * SECOND), explorer,
    )  # fmt: skip
    servers = [
        host for host in day.world.hosts.values()
        if host.zone is terminal.zone and host.role in _SERVED
    ]  # fmt: skip
    if servers:
        _serve(day, client, servers, leaves, rng)
    services.agents(day, terminal, time, leaves - 2 * MINUTE)
    day.end(client, leaves - 9 * SECOND)
    day.end(explorer, leaves - 2 * SECOND)
    day.logoff(session, leaves)


def _account(day: Day, desk: Desk, terminal: Host) -> Account:
    core = day.world.accounts.get(f"{CORE_PREFIX}{desk.person.login}")
    return core if core and terminal.zone is Zone.CORE else desk.account


def _serve(day: Day, client: Process, servers: list[Host], leaves: int, rng: random.Random) -> None:
    """One case after another: some screens each, then a pause till the next."""
    time = client.started + rng.randrange(MINUTE, 20 * MINUTE)
    while time < leaves - 6 * MINUTE:
        server = rng.choice(servers)
        for _ in range(rng.randrange(3, 11)):
            ask(day, client, server, time, sent=rng.randrange(600, 3_000),
                received=int(rng.lognormvariate(9.2, 0.9)))  # fmt: skip
            time += rng.randrange(2 * SECOND, 25 * SECOND)
        time += round(rng.expovariate(1 / (17 * MINUTE)))


def _report(day: Day, server: Host, cloud: Site) -> None:
    """A server of the core passes on what has changed, by the leased line."""
    rng = day.stream("government", server.name)
    time = day.at(7) + rng.randrange(20 * MINUTE)
    while time < day.at(20):
        day.flow(
            server, cloud.ip, 443, time, "ssl", rng.randrange(4_000, 900_000),
            rng.randrange(3_000, 60_000), rng, process=day.system(server, "svchost.exe"),
        )  # fmt: skip
        time += 15 * MINUTE + rng.randrange(-20 * SECOND, 20 * SECOND)
