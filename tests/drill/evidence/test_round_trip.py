"""What sensors write, our own collectors read: the same facts come out again."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from noroshi.collect import BadRecord, Evidence, Record, choose
from noroshi.collect.columnise import Bucket, batches
from noroshi.collect.shape import Shape
from noroshi.collect.walk import walk
from noroshi.drill.clock import MINUTE
from noroshi.drill.event import Event, Resolved
from noroshi.drill.kind.cloud import SignedIn
from noroshi.drill.kind.network import Leased, MailboxOpened, TunnelOpened, TunnelRefused
from noroshi.drill.kind.office import AlertRaised, TicketOpened
from noroshi.drill.write.border import crossings
from noroshi.drill.write.dhcp import station

TOKYO = ZoneInfo("Asia/Tokyo")
SECOND = 1_000_000
pytestmark = pytest.mark.usefixtures("observed")
COLLECTORS = {
    "abuse/abuse.mbox": "mail", "asa/asa01.log": "syslog", "backup/hozon-jobs.csv": "csv",
    "cloud/signins.json": "entra", "cloud/unified-audit.json": "m365",
    "dhcp/DhcpSrvLog-Wed.log": "dhcp_audit", "dhcp/dhcpd.log": "syslog", "dns/named.log": "syslog",
    "dns/unbound.log": "syslog", "edr/alerts.json": "json", "edr/findings.ocsf.json": "json",
    "fortigate/traffic.log": "syslog", "helpdesk/tickets.csv": "csv",
    "helpdesk/tickets.json": "json", "hospital/chart-access.csv": "csv",
    "mail/journal.mbox": "mail", "mail/mail.log": "syslog", "nas/access.csv": "csv",
    "operation-log/20260520.csv": "csv", "paloalto/traffic.log": "syslog",
    "plant/alarms.csv": "csv", "plant/historian.csv": "csv", "radius/access-detail":
    "radius_detail", "radius/detail": "radius_detail", "vpn/fw01-vpn.log": "syslog",
    "windows/object-access.xml": "windows_xml", "www01/journal.json": "journald",
}  # fmt: skip


def source(folder: Path, name: str) -> Evidence:
    found = [item for item in walk([folder / name]) if isinstance(item, Evidence)]
    assert len(found) == 1
    found[0].zone = TOKYO
    found[0].modified = 1_779_300_000_000_000
    return found[0]


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    """Columns and native fields of every record of a file."""
    evidence = source(folder, name)
    buckets: dict[Shape, Bucket] = {}
    for number, item in enumerate(choose(evidence.head()).read(evidence)):
        assert isinstance(item, Record), item
        buckets.setdefault(item.shape, Bucket(item.shape)).add(item, 0, number)
    found = []
    for shape, bucket in buckets.items():
        for batch in batches(bucket, ["0" * 32]):
            found += [event | {"shape": shape.name} for event in batch.events.to_pylist()]
    return found


@pytest.mark.parametrize("name", sorted(COLLECTORS))
def test_a_file_is_known_and_nothing_in_it_is_bad(name: str, folder: Path) -> None:
    evidence = source(folder, name)
    collector = choose(evidence.head())
    items = list(collector.read(evidence))
    assert collector.name == COLLECTORS[name]
    assert items
    assert not [item for item in items if isinstance(item, BadRecord)]


def test_leases(folder: Path, lived_events: list[Event]) -> None:
    wanted = sorted(
        (event.time // SECOND, event.host.ip, station(event.host.ip))
        for event in lived_events
        if isinstance(event, Leased)
    )
    for name, word in (("dhcp/DhcpSrvLog-Wed.log", None), ("dhcp/dhcpd.log", "ACK")):
        got = sorted(
            (row["time"] // SECOND, row["src_endpoint_ip"], row["src_endpoint_mac"])
            for row in rows(folder, name)
            if word in (None, row["activity_name"])
        )
        assert got == wanted, name


def test_queries(folder: Path, lived_events: list[Event]) -> None:
    wanted = Counter(
        (event.host.ip, event.name) for event in lived_events if isinstance(event, Resolved)
    )
    asked = rows(folder, "dns/named.log")
    assert Counter((row["src_endpoint_ip"], row["query_hostname"]) for row in asked) == wanted
    answered = [row for row in rows(folder, "dns/unbound.log") if row["rcode"]]
    assert Counter((row["src_endpoint_ip"], row["query_hostname"]) for row in answered) == wanted


@pytest.mark.parametrize("name", ["fortigate/traffic.log", "paloalto/traffic.log"])
def test_connections_over_the_border(name: str, folder: Path, lived_events: list[Event]) -> None:
    wanted = Counter(
        (flow.source, flow.sport, flow.target, flow.dport, flow.sent if flow.allowed else None)
        for flow in crossings(lived_events)
    )
    got = Counter(
        (
            row["src_endpoint_ip"], row["src_endpoint_port"], row["dst_endpoint_ip"],
            row["dst_endpoint_port"],
            None if row["disposition"] == "deny" else row["traffic_bytes_out"],
        )
        for row in rows(folder, name)
    )  # fmt: skip
    assert got == wanted


def test_connections_of_the_asa(folder: Path, lived_events: list[Event]) -> None:
    wanted = Counter((flow.source, flow.sport) for flow in crossings(lived_events) if flow.allowed)
    got = Counter(
        (row["src_endpoint_ip"], row["src_endpoint_port"])
        for row in rows(folder, "asa/asa01.log")
        if row["activity_name"] == "Built"
    )
    assert got == wanted


def test_tunnels(folder: Path, lived_events: list[Event]) -> None:
    got = rows(folder, "vpn/fw01-vpn.log")
    opened = {
        (row["user_name"], row["src_endpoint_ip"])
        for row in got
        if row["shape"] == "fortigate/authentication" and row["status_id"] != 2
    }
    tunnels = [event.tunnel for event in lived_events if isinstance(event, TunnelOpened)]
    assert {(tunnel.login, tunnel.remote) for tunnel in tunnels} <= opened
    refused = sum(isinstance(event, TunnelRefused) for event in lived_events)
    assert sum(row["shape"] == "fortigate/authentication" for row in got) == refused + len(tunnels)
    accounted = rows(folder, "radius/detail")
    assert {(row["user_name"], row["src_endpoint_ip"]) for row in accounted} == {
        (tunnel.login, tunnel.remote) for tunnel in tunnels
    }


def test_mailboxes(folder: Path, lived_events: list[Event]) -> None:
    wanted = Counter(
        (event.time // SECOND, event.login.partition("@")[0], event.flow.source,
         1 if event.success else 2)
        for event in lived_events if isinstance(event, MailboxOpened)
    )  # fmt: skip
    got = Counter(
        (row["time"] // SECOND, row["user_name"], row["src_endpoint_ip"], row["status_id"])
        for row in rows(folder, "mail/mail.log")
        if row["shape"] == "syslog/line/authentication"
    )
    assert got == wanted


def test_sign_ins(folder: Path, lived_events: list[Event]) -> None:
    wanted = Counter(
        (event.time // 1000, event.login, event.address, 2 if event.error else 1)
        for event in lived_events
        if isinstance(event, SignedIn)
    )
    got = Counter(
        (row["time"] // 1000, row["user_name"], row["src_endpoint_ip"], row["status_id"])
        for row in rows(folder, "cloud/signins.json")
    )
    assert got == wanted


def test_japanese_tables_in_an_old_code_page(folder: Path, lived_events: list[Event]) -> None:
    got = rows(folder, "operation-log/20260520.csv")
    assert len(got) > 5_000
    assert all(row["device_hostname"].startswith("pc") for row in got)
    assert all(row["src_endpoint_ip"].startswith("10.20.10.") for row in got)
    first = min(row["time"] for row in got)
    assert abs(first - next(e.time for e in lived_events if isinstance(e, Leased))) < 30 * MINUTE


def test_tickets(folder: Path, lived_events: list[Event]) -> None:
    wanted = sorted(
        (event.time // SECOND, event.host.lower())
        for event in lived_events
        if isinstance(event, TicketOpened)
    )
    for name in ("helpdesk/tickets.csv", "helpdesk/tickets.json"):
        got = sorted(
            (row["time"] // SECOND, row["device_hostname"] or "") for row in rows(folder, name)
        )
        assert got == wanted, name


def test_alerts(folder: Path, lived_events: list[Event]) -> None:
    wanted = {
        (event.time // 1000, event.process.host.fqdn)
        for event in lived_events
        if isinstance(event, AlertRaised)
    }
    got = {(row["time"] // 1000, row["device_hostname"]) for row in rows(folder, "edr/alerts.json")}
    assert got == wanted
