"""The logs of a folder as DuckDB tables, one for each kind of record.

``win`` (Windows events), ``zconn`` and ``zdns`` (Zeek), ``proxy`` (Squid), ``fw`` (border
firewall), ``web`` (access log), ``ssh`` (sshd's lines), ``eve_flow``, ``eve_dns`` and ``eve_tls``
(Suricata), those of the mail journal and of the office, and ``declared`` (clock offsets of the
observation manifest; zero by default). Of ``win`` there are views: ``starts``, ``ends`` and
``acts`` of processes, ``logons``, ``logoffs`` and ``uses`` of sessions,
``boots`` of machines and ``goings`` of who sat at them. The macros
``inside(address)`` and ``documentation(address)`` tell what an address is. Times are µs since 1970
UTC. A log that is not there has no table.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from noroshi.drill.errors import DrillError
from noroshi.drill.invariants.journal import JOURNAL
from noroshi.drill.invariants.office import OFFICE
from noroshi.drill.invariants.source import Source

_MEMORY = "1GB"
_THREADS = 2


@contextmanager
def read_evidence(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection with the tables of all logs in a folder, read at once.

    Raises:
        DrillError: no log that the checks know is there, or one cannot be read.
    """
    files: Mapping[str, Sequence[Path]] = {
        source.name: sorted(folder.glob(source.pattern)) for source in SOURCES
    }
    if not any(files.values()):
        raise DrillError(
            f"{folder}: no evidence to check; give the folder that drill generate wrote"
        )
    with opened(folder) as connection:
        lay_out(connection, files)
        load(connection, files)
        yield connection


