"""Orders from outside (TA0011)."""

from __future__ import annotations

import hashlib

from noroshi.drill import software
from noroshi.drill.clock import MINUTE, SECOND
from noroshi.drill.steps.act import Act
from noroshi.drill.steps.step import Gift, Need, Tactic, step
from noroshi.drill.world import Site
from noroshi.lang import N_

_ORDERS = Tactic.COMMAND_AND_CONTROL
_OUT = (Need.FOOTHOLD, Need.OUTSIDE)


@step(
    "download",
    "T1105",
    _ORDERS,
    N_("A program is fetched and started"),
    needs=_OUT,
    gives=(Gift.FOOTHOLD,),
    harm=2.0,
    leaves=("proxy log", "file digest", "process"),
)
def download(act: Act) -> None:
    """Over plain HTTP from a bare address, or from a name."""
    above = act.process()
    got = act.day.fetch(
        above,
        act.where(),
        act.time,
        path="/u/inv-0520.dat",
        sent=310,
        received=412_160,
        lasts=2 * SECOND,
        mime="application/octet-stream",
    )
    program = software.IMPLANT
    act.day.write(above, program.path, got.time + SECOND, program.content, zone=True)
    implant = act.day.start(above.session, program, program.path, got.time + 3 * SECOND, above)
    act.hold(implant)


def _call_home(act: Act, gap: int, sent: int, received: int) -> None:
    """Report every few minutes until the story ends; blocked calls are refused, and go on."""
    site = act.where()
    for time in act.every(gap, 0.2, act.until):
        if act.gone(time):
            break
        if not act.cut_off(time):
            act.day.fetch(
                act.process(),
                site,
                time,
                sent=sent,
                received=received,
                lasts=210_000,
                refused=act.blocked(site, time),
            )
    act.ends = act.time + 5 * SECOND


@step(
    "call-home",
    "T1071.001",
    _ORDERS,
    N_("The program reports to its master every few minutes"),
    needs=_OUT,
    gives=(Gift.CHANNEL,),
    leaves=("proxy log", "connections"),
)
def call_home(act: Act) -> None:
    """A small request about every five minutes."""
    _call_home(act, act.number("gap", 5) * MINUTE, 1_180, 740)


@step(
    "cloud-channel",
    "T1102.002",
    _ORDERS,
    N_("Orders come through a public storage service"),
    needs=_OUT,
    gives=(Gift.CHANNEL,),
    leaves=("proxy log", "connections"),
)
def cloud_channel(act: Act) -> None:
    """Like a program that keeps files in step, but on one machine only."""
    _call_home(act, act.number("gap", 9) * MINUTE, 2_300, 5_100)


@step(
    "dns-channel",
    "T1071.004",
    _ORDERS,
    N_("Orders come hidden in name queries"),
    needs=_OUT,
    gives=(Gift.CHANNEL,),
    leaves=("name queries",),
)
def dns_channel(act: Act) -> None:
    """Names that nobody would type, below one domain."""
    site = act.where()
    for time in act.every(act.number("gap", 3) * MINUTE, 0.3, act.until):
        if act.gone(time) or act.cut_off(time) or act.blocked(site, time):
            continue
        label = hashlib.sha256(f"{time}".encode()).hexdigest()[:40]
        act.day.resolve(act.base().host, f"{label}.{site.name}", site.ip, time, act.base().process)
    act.ends = act.time + 5 * SECOND


@step(
    "second-channel",
    "T1008",
    _ORDERS,
    N_("The program turns to a second master"),
    needs=_OUT,
    gives=(Gift.CHANNEL,),
    leaves=("proxy log", "connections"),
)
def second_channel(act: Act) -> None:
    """When the first one is silent."""
    _call_home(act, 8 * MINUTE, 1_420, 910)


@step(
    "server-channel",
    "T1071.001",
    _ORDERS,
    N_("A server reports to a master outside"),
    needs=_OUT,
    gives=(Gift.CHANNEL,),
    leaves=("firewall log", "connections"),
)
def server_channel(act: Act) -> None:
    """From a machine that goes out without the proxy."""
    site: Site = act.where()
    host = act.base().host
    for time in act.every(act.number("gap", 10) * MINUTE, 0.2, act.until):
        if act.gone(time) or act.cut_off(time):
            continue
        known = act.day.resolve(host, site.name, site.ip, time) if site.name != site.ip else time
        act.day.flow(
            host,
            site.ip,
            443,
            known,
            "ssl",
            1_300,
            900,
            act.rng,
            name=site.name,
            nat=host.public_ip,
            allowed=not act.blocked(site, time),
        )
    act.ends = act.time + 5 * SECOND
