"""The office's logs hold every invariant, and each invariant notices what breaks it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from noroshi.drill.invariants import check_tables, invariants, read_evidence
from noroshi.drill.invariants.rules.office import INVARIANTS
from noroshi.drill.observe.folder import Observation

_ONE = "rowid = (select min(rowid) from {table} where {where})"


def one(table: str, change: str, where: str = "true") -> str:
    return f"update {table} set {change} where {_ONE.format(table=table, where=where)}"


def without(table: str, where: str = "true") -> str:
    return f"delete from {table} where {_ONE.format(table=table, where=where)}"


_LATER = "time = time + 90000000000"
TAMPERED = {
    "lease-covers-use": "delete from lease where ip = (select min(ip) from lease)",
    "lease-one-holder": one("lease", "mac = '020000000000'",
                            "ip in (select ip from lease group by ip having count(*) > 1)"),
    "tunnel-closed-after-opened": one("vpn", "duration = duration + 60",
                                      "action = 'tunnel-down'"),
    "tunnel-covers-use": one("vpn", "time = time - 86400000000", "action = 'tunnel-down'"),
    "tunnel-logon-is-its-user": one("vpn", "who = 'nobody'", "action = 'tunnel-up'"),
    "radius-agrees-with-gateway": one("radius", "remote = '192.0.2.1'"),
    "sign-in-in-audit-log": without("audit", "operation = 'UserLoggedIn'"),
    "office-sign-in-through-proxy": "delete from proxy where name like 'login.%'",
    "home-address-is-one-persons": one("signin", "who = 'nobody'",
                                       "src in (select remote from vpn)"),
    "message-in-mail-log": without("mta"),
    "delivered-message-in-journal": "delete from mail where id = (select min(id) from mail)",
    "mailbox-on-the-wire": one("imap", "src = '192.0.2.1'"),
    "ticket-confirmed-by-mail": "delete from subject where subject like '%HD-%'",
    "ticket-closed-after-opened": one("ticket", "closed = time - 1", "closed is not null"),
    "password-ticket-after-failures": "delete from win where id = 4625",
    "backup-job-opens-share": one("backup", _LATER, "source is not null"),
    "backup-job-ends": without("backup", "text like 'ジョブは%'"),
    "alert-process-exists": one("edr", "pid = 1"),
    "alert-address-is-hosts": one("edr", "ip = '10.99.99.99'"),
    "object-access-through-share": one("object_access", "logon_id = '0x1'"),
    "resolver-query-heard": one("named", "name = 'never.example'"),
    "clock-offset-declared": "update named set time = time + 60000000",
    "operation-is-process-start": one("ops", "target = 'C:\\x.exe'", "action = 'アプリ起動'"),
    "operation-user-at-desk": one("ops", "who = 'nobody'"),
    "breakout-sign-in-on-the-wire": "update fw set src = '10.60.11.10', time = 1 "
    "where snat in (select src from signin where error = 0)",
    "translated-connection-behind": one("fgt", "received = received + 1", "action = 'close'"),
}  # fmt: skip


@pytest.fixture(scope="module")
def tables(observed: Observation, folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    assert observed.seen
    with read_evidence(folder) as connection:
        yield connection


def test_there_are_enough_of_them_and_each_has_its_trial() -> None:
    assert len(INVARIANTS) >= 12
    assert {item.id for item in INVARIANTS} == TAMPERED.keys() - {"breakout-sign-in-on-the-wire"}


def test_a_day_with_everything_in_it_holds_all(tables: duckdb.DuckDBPyConnection) -> None:
    for result in check_tables(tables):
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
