"""The demonstration holds every invariant, and each invariant notices what breaks it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from noroshi.drill import DemoSummary
from noroshi.drill.errors import DrillError
from noroshi.drill.event import Event
from noroshi.drill.invariants import check, check_tables, invariants, read_evidence
from noroshi.drill.invariants.rules import office
from noroshi.drill.write.suricata import write_suricata

_ONE = "rowid = (select min(rowid) from {table} where {where})"


def one(table: str, change: str, where: str = "true") -> str:
    """SQL that changes one record."""
    return f"update {table} set {change} where {_ONE.format(table=table, where=where)}"


def without(table: str, where: str = "true") -> str:
    """SQL that loses one record."""
    return f"delete from {table} where {_ONE.format(table=table, where=where)}"


def twice(table: str, where: str = "true") -> str:
    """SQL that repeats one record."""
    return (
        f"insert into {table} select * from {table} where {_ONE.format(table=table, where=where)}"
    )


_LATER, _EARLIER = "time = time + 90000000000", "time = time - 90000000000"
_INSIDE = "src like '10.%'"
TAMPERED = {
    "process-guid-unique": twice("win", "id = 1"),
    "process-acts-after-start": one("win", _EARLIER, "id = 3 and guid in "
                                    "(select guid from win where id = 1)"),
    "process-acts-before-end": one("win", _LATER, "id in (3, 11) and guid in "
                                   "(select guid from win where id = 5)"),
    "process-ends-once": twice("win", "id = 5"),
    "process-image-constant": one("win", "image = 'C:\\x.exe'", "id = 3"),
    "parent-started-before": one("win", _LATER, "id = 1 and guid in "
                                 "(select parent_guid from win where id = 1)"),
    "parent-not-ended": one("win", _EARLIER, "id = 5 and guid in "
                            "(select parent_guid from win where id = 1)"),
    "parent-image-agrees": one("win", "parent_image = 'C:\\x.exe'", "id = 1 and parent_guid in "
                               "(select guid from win where id = 1)"),
    "process-id-not-shared": "update win set pid = '77' where id = 1 and host = (select min(host) "
                             "from starts)",
    "sysmon-start-in-security-log": without("win", "id = 4688"),
    "security-start-in-sysmon-log": without("win", "id = 1"),
    "program-hash-constant": one("win", "hashes = 'SHA256=00'",
                                 "id = 1 and image like 'C:\\Windows\\%cmd.exe'"),
    "script-has-interpreter": one("win", _EARLIER, "id = 4104"),
    "service-program-starts": "update win set service_path = 'D:\\y.exe' where id = 7045",
    "session-id-unique": twice("win", "id = 4624 and target_logon_id != '0x3e7'"),
    "session-known-to-process": one("win", "logon_id = '0x1'", "id = 1"),
    "session-user-agrees": one("win", "who = 'X\\nobody'", "id = 1 and logon_id != '0x3e7'"),
    "session-not-used-after-logoff": "update win set time = time - 90000000000 where id = 4634",
    "logoff-after-logon": one("win", _EARLIER, "id = 4634"),
    "share-session-known": one("win", "logon_id = '0x1'", "id = 5140"),
    "share-session-open": one("win", _LATER, "id = 5145"),
    "share-user-agrees": one("win", "subject_user = 'nobody'", "id = 5145"),
    "account-sid-agrees": one("win", "target_sid = 'S-1-5-21-1-2-3-4'",
                              "id = 4624 and target_sid like 'S-1-5-21-%'"),
    "first-ticket-before-logon": "delete from win where id = 4768",
    "first-ticket-before-others": "update win set time = time + 90000000000 where id = 4768",
    "record-numbers-run-on": without("win", "id = 3 and time > (select avg(time) from win)"),
    "record-times-run-on": one("win", _LATER, "id = 3"),
    "sysmon-time-agrees": one("win", _LATER, "id = 1"),
    "connection-uid-unique": twice("zconn"),
    "ports-not-shared": twice("zconn", "duration > 0"),
    "bytes-fit-packets": one("zconn", "sent = 99999999", "out < 100"),
    "refused-carries-nothing": one("zconn", "received = 9", "state = 'S0'"),
    "outside-is-documentation": one("zconn", "dst = '8.8.8.8'"),
    "query-has-connection": without("zconn", "dport = 53"),
    "host-query-on-the-wire": "delete from zdns where name = (select query from win where id = 22 "
                              "limit 1)",
    "host-connection-on-the-wire": one("win", "sport = 1", "id = 3"),
    "host-address-constant": one("win", "src = '10.99.99.99'", "id = 3"),
    "name-before-connection": one("win", "dst_name = 'never.example'", "id = 3"),
    "name-answer-constant": one("win", "dst = '192.0.2.254'",
                                "id = 3 and dst_name not in ('-', '')"),
    "proxy-inner-connection": one("proxy", "src = '10.99.99.99'"),
    "proxy-outer-connection": one("proxy", "dst = '192.0.2.254'", "dst != '-'"),
    "proxy-name-resolved": one("proxy", "dst = '192.0.2.254'", "dst != '-'"),
    "proxy-user-logged-on": one("proxy", "who = 'nobody'", "who != '-'"),
    "firewall-outward-on-the-wire": one("fw", "sent = sent + 1", f"act = 'accept' and {_INSIDE}"),
    "border-crossing-in-firewall": without("fw", f"act = 'accept' and {_INSIDE}"),
    "translation-constant": one("fw", "snat = '203.0.113.99'", "snat is not null"),
    "denied-not-behind": "insert into zconn select time, 'Cx', src, sport, dst, dport, 'tcp', "
    "null, 0, 0, 0, 'S0', 1, 0 from fw where act = 'deny' and src not like '10.%' limit 1",
    "web-request-on-the-wire": one("web", "src = '192.0.2.254'"),
    "secure-shell-on-the-wire": one("ssh", "sport = 1"),
    "mail-on-the-wire": one("mail", "src = '192.0.2.254'"),
    "mail-not-before-sent": one("mail", "sent = time + 1000000"),
    "opened-attachment-was-delivered": "update mail set time = time + 90000000000",
    "network-logon-on-the-wire": one("win", "sport = 1", "id = 4624 and logon_type = '3' and "
                                     "src like '10.%'"),
    "ticket-on-the-wire": one("win", "sport = 1", "id = 4769 and src like '10.%'"),
    "suricata-flow-is-zeek-connection": one("eve_flow", "out = out + 1"),
    "suricata-query-is-zeek-query": one("eve_dns", "name = 'never.example'", "kind = 'query'"),
    "nothing-from-a-machine-that-is-off": "insert into win select * replace (time + 3600000000 as "
    "time, 3 as id) from win where id = 4634 and logon_type = '2'",
    "started-before-logged-on": "insert into win select * replace (time + 3600000000 as time, "
    "4624 as id) from win where id = 4634 and logon_type = '2'",
    "core-apart": one("zconn", "src = '10.90.11.10'"),
    "lgwan-not-to-the-web": one("zconn", "src = '10.60.11.10'", "state != 'S0' and dport = 8080"),
    "picture-only-between": one("zconn", "src = '10.60.11.10', dst = '10.30.11.10'",
                                "state != 'S0' and dport = 445"),
    "web-by-the-security-cloud": one("zconn", "src = '10.20.252.20'"),
    "virtual-desktop-under-a-screen": one("win", "sport = 1", "id = 4624 and logon_type = '10'"),
    "server-name-was-asked-for": one("eve_tls", "name = 'never.example'",
                                     "name is not null and dst not like '10.%'"),
}  # fmt: skip

OFFICE = {item.id for item in office.INVARIANTS}
BREAKOUT = {"breakout-sign-in-on-the-wire"}


@pytest.fixture(scope="module")
def evidence_of_all_sensors(evidence: Path, events: list[Event]) -> Path:
    write_suricata(events).save(evidence)
    return evidence


@pytest.fixture(scope="module")
def tables(evidence_of_all_sensors: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with read_evidence(evidence_of_all_sensors) as connection:
        yield connection


def test_there_are_enough_of_them_and_each_has_its_trial() -> None:
    assert len(invariants()) >= 40
    assert {item.id for item in invariants()} - OFFICE - BREAKOUT == TAMPERED.keys()


def test_each_names_every_table_that_it_reads() -> None:
    """What is not named may be missing where it is tried."""
    tables = {name for item in invariants() for name in item.tables}
    for item in invariants():
        said = f"{item.violations} {item.subjects} {item.once}"
        read = set(re.findall(r"\b(?:from|join)\s+([a-z_]+)", said)) & tables
        assert read <= set(item.tables), item.id


def test_the_demonstration_holds_all(tables: duckdb.DuckDBPyConnection) -> None:
    for result in check_tables(tables):
        if result.invariant.id in OFFICE | BREAKOUT:
            continue  # has its own trial, in tests/drill/evidence
        assert result.looked_at, result.invariant.id
        assert result.examples == (), result.invariant.id


@pytest.mark.parametrize("name", sorted(TAMPERED))
def test_what_breaks_it_is_noticed(name: str, tables: duckdb.DuckDBPyConnection) -> None:
    invariant = next(item for item in invariants() if item.id == name)
    tables.execute("begin")
    try:
        tables.execute(TAMPERED[name])
        assert tables.execute(invariant.violations).fetchall()
    finally:
        tables.execute("rollback")


def test_logs_that_are_not_there_are_not_looked_at(evidence: Path, tmp_path: Path) -> None:
    (tmp_path / "zeek").mkdir()
    (tmp_path / "zeek/conn.log").write_bytes((evidence / "zeek/conn.log").read_bytes())
    looked_at = {result.invariant.id: result.looked_at for result in check(tmp_path)}
    assert looked_at["connection-uid-unique"] > 1000
    assert looked_at["query-has-connection"] == 0


def test_a_folder_without_evidence_is_named(tmp_path: Path, demo: DemoSummary) -> None:
    with pytest.raises(DrillError, match="no evidence to check"):
        check(tmp_path)
