"""Zeek's ``conn.log`` and ``dns.log`` as tab-separated text.

The sensor sits behind the firewall: it sees inside addresses, and nothing that the firewall drops
on its outer side. Source: Zeek documentation, "Zeek log formats", ``Conn::Info``, ``DNS::Info``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import TypeAlias

from noroshi.drill.clock import JST, at, local
from noroshi.drill.event import Event, Flow, Resolved
from noroshi.drill.write.sheet import Sheet
from noroshi.drill.write.wire import inside, packets, seen_inside

_Value: TypeAlias = str | int | float | bool | None
_CONN = (
    ("ts", "time"), ("uid", "string"), ("id.orig_h", "addr"), ("id.orig_p", "port"),
    ("id.resp_h", "addr"), ("id.resp_p", "port"), ("proto", "enum"), ("service", "string"),
    ("duration", "interval"), ("orig_bytes", "count"), ("resp_bytes", "count"),
    ("conn_state", "string"), ("local_orig", "bool"), ("local_resp", "bool"),
    ("missed_bytes", "count"), ("history", "string"), ("orig_pkts", "count"),
    ("orig_ip_bytes", "count"), ("resp_pkts", "count"), ("resp_ip_bytes", "count"),
    ("tunnel_parents", "set[string]"),
)  # fmt: skip
_DNS = (
    ("ts", "time"), ("uid", "string"), ("id.orig_h", "addr"), ("id.orig_p", "port"),
    ("id.resp_h", "addr"), ("id.resp_p", "port"), ("proto", "enum"), ("trans_id", "count"),
    ("rtt", "interval"), ("query", "string"), ("qclass", "count"), ("qclass_name", "string"),
    ("qtype", "count"), ("qtype_name", "string"), ("rcode", "count"), ("rcode_name", "string"),
    ("AA", "bool"), ("TC", "bool"), ("RD", "bool"), ("RA", "bool"), ("Z", "count"),
    ("answers", "vector[string]"), ("TTLs", "vector[interval]"), ("rejected", "bool"),
)  # fmt: skip


def write_zeek(events: Iterable[Event]) -> tuple[Sheet, Sheet]:
    """Write connections and name queries in the order in which they began."""
    conn, dns = Sheet("zeek/conn.log"), Sheet("zeek/dns.log")
    found = list(events)
    date = local(found[0].time).date() if found else local(at(0)).date()
    begin = datetime.combine(date, time.min, JST)
    _head(conn, "conn", _CONN, begin)
    _head(dns, "dns", _DNS, begin)
    for event in found:
        if isinstance(event, Flow) and seen_inside(event):
            conn.line(_connection(event), event.step)
        elif isinstance(event, Resolved) and event.host.ip != event.server:
            conn.line(_row(_query_connection(event)), event.step)
            dns.line(_row(_query(event)), event.step)
    for sheet in (conn, dns):
        sheet.comment("#close\t" + _stamp(begin + timedelta(days=1)))
    return conn, dns


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d-%H-%M-%S")


def _head(sheet: Sheet, path: str, columns: Sequence[tuple[str, str]], begin: datetime) -> None:
    for line in (
        "#separator \\x09", "#set_separator\t,", "#empty_field\t(empty)", "#unset_field\t-",
        f"#path\t{path}", "#open\t" + _stamp(begin),
        "#fields\t" + "\t".join(name for name, _ in columns),
        "#types\t" + "\t".join(kind for _, kind in columns),
    ):  # fmt: skip
        sheet.comment(line)


def _connection(flow: Flow) -> str:
    local_from = inside(flow.source)
    target = flow.target if local_from else flow.nat or flow.target
    out, back = packets(flow)
    began = flow.time
    ends = (
        f"{began // 1_000_000}.{began % 1_000_000:06d}\t{flow.uid}\t{flow.source}\t{flow.sport}\t"
        f"{target}\t{flow.dport}\t{flow.protocol}"
    )
    sides = f"{'T' if local_from else 'F'}\t{'T' if inside(target) else 'F'}\t0"
    if not flow.allowed:
        return f"{ends}\t-\t-\t-\t-\tS0\t{sides}\tS\t{out}\t{40 * out}\t{back}\t{40 * back}\t-"
    return (
        f"{ends}\t{flow.service}\t{flow.duration / 1_000_000:.6f}\t{flow.sent}\t"
        f"{flow.received}\tSF\t{sides}\tShADadFf\t{out}\t{flow.sent + 40 * out}\t"
        f"{back}\t{flow.received + 40 * back}\t-"
    )


def _query_connection(event: Resolved) -> tuple[_Value, ...]:
    asked, told = len(event.name) + 18, len(event.name) + 34
    return (
        event.time, event.uid, event.host.ip, event.port, event.server, 53, "udp", "dns",
        _rtt(event), asked, told, "SF", True, True, 0, "Dd", 1, asked + 28, 1, told + 28, None,
    )  # fmt: skip


def _query(event: Resolved) -> tuple[_Value, ...]:
    return (
        event.time, event.uid, event.host.ip, event.port, event.server, 53, "udp", event.number,
        _rtt(event), event.name, 1, "C_INTERNET", 1, event.kind, 0, "NOERROR", False, False, True,
        True, 0, event.answer, 300.0, False,
    )  # fmt: skip


def _rtt(event: Resolved) -> float:
    return (500 + event.number % 700) / 1_000_000


def _row(values: tuple[_Value, ...]) -> str:
    began = values[0]
    assert isinstance(began, int)
    first = f"{began // 1_000_000}.{began % 1_000_000:06d}"
    return "\t".join((first, *(_text(value) for value in values[1:])))


def _text(value: _Value) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "T" if value else "F"
    return f"{value:.6f}" if isinstance(value, float) else str(value)
