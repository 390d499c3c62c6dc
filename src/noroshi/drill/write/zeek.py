"""Zeek's ``conn.log`` and ``dns.log`` as tab-separated text.

The sensor sits behind the firewall: it sees inside addresses, and nothing that the firewall drops
on its outer side. Source: Zeek documentation, "Zeek log formats", ``Conn::Info``, ``DNS::Info``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta

from noroshi.drill.clock import JST, at, local
from noroshi.drill.event import Event, Flow, Resolved
from noroshi.drill.write.sheet import Sheet
from noroshi.drill.write.wire import Ends, inside, packets, seen_inside

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
        if isinstance(event, Flow):
            ends = seen_inside(event)
            if ends:
                conn.line(_connection(event, ends), event.step)
        elif isinstance(event, Resolved) and event.host.ip != event.server:
            began = _ends_of_query(event)
            conn.line(began + _query_connection(event), event.step)
            dns.line(began + _query(event), event.step)
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


def _connection(flow: Flow, ends: Ends) -> str:
    source, target = ends
    out, back = packets(flow)
    seconds, micro = divmod(flow.time, 1_000_000)
    began = (
        f"{seconds}.{micro:06d}\t{flow.uid}\t{source}\t{flow.sport}\t"
        f"{target}\t{flow.dport}\t{flow.protocol}"
    )
    sides = f"{'T' if inside(source) else 'F'}\t{'T' if inside(target) else 'F'}\t0"
    if not flow.allowed:
        return f"{began}\t-\t-\t-\t-\tS0\t{sides}\tS\t{out}\t{40 * out}\t{back}\t{40 * back}\t-"
    sent, received = flow.sent, flow.received
    return (
        f"{began}\t{flow.service}\t{flow.duration / 1_000_000:.6f}\t{sent}\t{received}\tSF\t"
        f"{sides}\tShADadFf\t{out}\t{sent + 40 * out}\t{back}\t{received + 40 * back}\t-"
    )


def _ends_of_query(event: Resolved) -> str:
    seconds, micro = divmod(event.time, 1_000_000)
    return (
        f"{seconds}.{micro:06d}\t{event.uid}\t{event.host.ip}\t{event.port}\t{event.server}\t"
        "53\tudp\t"
    )


def _query_connection(event: Resolved) -> str:
    asked, told = len(event.name) + 18, len(event.name) + 34
    return (
        f"dns\t{_rtt(event)}\t{asked}\t{told}\tSF\tT\tT\t0\tDd\t1\t{asked + 28}\t1\t{told + 28}\t-"
    )


def _query(event: Resolved) -> str:
    return (
        f"{event.number}\t{_rtt(event)}\t{event.name}\t1\tC_INTERNET\t1\t{event.kind}\t0\tNOERROR\t"
        f"F\tF\tT\tT\t0\t{event.answer}\t300.000000\tF"
    )


def _rtt(event: Resolved) -> str:
    return f"{(500 + event.number % 700) / 1_000_000:.6f}"
