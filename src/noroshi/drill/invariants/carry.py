"""What the next day needs of the days before: which records stay when a day was judged.

Tables of the day that is judged are in the schema ``main``, what was kept in ``before``. Kept is
what an open thing rests on (sessions, processes, connections, tunnels, leases), one record of each
thing that does not change (addresses, identifiers, digests, names, record numbers), and the last
hours before midnight. So a day costs the same whichever it is.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from noroshi.drill.clock import HOUR
from noroshi.drill.invariants.pieces import Piece
from noroshi.drill.invariants.tables import add_views

_EDGE = 2 * HOUR
"""How long before midnight everything is kept, µs; no invariant looks back further for a moment."""


def carry(connection: duckdb.DuckDBPyConnection, piece: Piece) -> None:
    """Put what later pieces need into ``before``, and empty the tables of ``main`` of the rest."""
    times = {"edge": piece.until - _EDGE, "begin": piece.begin, "until": piece.until}
    connection.execute("drop schema if exists before cascade")
    connection.execute("create schema before")
    there = _tables(connection)
    if "win" in there:
        connection.execute(_RUNNING.format(**times))
    for table in there:
        kept = list(_KEPT.get(table, ("time >= {edge}",)))
        if table not in _KEPT and not _has_time(connection, table):
            kept = ["true"]
        if "vpn" in there and table in _TUNNELLED:
            kept.append(_TUNNELLED[table])
        where = " or ".join(f"({each})" for each in kept).format(**times)
        if table == "win":
            connection.execute(_PAIRED.format(where=where))
            where = "rowid in (select row from paired)"
        connection.execute(
            f"create table before.{table} as select * from main.{table} where {where}"  # noqa: S608
        )
    for table in there:
        connection.execute(f"truncate main.{table}")
        connection.execute(f"insert into main.{table} from before.{table}")
    connection.execute("set schema = 'before'")
    for table in there:
        add_views(connection, table)
    connection.execute("set schema = 'main'")


def presume(connection: duckdb.DuckDBPyConnection, begin: int) -> int:
    """Add the logons of sessions that began before the evidence does, and return how many.

    That they did is in Sysmon's ``LogonGuid``, whose second and third group are the second in
    which the session began. Those of the system itself are in use on every machine.

    Args:
        connection: with the day's tables.
        begin: when the evidence begins, µs since 1970 UTC.
    """
    if "win" not in _tables(connection):
        return 0
    return len(connection.execute(_PRESUMED, {"begin": begin}).fetchall())


def _tables(connection: duckdb.DuckDBPyConnection) -> Iterable[str]:
    rows = connection.execute(
        "select table_name from duckdb_tables() where schema_name = 'main' "
        "and table_name != 'declared'"
    ).fetchall()
    return [name for (name,) in rows]


def _has_time(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    return bool(
        connection.execute(
            "select 1 from duckdb_columns() where schema_name = 'main' and table_name = ? "
            "and column_name = 'time'",
            [table],
        ).fetchall()
    )


_PRESUMED = r"""
insert into win by name
select host, 'before the evidence' as channel, 4624 as id, $begin - 1 as time,
  logon_id as target_logon_id,
  '2' as logon_type, split_part(any_value(who), '\', 2) as target_user
from win s
where id = 1 and logon_id not in ('0x3e7', '0x3e4', '0x3e5', '0x0') and session_guid is not null
  and try_cast('0x' || substr(session_guid, 16, 4) || substr(session_guid, 11, 4) as bigint)
    * 1000000 < $begin
  and not exists (select 1 from win l where l.id = 4624 and l.host = s.host
    and l.target_logon_id = s.logon_id)
group by host, logon_id
returning 1
"""


def _last(table: str, *by: str, where: str = "true") -> str:
    """SQL of the last row for each of some values."""
    return _each("arg_max", table, by, where)


def _first(table: str, *by: str, where: str = "true") -> str:
    """SQL of the first row for each of some values."""
    return _each("arg_min", table, by, where)


def _each(which: str, table: str, by: tuple[str, ...], where: str) -> str:
    return (
        f"rowid in (select {which}(rowid, time) from main.{table} where {where} "  # noqa: S608
        f"group by {', '.join(by)})"
    )


_RUNNING = """
create or replace temp table last_boot as select host, max(time) as time from main.boots group by 1;
create or replace temp table running as
select s.rowid as row, s.host, s.image, s.pid, s.time from main.win s
left join (select guid, min(time) as time from main.ends group by 1) e on e.guid = s.guid
left join last_boot b on b.host = s.host
where s.id = 1 and coalesce(e.time, {begin}) >= {begin} and s.time >= coalesce(b.time, s.time);
"""
"""Processes that run at midnight or ended today; a start of the machine ends what ran before."""

_PAIRED = """
create or replace temp table paired as select rowid as row from main.win where {where};
create or replace temp table pairs as select s.rowid as sysmon, t.rowid as security
from main.win s join main.win t on s.id = 1 and t.id = 4688 and t.host = s.host
  and t.new_image = s.image and cast(t.new_pid as bigint) = cast(s.pid as bigint)
  and abs(t.time - s.time) <= 50000;
insert into paired select security from pairs where sysmon in (select row from paired)
union select sysmon from pairs where security in (select row from paired);
insert into paired select e.rowid from main.win e where e.id = 5 and e.guid in
  (select s.guid from main.win s where s.id = 1 and s.rowid in (select row from paired));
"""
"""Records of Windows that are kept, of each kept start what the other log says, and its end."""

_SINCE_BOOT = "time >= coalesce((select b.time from last_boot b where b.host = win.host), time)"

_NO_START = "guid not in (select guid from main.starts) and "

_WIN = (
    "time >= {edge}",
    # What runs, and what ended today.
    "rowid in (select row from running)",
    "id = 5 and time >= {begin}",
    # A record of each process whose start is not there: it runs since the machine was started.
    _first("win", "guid", where=_NO_START + _SINCE_BOOT),
    # Sessions that are open or were closed today, and who left which desk last.
    "id = 4624 and (host, target_logon_id) not in (select (host, target_logon_id) "
    "from main.logoffs where time < {begin} and target_logon_id is not null) and " + _SINCE_BOOT,
    "channel = 'before the evidence'",
    "id in (4634, 4647) and time >= {begin}",
    _last("win", "host", where="id = 4634 and logon_type = '2'"),
    # What does not change: addresses, identifiers, first tickets, digests, record numbers.
    _first("win", "host", "src", where="id = 3"),
    _first("win", "lower(target_user)", "target_sid", where="id in (4624, 4634)"),
    _first("win", "lower(subject_user)", "subject_sid", where="subject_sid like 'S-1-5-21-%'"),
    _first("win", "lower(target_user)", "src", where="id = 4768"),
    _first("win", "lower(target_user)", "src", where="id = 4769"),
    _first("win", "image", "hashes", where=r"id = 1 and image like 'C:\Windows\%'"),
    "rowid in (select arg_max(rowid, number) from main.win group by host, channel)",
    # Programs that were written to a machine, which a service may run later.
    _first("win", "host", "lower(file)",
           where=r"id = 11 and regexp_matches(file, '\.(exe|dll|sys|bat|cmd|ps1|vbs|js)$', 'i')"),
)  # fmt: skip

_DIALLED = (
    "action = 'tunnel-up' and number not in (select number from main.vpn "
    "where action = 'tunnel-down')"
)
_TUNNELLED = {
    "zconn": f"src in (select ip from main.vpn where {_DIALLED})",  # noqa: S608
    "win": f"id = 4624 and src in (select ip from main.vpn where {_DIALLED})",  # noqa: S608
}
"""What was done in tunnels that are open: their end, which covers it, is told another day."""

_MONTH = "time >= {until} - 31 * 86400000000"

_KEPT = {
    "win": _WIN,
    "zconn": ("time + coalesce(duration, 0) >= {edge}",),
    "zdns": ("time >= {edge}", _last("zdns", "src", "name", "kind", "answer")),
    "proxy": ("time >= {edge}", _last("proxy", "name", "dst")),
    "fw": ("time >= {edge}", _last("fw", "src", "snat", where="snat is not null"),
           _last("fw", "dst", "dnat", where="dnat is not null")),
    "ssh": ("false",),
    "eve_flow": ("last >= {edge}",),
    "lease": ("time >= {edge}", _last("lease", "ip", "mac", "host")),
    "vpn": (_MONTH, _DIALLED, _last("vpn", "remote", "who")),
    "radius": (_MONTH,),
    "signin": ("time >= {edge}", _last("signin", "who", "src")),
    "mail": ("time >= {edge}", "attachment is not null and " + _MONTH),
    "ticket": (_MONTH,),
    "backup": (_MONTH,),
}  # fmt: skip
"""What is kept of a table, one of these conditions; else the last hours, or all without times."""
