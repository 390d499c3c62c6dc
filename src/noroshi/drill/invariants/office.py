"""More logs of a folder as tables: leases, tunnels, the cloud, the mail server, the help desk.

``lease`` (Windows' DHCP audit), ``vpn`` (gateway), ``radius``, ``signin`` and ``audit`` (cloud),
``mta`` (postfix), ``imap`` (dovecot), ``edr``, ``backup``, ``ticket``, ``object_access`` (4663),
``named`` (resolver), ``ops`` (operation log) and ``fgt`` (FortiGate traffic).
Times are µs since 1970 UTC; tables whose times name no zone are read as the town's own.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from noroshi.drill.clock import JST
from noroshi.drill.invariants.source import Row, Source

_BIG = 1_000_000


def _local(text: str, form: str = "%Y/%m/%d %H:%M:%S") -> int:
    return int(datetime.strptime(text, form).replace(tzinfo=JST).timestamp()) * _BIG


def _iso(text: str) -> int:
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return int(moment.timestamp() * 1000) * 1000


def _csv(path: Path, encoding: str) -> Iterator[Row]:
    yield from csv.DictReader(io.StringIO(path.read_text(encoding), newline=""))


def _leases(path: Path) -> Iterator[Row]:
    for line in path.read_text("cp932").splitlines():
        cells = line.split(",")
        if cells[0] in ("10", "11"):
            time = _local(f"{cells[1]} {cells[2]}", "%m/%d/%y %H:%M:%S")
            yield {"time": time, "ip": cells[4], "host": cells[5].partition(".")[0].upper(),
                   "mac": cells[6]}  # fmt: skip


_PAIR = re.compile(r'(\w+)=("[^"]*"|\S+)')


def _forti(path: Path) -> Iterator[Row]:
    for line in path.read_text("utf-8").splitlines():
        pairs = {name: value.strip('"') for name, value in _PAIR.findall(line)}
        yield {
            "time": int(pairs["eventtime"]) // 1000, "action": pairs["action"],
            "number": int(pairs.get("tunnelid", 0)), "who": pairs.get("user"),
            "remote": pairs.get("remip"), "ip": pairs.get("tunnelip"),
            "duration": int(pairs.get("duration", 0)), "sent": int(pairs.get("sentbyte", 0)),
            "received": int(pairs.get("rcvdbyte", 0)), "src": pairs.get("srcip"),
            "sport": int(pairs.get("srcport", 0)), "dst": pairs.get("dstip"),
            "dport": int(pairs.get("dstport", 0)), "snat": pairs.get("transip"),
            "dnat": pairs.get("tranip"),
        }  # fmt: skip


def _radius(path: Path) -> Iterator[Row]:
    for block in path.read_text("utf-8").split("\n\n"):
        found = dict(re.findall(r"^\t([\w-]+) = \"?([^\"\n]*)\"?$", block, re.MULTILINE))
        if "Timestamp" in found:
            yield {
                "time": int(found["Timestamp"]) * _BIG, "status": found["Acct-Status-Type"],
                "number": int(found["Acct-Session-Id"], 16), "who": found["User-Name"],
                "remote": found.get("Calling-Station-Id"), "ip": found["Framed-IP-Address"],
                "elapsed": int(found.get("Acct-Session-Time", 0)),
            }  # fmt: skip


def _json(path: Path) -> Iterator[Row]:
    for line in path.read_text("utf-8").splitlines():
        yield json.loads(line)


def _sign_ins(path: Path) -> Iterator[Row]:
    for row in _json(path):
        yield {"time": _iso(row["createdDateTime"]), "src": row["ipAddress"],
               "who": row["userPrincipalName"].partition("@")[0],
               "error": row["status"]["errorCode"]}  # fmt: skip


def _audit(path: Path) -> Iterator[Row]:
    for row in _json(path):
        yield {"time": _iso(row["CreationTime"] + "Z"), "operation": row["Operation"],
               "who": row["UserId"].partition("@")[0], "src": row["ClientIP"]}  # fmt: skip


def _edr(path: Path) -> Iterator[Row]:
    for row in _json(path):
        process = row["process"]
        yield {"time": _iso(row["timestamp"]), "host": row["hostname"].partition(".")[0].upper(),
               "ip": row["host_ip"], "guid": "{" + process["guid"] + "}", "pid": process["pid"],
               "image": process["path"]}  # fmt: skip


_SYSLOG = re.compile(r"(\w{3} [ \d]\d [\d:]{8}) \S+ ([\w/-]+)(?:\[\d+\])?: (.*)")


def _syslog(path: Path) -> Iterator[tuple[int, str, str]]:
    """Yield time, program and text; the year is that of the file's name or the folder's logs."""
    dated = re.search(r"(20\d\d)[01]\d[0-3]\d", path.name)
    year = dated[1] if dated else _year(path.parent.parent)
    for line in path.read_text("utf-8").splitlines():
        if found := _SYSLOG.match(line):
            yield _local(f"{year} {found[1]}", "%Y %b %d %H:%M:%S"), found[2], found[3]


def _year(folder: Path) -> str:
    for path in sorted(folder.glob("*/*")):
        with path.open("rb") as file:
            found = re.search(rb"(20\d\d)[-/][01]\d[-/]", file.read(65_536))
        if found:
            return found[1].decode()
    return "1970"


_QUEUED = re.compile(r"(\w{6,32}): (.*)")


def _mta(path: Path) -> Iterator[Row]:
    messages: dict[str, Row] = {}
    for time, _, text in _syslog(path):
        found = _QUEUED.match(text)
        if found is None or found[1] == "NOQUEUE":
            continue
        row = messages.setdefault(found[1], {"queue": found[1], "time": time})
        said = found[2]
        if client := re.match(r"client=[^\[]*\[([^\]]+)\]", said):
            row["src"] = client[1]
        elif said.startswith("message-id="):
            row["id"] = said.partition("=")[2]
        elif sender := re.match(r"from=<([^>]*)>", said):
            row["sender"] = sender[1]
        elif sent := re.match(r"to=<([^>]*)>.* status=(\w+)", said):
            yield {**row, "recipient": sent[1], "status": sent[2], "time": time}


def _imap(path: Path) -> Iterator[Row]:
    pattern = re.compile(r"imap-login: (\w+).*?user=<([^>]*)>.* rip=([^,]+), lip=([^,]+)")
    for time, program, text in _syslog(path):
        if program == "dovecot" and (found := pattern.match(text)):
            yield {"time": time, "result": found[1], "who": found[2], "src": found[3],
                   "dst": found[4]}  # fmt: skip


def _named(path: Path) -> Iterator[Row]:
    pattern = re.compile(r"client \S+ ([\d.]+)#(\d+) \(\S+\): query: (\S+) IN (\w+)")
    for time, _, text in _syslog(path):
        if found := pattern.match(text):
            yield {"time": time, "src": found[1], "sport": int(found[2]), "name": found[3],
                   "kind": found[4]}  # fmt: skip


def _backup(path: Path) -> Iterator[Row]:
    for row in _csv(path, "utf-8"):
        text = row["メッセージ"]
        source = re.search(r"対象: \\\\(\w+)", text)
        yield {"time": _local(row["日時"]), "job": row["ジョブ名"], "level": row["レベル"],
               "text": text, "source": source[1] if source else None}  # fmt: skip


def _tickets(path: Path) -> Iterator[Row]:
    for row in _csv(path, "utf-8-sig"):
        yield {
            "id": row["受付番号"], "time": _local(row["受付日時"]), "channel": row["受付方法"],
            "host": row["端末名"], "category": row["分類"], "state": row["状態"],
            "closed": _local(row["完了日時"]) if row["完了日時"] else None,
        }  # fmt: skip


def _objects(path: Path) -> Iterator[Row]:
    pattern = re.compile(
        r"SystemTime='([^']+)'.*<Computer>([^<]+)<.*\"SubjectLogonId\">([^<]+)<"
        r".*\"ObjectName\">([^<]+)<"
    )
    for found in pattern.finditer(path.read_text("utf-8")):
        yield {"time": _iso(found[1][:23] + "Z"), "host": found[2].partition(".")[0].upper(),
               "logon_id": found[3], "name": found[4]}  # fmt: skip


def _operations(path: Path) -> Iterator[Row]:
    for row in _csv(path, "cp932"):
        yield {
            "time": _local(row["日時"]), "host": row["端末名"], "ip": row["IPアドレス"],
            "who": row["ログインユーザー"], "action": row["操作種別"], "target": row["対象"],
        }  # fmt: skip


_VPN = "time action number who remote ip duration sent received"
_LOGS: tuple[tuple[str, str, str, Callable[[Path], Iterator[Row]]], ...] = (
    ("lease", "dhcp/DhcpSrvLog*.log", "time ip host mac", _leases),
    ("vpn", "vpn/*.log", _VPN, _forti),
    ("fgt", "fortigate/*.log", "time action src sport dst dport snat dnat sent received", _forti),
    ("radius", "radius/detail*", "time status number who remote ip elapsed", _radius),
    ("signin", "cloud/signins*.json", "time who src error", _sign_ins),
    ("audit", "cloud/unified-audit*.json", "time who src operation", _audit),
    ("edr", "edr/alerts*.json", "time host ip guid pid image", _edr),
    ("mta", "mail/mail*.log", "time queue id sender recipient src status", _mta),
    ("imap", "mail/mail*.log", "time result who src dst", _imap),
    ("named", "dns/named*.log", "time src sport name kind", _named),
    ("backup", "backup/*.csv", "time job level text source", _backup),
    ("ticket", "helpdesk/tickets*.csv", "id time channel host category state closed", _tickets),
    ("object_access", "windows/*.xml", "time host logon_id name", _objects),
    ("ops", "operation-log/*.csv", "time host ip who action target", _operations),
)
OFFICE = tuple(
    Source(name, pattern, columns=columns, rows=rows) for name, pattern, columns, rows in _LOGS
)
