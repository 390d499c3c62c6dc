"""Screen transfer: work at another machine of which only the picture comes over.

It is how networks that are kept apart are used from one seat: virtual desktops, servers for many
sessions, the administrators' jump host.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from noroshi.drill import software
from noroshi.drill.clock import SECOND
from noroshi.drill.day import Day
from noroshi.drill.event import Process, Session
from noroshi.drill.world import Account, Host

PICTURE, DESKTOP = 8443, 3389
"""Ports of the product's own protocol and of the remote desktop protocol."""
_BYTES_A_SECOND = (900, 14_000)
"""Keys and mouse one way, pictures the other; assumed."""


@dataclass(frozen=True)
class Screen:
    """A session at the other machine.

    Attributes:
        host: the other machine.
        session: there.
        explorer: its shell, parent of what is opened there.
        viewer: the program at the own machine that shows it.
        ends: when the connection is closed, µs.
    """

    host: Host
    session: Session
    explorer: Process
    viewer: Process
    ends: int


def open_screen(
    day: Day, shell: Process, account: Account, host: Host, time: int, ends: int,
    rng: random.Random, *, port: int = PICTURE,
) -> Screen:  # fmt: skip
    """Open a session at another machine from a shell, to be closed with :func:`close_screen`.

    Raises:
        NoRoadError: the machine is not to be reached from there.
    """
    origin = shell.host
    day.must_reach(origin, host.ip, port, time)
    viewer = day.start(
        shell.session, software.SCREEN_VIEWER,
        f'"{software.SCREEN_VIEWER.path}" /server:{host.fqdn}', time, shell,
    )  # fmt: skip
    known = day.resolve(origin, host.fqdn, host.ip, time + rng.randrange(200_000, 900_000), viewer)
    begins = known + rng.randrange(2 * SECOND, 6 * SECOND)
    session = day.logon(host, account, begins, kind=10, origin=origin)
    lasts = max(ends - known, SECOND)
    sent, received = (rate * lasts // SECOND + rng.randrange(90_000) for rate in _BYTES_A_SECOND)
    day.flow(
        origin, host.ip, port, known, "rdp" if port == DESKTOP else "ssl", sent, received, rng,
        name=host.fqdn, duration=lasts, process=viewer, sport=session.port,
    )  # fmt: skip
    return Screen(host, session, day.desktop(session), viewer, ends)


def close_screen(day: Day, screen: Screen, stays: int = 0) -> None:
    """Log off there, and close the viewer; a session that was only left goes on till ``stays``."""
    off = max(screen.ends, stays)
    day.end(screen.explorer, off - SECOND)
    day.logoff(screen.session, off - SECOND // 2)
    day.end(screen.viewer, screen.ends)
