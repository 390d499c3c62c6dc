"""The VPN gateway: staff from home, an intruder with a password or a flaw, guesses in between."""

from __future__ import annotations

from noroshi.drill.act.places import first, gateway, home, pool
from noroshi.drill.clock import HOUR, MINUTE, SECOND
from noroshi.drill.day import Day
from noroshi.drill.kind.network import Tunnel, TunnelClosed, TunnelOpened, TunnelRefused
from noroshi.drill.staff import Desk
from noroshi.drill.world import Host

WRONG_PASSWORD = "sslvpn_login_permission_denied"  # noqa: S105 - FortiOS's word for it
UNKNOWN_USER = "sslvpn_login_unknown_user"


def dial_in(
    day: Day, login: str, remote: str, time: int, lasts: int, *, machine: str = "",
    sent: int = 0, received: int = 0,
) -> Tunnel:  # fmt: skip
    """Open a VPN session and close it after ``lasts`` µs.

    ``remote`` is the public address from which it is dialled, ``machine`` the name of the machine
    there, ``sent`` and ``received`` bytes towards and from it; made up where they are left out.

    Returns:
        The session. Its ``host`` is the origin of whatever is done through it
        (``day.open_share(tunnel.host, …)``, ``day.logon(…, origin=tunnel.host)``) and must not
        be used outside ``started`` to ``ended``.
    """
    border = gateway(day.world)
    number = day.serial("tunnel", border, 301_550 + 100 * day.number)
    rng = day.stream("tunnel", login, remote)
    address = pool(day.world, number)
    host = Host(machine or f"HOME-{number % 1000:03d}", address, "home",
                zone=day.world.zone_of(address))  # fmt: skip
    tunnel = Tunnel(
        number, login, remote, host, border, time, time + lasts,
        sent or rng.randrange(2_000_000, 90_000_000), received or rng.randrange(400_000, 9_000_000),
    )  # fmt: skip
    day.add(TunnelOpened(time=time, tunnel=tunnel))
    day.add(TunnelClosed(time=tunnel.ended, tunnel=tunnel))
    return tunnel


def turned_away(
    day: Day, login: str, remote: str, time: int, reason: str = WRONG_PASSWORD
) -> TunnelRefused:
    """Refuse somebody at the VPN gateway."""
    event = TunnelRefused(
        time=time, gateway=gateway(day.world), login=login, remote=remote, reason=reason
    )
    day.add(event)
    return event


def homework(day: Day, desk: Desk, time: int, lasts: int) -> Tunnel:
    """A clerk dials in from home, mistypes sometimes, and works on the department's files."""
    login = desk.person.login
    rng = day.stream("homework", login)
    if rng.random() < 0.3:
        turned_away(day, login, home(day.world, login), time - rng.randrange(9, 40) * SECOND)
    tunnel = dial_in(day, login, home(day.world, login), time, lasts)
    files = first(day.world, "files")
    if files:
        day.ticket(desk.account, tunnel.host, f"{files.name}$", time + 20 * SECOND, first=True)
        moment = time + 30 * SECOND
        while moment < time + lasts - 8 * MINUTE:
            day.open_share(
                tunnel.host, desk.account, files, "share", moment,
                targets=(f"{desk.person.department}\\持ち帰り_{rng.randrange(1, 20):02d}.xlsx",),
                received=rng.randrange(40_000, 900_000), lasts=rng.randrange(1, 6) * MINUTE,
            )  # fmt: skip
            moment += rng.randrange(8 * MINUTE, 30 * MINUTE)
    return tunnel


def evening_tunnels(day: Day, desks: list[Desk]) -> list[Tunnel]:
    """One in ten works from home after supper; strangers guess at the gateway all day."""
    rng = day.stream("evening")
    tunnels = []
    for desk in rng.sample(desks, min(_TUNNELS, max(4, len(desks) // 10), len(desks))):
        begin = desk.leaves + rng.randrange(70 * MINUTE, 130 * MINUTE)
        lasts = rng.randrange(25 * MINUTE, 80 * MINUTE)
        if begin + lasts < min(desk.session.started + 15 * HOUR, day.until - 15 * MINUTE):
            tunnels.append(homework(day, desk, begin, lasts))
    for _ in range(rng.randrange(12, 30)):
        time = day.begin + rng.randrange(24 * HOUR)
        remote = f"192.0.2.{rng.randrange(170, 250)}"
        turned_away(day, rng.choice(_GUESSES), remote, time, UNKNOWN_USER)
    return tunnels


_TUNNELS = 60
"""Most at a time: the gateway counts a hundred numbers a day."""


_GUESSES = ("admin", "test", "vpn", "guest", "user1", "support", "backup", "sato", "suzuki")
