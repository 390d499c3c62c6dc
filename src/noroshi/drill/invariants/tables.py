"""The logs of a folder as DuckDB tables, one for each kind of record.

``win`` (Windows events), ``zconn`` and ``zdns`` (Zeek), ``proxy`` (Squid), ``fw`` (border
firewall), ``web`` (access log), ``ssh`` (sshd's lines), ``mail`` (journal), ``eve_flow``,
``eve_dns`` and ``eve_tls`` (Suricata). Of ``win`` there are views: ``starts``, ``ends`` and
``acts`` of processes, ``logons``, ``logoffs`` and ``uses`` of sessions,
``boots`` of machines and ``goings`` of who sat at them. The macros
``inside(address)`` and ``documentation(address)`` tell what an address is. Times are µs since 1970
UTC. A log that is not there has no table.
"""

from __future__ import annotations

import mailbox
import re
from collections.abc import Iterator
from contextlib import contextmanager
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from noroshi.drill.errors import DrillError
from noroshi.drill.invariants.office import read_office

_MEMORY = "1GB"


@contextmanager
def read_evidence(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection with the tables of the logs in a folder.

    Raises:
        DrillError: no log that the checks know is there, or one cannot be read.
    """
    with duckdb.connect(config={"memory_limit": _MEMORY, "threads": "2"}) as connection:
        for macro in _MACROS:
            connection.execute(macro)
        made = 0
        for pattern, statement in _TABLES:
            files = [str(path) for path in sorted(folder.glob(pattern))]
            if files:
                try:
                    connection.execute(statement, {"files": files})
                except duckdb.Error as error:
                    raise DrillError(f"{folder / pattern}: cannot be read: {error}") from error
                made += 1
                for view in _VIEWS.get(pattern, ()):
                    connection.execute(view)
        made += _mail(connection, folder) + read_office(connection, folder)
        if not made:
            raise DrillError(
                f"{folder}: no evidence to check; give the folder that drill generate wrote"
            )
        yield connection


def _micros(seconds: str) -> str:
    return f"cast(cast({seconds} as decimal(20, 6)) * 1000000 as bigint)"


_DATA = "coalesce(winlog.event_data, winlog.user_data)"


def _datum(*names: str) -> str:
    """SQL of the first of these fields of a Windows event that is there."""
    texts = ", ".join(f"{_DATA} ->> '{name}'" for name in names)
    return f"coalesce({texts})" if len(names) > 1 else f"({texts})"


_WIN = f"""
create table win as
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
from read_json($files, format='newline_delimited', maximum_object_size=16777216,
  columns={{'@timestamp': 'TIMESTAMP', 'winlog': 'STRUCT(channel VARCHAR, computer_name VARCHAR,
    event_id VARCHAR, record_id BIGINT, event_data JSON, user_data JSON)'}})
"""

_ZEEK = "delim='\t', header=false, comment='#', nullstr='-', quote='', escape='', all_varchar=true"

_ZCONN = f"""
create table zconn as
select {_micros("column00")} as time, column01 as uid, column02 as src,
  cast(column03 as integer) as sport, column04 as dst, cast(column05 as integer) as dport,
  column06 as proto, column07 as service,
  cast(cast(column08 as decimal(20, 6)) * 1000000 as bigint) as duration,
  cast(column09 as bigint) as sent, cast(column10 as bigint) as received, column11 as state,
  cast(column16 as bigint) as out, cast(column18 as bigint) as back
from read_csv($files, {_ZEEK})
"""

_ZDNS = f"""
create table zdns as
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
create table proxy as
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
create table fw as
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
create table web as
select regexp_extract(line, '^(\S+)', 1) as src,
  epoch_us(strptime(regexp_extract(line, '\[([^\]]+)\]', 1), '%d/%b/%Y:%H:%M:%S %z')) as time,
  regexp_extract(line, '"(\S+) ', 1) as method, regexp_extract(line, '"\S+ (\S+)', 1) as path,
  cast(regexp_extract(line, '" (\d+) ', 1) as integer) as status
from {_LINES}
"""

_SSH = rf"""
create table ssh as
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
create table eve_flow as
select epoch_us(timestamp) as time, {_EVE_ENDS}, cast(flow ->> 'pkts_toserver' as bigint) as out,
  cast(flow ->> 'pkts_toclient' as bigint) as back,
  epoch_us(cast(flow ->> 'start' as timestamptz)) as first,
  epoch_us(cast(flow ->> 'end' as timestamptz)) as last
from {_EVE} where event_type = 'flow'
"""
_EVE_DNS = f"""
create table eve_dns as
select epoch_us(timestamp) as time, {_EVE_ENDS}, dns ->> 'type' as kind, dns ->> 'rrname' as name,
  cast(dns ->> 'id' as integer) as number
from {_EVE} where event_type = 'dns'
"""
_EVE_TLS = f"""
create table eve_tls as
select epoch_us(timestamp) as time, {_EVE_ENDS}, tls ->> 'sni' as name
from {_EVE} where event_type = 'tls'
"""

_TABLES = (
    ("windows/*.ndjson", _WIN),
    ("zeek/conn*.log", _ZCONN),
    ("zeek/dns*.log", _ZDNS),
    ("proxy/access*.log", _PROXY),
    ("firewall/*.log", _FW),
    ("www*/access*.log", _WEB),
    ("www*/auth*.log", _SSH),
    ("suricata/eve*.json", _EVE_FLOW),
    ("suricata/eve*.json", _EVE_DNS),
    ("suricata/eve*.json", _EVE_TLS),
)

_VIEWS = {
    "windows/*.ndjson": (
        "create view starts as select * from win where id = 1",
        "create view ends as select * from win where id = 5",
        "create view acts as select * from win "
        "where id in (3, 7, 8, 10, 11, 12, 13, 15, 22, 23) and guid is not null",
        "create view logons as select * from win where id = 4624",
        "create view logoffs as select * from win where id in (4634, 4647)",
        r"create view boots as select host, time from win where id = 1 "
        r"and image ilike '%\smss.exe'",
        "create view goings as select host, time from win where id = 4634 and logon_type = '2'",
        "create view uses as select * from win "
        "where id in (5140, 5145, 4697, 1102) and logon_id is not null",
    )
}
_MACROS = (
    # RFC 1918 and loopback.
    r"create macro inside(a) as "
    r"regexp_matches(a, '^(10|127|192\.168|172\.(1[6-9]|2[0-9]|3[01]))\.')",
    # RFC 5737 and RFC 2544.
    r"create macro documentation(a) as "
    r"regexp_matches(a, '^(192\.0\.2|198\.51\.100|203\.0\.113|198\.1[89]\.\d+)\.')",
)

_RECEIVED = re.compile(r"\[([0-9.]+)\]")
_MAIL = pa.schema(
    [
        ("id", pa.string()), ("sender", pa.string()), ("recipient", pa.string()),
        ("src", pa.string()), ("time", pa.int64()), ("sent", pa.int64()),
        ("attachment", pa.string()),
    ]
)  # fmt: skip


def _mail(connection: duckdb.DuckDBPyConnection, folder: Path) -> bool:
    """Make the table of messages, a row for each recipient and attachment."""
    paths = sorted(folder.glob("mail/*.mbox"))
    if not paths:
        return False
    rows = [row for path in paths for row in _messages(path)]
    table = pa.Table.from_pylist(rows, schema=_MAIL)
    connection.register("mail_rows", table)
    connection.execute("create table mail as select * from mail_rows")
    connection.unregister("mail_rows")
    return True


def _messages(path: Path) -> Iterator[dict[str, object]]:
    box = mailbox.mbox(path)
    try:
        for message in box:
            received = " ".join(str(message["Received"]).split())
            found = _RECEIVED.search(received)
            base = {
                "id": message["Message-ID"],
                "sender": str(message["Return-Path"]).strip("<>"),
                "src": found[1] if found else None,
                "time": _date(received.rpartition(";")[2]),
                "sent": _date(message["Date"]),
            }
            for _, recipient in getaddresses(message.get_all("To", [])):
                for name in _attachments(message) or [None]:
                    yield {**base, "recipient": recipient, "attachment": name}
    finally:
        box.close()


def _attachments(message: Message) -> list[str | None]:
    return [
        str(make_header(decode_header(part.get_filename() or "")))
        for part in message.walk()
        if part.get_content_disposition() == "attachment"
    ]


def _date(text: str | None) -> int | None:
    try:
        return int(parsedate_to_datetime((text or "").strip()).timestamp()) * 1_000_000
    except ValueError:
        return None