@contextmanager
def opened(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection without logs; what the folder's manifest declares is there.

    Its tables lie on the disk, packed, until it is closed: they need less memory so.
    """
    with (
        TemporaryDirectory(prefix="noroshi-check-") as place,
        duckdb.connect(
            f"{place}/evidence.duckdb", config={"memory_limit": _MEMORY, "threads": _THREADS}
        ) as connection,
    ):
        for macro in _MACROS:
            connection.execute(macro)
        connection.execute("create table declared (sensor varchar, skew bigint)")
        path = folder.with_name(folder.name + "-observation.json")
        if path.is_file():
            for sensor in json.loads(path.read_text("utf-8"))["sensors"]:
                skew = sensor["limits"].get("skew", 0)
                connection.execute("insert into declared values (?, ?)", [sensor["name"], skew])
        yield connection


def lay_out(connection: duckdb.DuckDBPyConnection, files: Mapping[str, Sequence[Path]]) -> None:
    """Make the tables of all logs that have a file, empty, and their views."""
    for source in SOURCES:
        if paths := files.get(source.name):
            source.create(connection, paths)
            add_views(connection, source.name)


def add_views(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Make the views of a table that was just made."""
    for name, select in _VIEWS.get(table, {}).items():
        connection.execute(f"create view {name} as {select}")


def load(connection: duckdb.DuckDBPyConnection, files: Mapping[str, Sequence[Path]]) -> None:
    """Add what the files hold to tables that are there, in their order.

    One thread reads: of two, the faster piles up what has to wait for the other's lines.
    """
    connection.execute("set threads = 1")
    for source in SOURCES:
        if paths := files.get(source.name):
            source.fill(connection, paths)
    connection.execute(f"set threads = {_THREADS}")


def _micros(seconds: str) -> str:
    return f"cast(cast({seconds} as decimal(20, 6)) * 1000000 as bigint)"


_DATA = "coalesce(winlog.event_data, winlog.user_data)"


def _datum(*names: str) -> str:
    """SQL of the first of these fields of a Windows event that is there."""
    texts = ", ".join(f"{_DATA} ->> '{name}'" for name in names)
    return f"coalesce({texts})" if len(names) > 1 else f"({texts})"


_WIN = f"""
select
  upper(split_part(winlog.computer_name, '.', 1)) as host,
  winlog.channel as channel,
  cast(winlog.event_id as integer) as id,
  epoch_us("@timestamp") as time,
  winlog.record_id as number,
  {_datum("ProcessGuid", "SourceProcessGUID")} as guid,
  {_datum("ParentProcessGuid")} as parent_guid,
  {_datum("ParentImage")} as parent_image,
  {_datum("Image", "SourceImage")} as image,
  {_datum("ProcessId", "SourceProcessId")} as pid,
  {_datum("ParentProcessId")} as parent_pid,
  {_datum("NewProcessId")} as new_pid,
  {_datum("NewProcessName")} as new_image,
  {_datum("CommandLine")} as command,
  {_datum("User", "SourceUser")} as who,
  {_datum("Hashes", "Hash")} as hashes,
  {_datum("LogonId", "SubjectLogonId")} as logon_id,
  {_datum("LogonGuid")} as session_guid,
  {_datum("TargetLogonId")} as target_logon_id,
  {_datum("LogonType")} as logon_type,
  {_datum("TargetUserName")} as target_user,
  {_datum("TargetUserSid")} as target_sid,
  {_datum("SubjectUserName")} as subject_user,
  {_datum("SubjectUserSid")} as subject_sid,
  {_datum("AuthenticationPackageName")} as package,
  replace({_datum("SourceIp", "IpAddress")}, '::ffff:', '') as src,
  try_cast({_datum("SourcePort", "IpPort")} as integer) as sport,
  {_datum("DestinationIp")} as dst,
  try_cast({_datum("DestinationPort")} as integer) as dport,
  {_datum("DestinationHostname")} as dst_name,
  {_datum("Protocol")} as proto,
  {_datum("QueryName")} as query,
  {_datum("QueryResults")} as results,
  {_datum("TargetFilename")} as file,
  {_datum("ServiceName")} as service,
  {_datum("ImagePath", "ServiceFileName")} as service_path,
  {_datum("UtcTime")} as utc_time
from read_json($files, format='newline_delimited', maximum_object_size=4194304,
  columns={{'@timestamp': 'TIMESTAMP', 'winlog': 'STRUCT(channel VARCHAR, computer_name VARCHAR,
    event_id VARCHAR, record_id BIGINT, event_data JSON, user_data JSON)'}})
"""

_ZEEK = "delim='\t', header=false, comment='#', nullstr='-', quote='', escape='', all_varchar=true"

_ZCONN = f"""
select {_micros("column00")} as time, column01 as uid, column02 as src,
  cast(column03 as integer) as sport, column04 as dst, cast(column05 as integer) as dport,
  column06 as proto, column07 as service,
  cast(cast(column08 as decimal(20, 6)) * 1000000 as bigint) as duration,
  cast(column09 as bigint) as sent, cast(column10 as bigint) as received, column11 as state,
  cast(column16 as bigint) as out, cast(column18 as bigint) as back
from read_csv($files, {_ZEEK})
"""

_ZDNS = f"""
select {_micros("column00")} as time, column01 as uid, column02 as src,
  cast(column03 as integer) as sport, column04 as dst, cast(column07 as integer) as number,
  cast(cast(column08 as decimal(20, 6)) * 1000000 as bigint) as rtt, column09 as name,
  column13 as kind, column15 as code, column21 as answer
from read_csv($files, {_ZEEK})
"""

_LINES = (
    "read_csv($files, columns={'line': 'VARCHAR'}, delim='\\0', header=false, quote='', escape='')"
)

_PROXY = rf"""
with parts as (select regexp_split_to_array(line, ' +') as p from {_LINES})
select {_micros("p[1]")} as time, cast(p[2] as bigint) * 1000 as took, p[3] as src,
  split_part(p[4], '/', 1) as result, cast(split_part(p[4], '/', 2) as integer) as status,
  cast(p[5] as bigint) as size, p[6] as method, p[7] as url, p[8] as who,
  split_part(p[9], '/', 2) as dst,
  regexp_extract(p[7], '^(?:[a-z]+://)?([^/:]+)', 1) as name
from parts
"""

_FW = (
    r"""
select cast(regexp_extract(line, 'start=(\d+)', 1) as bigint) * 1000 as time,
  regexp_extract(line, ' act=(\w+)', 1) as act,
  regexp_extract(line, ' src=(\S+)', 1) as src,
  cast(regexp_extract(line, ' spt=(\d+)', 1) as integer) as sport,
  regexp_extract(line, ' dst=(\S+)', 1) as dst,
  cast(regexp_extract(line, ' dpt=(\d+)', 1) as integer) as dport,
  try_cast(regexp_extract(line, ' out=(\d+)', 1) as bigint) as sent,
  try_cast(regexp_extract(line, ' in=(\d+)', 1) as bigint) as received,
  nullif(regexp_extract(line, 'sourceTranslatedAddress=(\S+)', 1), '') as snat,
  nullif(regexp_extract(line, 'destinationTranslatedAddress=(\S+)', 1), '') as dnat
from """
    + f"{_LINES} where line like '%start=%'"
)

_WEB = rf"""
select regexp_extract(line, '^(\S+)', 1) as src,
  epoch_us(strptime(regexp_extract(line, '\[([^\]]+)\]', 1), '%d/%b/%Y:%H:%M:%S %z')) as time,
  regexp_extract(line, '"(\S+) ', 1) as method, regexp_extract(line, '"\S+ (\S+)', 1) as path,
  cast(regexp_extract(line, '" (\d+) ', 1) as integer) as status
from {_LINES}
"""

_SSH = rf"""
select regexp_extract(line, '^(\w+ +\d+ [\d:]+)', 1) as written,
  regexp_extract(line, ' (?:from) (\S+) port', 1) as src,
  cast(regexp_extract(line, ' port (\d+)', 1) as integer) as sport
from {_LINES}
where line like '%sshd[%' and line like '% port %'
"""

_EVE = (
    "read_json($files, format='newline_delimited', columns={'timestamp': 'TIMESTAMPTZ', "
    "'flow_id': 'BIGINT', 'event_type': 'VARCHAR', 'src_ip': 'VARCHAR', 'src_port': 'INTEGER', "
    "'dest_ip': 'VARCHAR', 'dest_port': 'INTEGER', 'flow': 'JSON', 'dns': 'JSON', 'tls': 'JSON'})"
)
_EVE_ENDS = "flow_id, src_ip as src, src_port as sport, dest_ip as dst, dest_port as dport"
_EVE_FLOW = f"""
select epoch_us(timestamp) as time, {_EVE_ENDS}, cast(flow ->> 'pkts_toserver' as bigint) as out,
  cast(flow ->> 'pkts_toclient' as bigint) as back,
  epoch_us(cast(flow ->> 'start' as timestamptz)) as first,
  epoch_us(cast(flow ->> 'end' as timestamptz)) as last
from {_EVE} where event_type = 'flow'
"""
_EVE_DNS = f"""
select epoch_us(timestamp) as time, {_EVE_ENDS}, dns ->> 'type' as kind, dns ->> 'rrname' as name,
  cast(dns ->> 'id' as integer) as number
from {_EVE} where event_type = 'dns'
"""
_EVE_TLS = f"""
select epoch_us(timestamp) as time, {_EVE_ENDS}, tls ->> 'sni' as name
from {_EVE} where event_type = 'tls'
"""

_LOGS = (
    ("win", "windows/*.ndjson", _WIN),
    ("zconn", "zeek/conn*.log", _ZCONN),
    ("zdns", "zeek/dns*.log", _ZDNS),
    ("proxy", "proxy/access*.log", _PROXY),
    ("fw", "firewall/*.log", _FW),
    ("web", "www*/access*.log", _WEB),
    ("ssh", "www*/auth*.log", _SSH),
    ("eve_flow", "suricata/eve*.json", _EVE_FLOW),
    ("eve_dns", "suricata/eve*.json", _EVE_DNS),
    ("eve_tls", "suricata/eve*.json", _EVE_TLS),
)
SOURCES = (
    *(Source(name, pattern, select) for name, pattern, select in _LOGS),
    *JOURNAL,
    *OFFICE,
)
"""Every log that the checks know."""

_VIEWS = {
    "win": {
        "starts": "select * from win where id = 1",
        "ends": "select * from win where id = 5",
        "acts": "select * from win where id in (3, 7, 8, 10, 11, 12, 13, 15, 22, 23) "
        "and guid is not null",
        "logons": "select * from win where id = 4624",
        "logoffs": "select * from win where id in (4634, 4647)",
        "boots": r"select host, time from win where id = 1 and image ilike '%\smss.exe'",
        "goings": "select host, time from win where id = 4634 and logon_type = '2'",
        "uses": "select * from win where id in (5140, 5145, 4697, 1102) and logon_id is not null",
    }
}
_MACROS = (
    # RFC 1918 and loopback.
    r"create macro inside(a) as "
    r"regexp_matches(a, '^(10|127|192\.168|172\.(1[6-9]|2[0-9]|3[01]))\.')",
    # RFC 5737 and RFC 2544.
    r"create macro documentation(a) as "
    r"regexp_matches(a, '^(192\.0\.2|198\.51\.100|203\.0\.113|198\.1[89]\.\d+)\.')",
)
