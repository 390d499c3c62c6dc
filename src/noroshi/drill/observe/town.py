"""The sensors of a town hall, of a water utility, a hospital and a provider.

What is wrong with them is put on by :func:`flawed`; the lists here are perfect ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from noroshi.drill.event import (
    Event,
    Executed,
    Flow,
    MailDelivered,
    ProxyRequest,
    Resolved,
    ShareOpened,
    SyslogLine,
    WebRequest,
)
from noroshi.drill.kind.cloud import CloudAudited, SignedIn
from noroshi.drill.kind.network import (
    Leased,
    MailboxOpened,
    MailRefused,
    Sanitised,
    TunnelClosed,
    TunnelOpened,
    TunnelRefused,
)
from noroshi.drill.kind.office import AlertRaised, BackedUp, Called, Reported, TicketOpened
from noroshi.drill.observe.sensor import Limits, Sensor, Writer
from noroshi.drill.world import World
from noroshi.drill.write import (
    asa,
    backup,
    cloud,
    dhcp,
    edr,
    file_audit,
    firewall,
    fortigate,
    help_desk,
    journal,
    linux,
    mail,
    mail_server,
    name_server,
    netflow,
    operations,
    paloalto,
    radius,
    sanitiser,
    sector,
    squid,
    suricata,
    vendor_report,
    web,
    windows,
    windows_events,
    zeek,
)
from noroshi.drill.write.sheet import Sheet


def _one(write: Callable[[Sequence[Event]], Sheet]) -> Writer:
    return lambda events, world: (write(events),)


def _with_world(write: Callable[[Sequence[Event], World], Sheet]) -> Writer:
    return lambda events, world: (write(events, world),)


def _of(*kinds: type[Event]) -> frozenset[type[Event]]:
    return frozenset(kinds)


def _windows(events: Sequence[Event], world: World) -> Iterable[Sheet]:
    return (windows.write_windows(events, world.hosts),)


_KINDS: Mapping[str, frozenset[type[Event]]] = {
    "windows": windows_events.KINDS,
    "proxy": _of(ProxyRequest),
    "zeek": _of(Flow, Resolved),
    "suricata": _of(Flow, Resolved, ProxyRequest, WebRequest),
    "mail-journal": _of(MailDelivered),
    "web-access": _of(WebRequest),
    "web-auth": _of(SyslogLine),
    "web-audit": _of(Executed),
    "dhcp": _of(Leased),
    "dhcp-audit": _of(Leased),
    "resolver": _of(Resolved),
    "vpn": _of(TunnelOpened, TunnelClosed, TunnelRefused),
    "radius": _of(TunnelOpened, TunnelClosed),
    "mail-server": _of(MailDelivered, MailRefused, MailboxOpened),
    "cloud-audit": _of(SignedIn, CloudAudited),
    "cloud-sign-ins": _of(SignedIn),
    "edr": _of(AlertRaised),
    "operations": operations.KINDS,
    "backup": _of(BackedUp),
    "object-access": _of(ShareOpened),
    "tickets": _of(TicketOpened),
    "calls": _of(Called),
    "reports": _of(Reported),
    "netflow": _of(Flow),
    "firewall": _of(Flow),
    "sanitiser": _of(Sanitised),
}


def _sensors(*sensors: Sensor) -> tuple[Sensor, ...]:
    """Return sensors with what they write about put in."""
    return tuple(replace(sensor, kinds=_KINDS[sensor.name]) for sensor in sensors)


BASE = _sensors(
    Sensor("windows", "on Windows machines, forwarded", _windows),
    Sensor("proxy", "proxy, behind translation", _one(squid.write_squid)),
    Sensor("zeek", "behind the firewall", lambda events, world: zeek.write_zeek(events)),
    Sensor("suricata", "behind the firewall", _one(suricata.write_suricata)),
    Sensor("mail-journal", "journal mailbox", _with_world(mail.write_mail)),
    Sensor("web-access", "web server", _one(web.write_web)),
    Sensor("web-auth", "web server", _one(linux.write_syslog)),
    Sensor("web-audit", "web server", _one(linux.write_audit)),
)
OFFICE = _sensors(
    Sensor("dhcp", "DHCP server", _one(dhcp.write_dhcpd)),
    Sensor("dhcp-audit", "DHCP server (Windows)", _one(dhcp.write_dhcp_audit)),
    Sensor("resolver", "resolver", _one(name_server.write_bind)),
    Sensor("vpn", "VPN gateway", _one(fortigate.write_vpn)),
    Sensor("radius", "RADIUS server", _one(radius.write_radius)),
    Sensor("mail-server", "mail server", _one(mail_server.write_mail_log)),
    Sensor("cloud-audit", "cloud tenant", _with_world(cloud.write_audit_log)),
    Sensor("cloud-sign-ins", "cloud tenant", _with_world(cloud.write_sign_ins)),
    Sensor("edr", "on machines with the endpoint product", _one(edr.write_edr)),
    Sensor("operations", "on desks", _with_world(operations.write_operations)),
    Sensor("backup", "backup server", _one(backup.write_backup)),
    Sensor("object-access", "file server", _one(file_audit.write_object_access)),
    Sensor("tickets", "help desk", _with_world(help_desk.write_tickets)),
    Sensor("calls", "help desk", _one(help_desk.write_calls)),
    Sensor("reports", "suppliers", lambda events, world: vendor_report.write_reports(events)),
    Sensor("netflow", "router before the firewall", _one(netflow.write_netflow5)),
)
FIREWALLS: Mapping[str, Sensor] = {
    "cef": Sensor("firewall", "border, sees both addresses", _one(firewall.write_firewall)),
    "fortigate": Sensor(
        "fortigate", "border, sees both addresses", _one(fortigate.write_fortigate)
    ),
    "paloalto": Sensor("paloalto", "border, sees both addresses", _one(paloalto.write_paloalto)),
    "asa": Sensor("asa", "border, sees both addresses", _one(asa.write_asa)),
}
OTHERS = (
    Sensor("unbound", "resolver", _one(name_server.write_unbound)),
    Sensor("journal", "web server", _one(journal.write_journal)),
    Sensor("nas", "NAS instead of a file server", _one(file_audit.write_nas)),
    Sensor("edr-ocsf", "endpoint product, OCSF", _one(edr.write_edr_findings)),
    Sensor("tickets-json", "help desk's interface", _one(help_desk.write_tickets_json)),
    Sensor("netflow9", "router before the firewall", _one(netflow.write_netflow9)),
    Sensor("historian", "water utility", _one(sector.write_historian)),
    Sensor("alarms", "water utility's control room", _one(sector.write_alarms)),
    Sensor("charts", "hospital", _one(sector.write_charts)),
    Sensor("subscribers", "provider's RADIUS server", _one(radius.write_subscribers)),
    Sensor("abuse", "provider's abuse desk", _one(sector.write_abuse)),
)
TOWN = (*BASE, *_sensors(FIREWALLS["cef"]), *OFFICE)
"""What a town hall has; change products with :data:`FIREWALLS` and :data:`OTHERS`."""


SANITISER = _sensors(Sensor("sanitiser", "sanitiser", _one(sanitiser.write_sanitiser)))
EVERY = (*TOWN, *SANITISER)
"""What houses made of profiles may have."""
_PART_OF = {
    "windows": "windows", "proxy": "proxy", "zeek": "zeek", "firewall": "firewall",
    "mail-journal": "mail", "mail-server": "mail", "web-access": "www01", "web-auth": "www01",
    "web-audit": "www01", "vpn": "vpn", "radius": "vpn", "dhcp": "dhcp", "dhcp-audit": "dhcp",
}  # fmt: skip
"""Which sensor of a world stands behind one of these; the others are everywhere."""


def sensors_of(world: World) -> tuple[Sensor, ...]:
    """Return the sensors that an organisation has."""
    there = {sensor.name for sensor in world.sensors}
    found = EVERY if world.in_role("sanitiser") else TOWN
    return tuple(
        sensor for sensor in found
        if not there or _PART_OF.get(sensor.name, sensor.name) in there
        or sensor.name not in _PART_OF
    )  # fmt: skip


def flawed(sensors: Iterable[Sensor], limits: Mapping[str, Limits]) -> tuple[Sensor, ...]:
    """Return sensors with declared limits.

    Raises:
        ValueError: limits for a sensor that is not there.
    """
    found = tuple(sensors)
    unknown = limits.keys() - {sensor.name for sensor in found}
    if unknown:
        raise ValueError(f"no such sensors: {sorted(unknown)}")
    return tuple(
        replace(sensor, limits=limits[sensor.name]) if sensor.name in limits else sensor
        for sensor in found
    )
