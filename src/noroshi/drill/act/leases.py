"""Addresses from the DHCP server: given out when a machine starts, renewed at half time."""

from __future__ import annotations

from noroshi.drill.act.places import first, last_seen
from noroshi.drill.clock import SECOND
from noroshi.drill.day import Day
from noroshi.drill.kind.network import Leased
from noroshi.drill.world import Host

LEASE = 8 * 3_600
"""How long an address is given for, s."""


def lease(
    day: Day, host: Host, time: int, *, renewal: bool = False, seconds: int = LEASE
) -> Leased:
    """Give a machine its address; also for a machine that nobody knows (a story's)."""
    server = first(day.world, "dc") or next(iter(day.world.hosts.values()))
    event = Leased(time=time, host=host, server=server, renewal=renewal, seconds=seconds)
    day.add(event)
    return event


def leases(day: Day) -> None:
    """Every desk machine asks when it starts, and again each four hours while it runs.

    One that was left on overnight asks at the times that follow from its start, days ago.
    """
    for host, end in last_seen(day):
        begin = day.boots.get(host.name)
        if begin is None:
            continue
        rng = day.steady("lease", host.name, str(begin))
        time = begin + rng.randrange(4 * SECOND, 12 * SECOND)
        lease(day, host, time)
        while (time := time + LEASE // 2 * SECOND + rng.randrange(SECOND)) < end:
            lease(day, host, time, renewal=True)
