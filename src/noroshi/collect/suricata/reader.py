"""Collector of Suricata's eve.json."""

from __future__ import annotations

from collections.abc import Iterator

from noroshi.collect.evidence import Evidence, Head
from noroshi.collect.flatten import flatten
from noroshi.collect.json_objects import json_objects
from noroshi.collect.record import BadRecord, Record, Value
from noroshi.collect.registry import collector
from noroshi.collect.suricata.shapes import shape_of
from noroshi.collect.url_fields import proxy_fields, webserver_query

MAX_TYPES = 256
"""Distinct event types taken from one source; a hostile one could name a new one every line."""


def sniff(head: Head) -> int:
    """An object with ``event_type``, ``timestamp`` and what only Suricata writes beside them."""
    record = head.json
    if not isinstance(record.get("event_type"), str) or "timestamp" not in record:
        return 0
    return 90 if record["event_type"] in record or {"flow_id", "src_ip"} & record.keys() else 40


@collector("suricata", sniff=sniff)
def read_suricata(evidence: Evidence) -> Iterator[Record | BadRecord]:
    """Yield the events."""
    types: set[str] = set()
    for item in json_objects(evidence):
        if isinstance(item, BadRecord):
            yield item
            continue
        event_type = item[1].get("event_type")
        if not isinstance(event_type, str) or (event_type not in types and len(types) >= MAX_TYPES):
            event_type = ""
        types.add(event_type)
        fields = flatten(item[1])
        fields["dst_ip"] = fields.get("dest_ip")
        if event_type == "dns":
            fields |= _dns(fields)
        elif event_type == "http":
            fields |= _http(fields)
        elif event_type in ("flow", "netflow"):
            fields["dst_port"] = fields.get("dest_port")
        yield Record(shape_of(event_type), fields)


def _dns(fields: dict[str, Value]) -> dict[str, Value]:
    """Name the question and the answers alike in all three layouts, as Sigma rules ask for them."""
    answers = fields.get("dns.answers.rdata", fields.get("dns.rdata"))
    grouped = [value for name, value in fields.items() if name.startswith("dns.grouped.")]
    if answers is None and grouped:
        answers = [
            item for value in grouped for item in (value if isinstance(value, list) else [value])
        ]
    return {
        "query": _first(fields.get("dns.rrname", fields.get("dns.queries.rrname"))),
        "record_type": _first(fields.get("dns.rrtype", fields.get("dns.queries.rrtype"))),
        "answer": answers,
    }


def _first(value: Value) -> Value:
    if isinstance(value, list):
        return value[0] if value else None
    return value


def _http(fields: dict[str, Value]) -> dict[str, Value]:
    path, host = str(fields.get("http.url") or ""), fields.get("http.hostname")
    url = f"http://{host}{path}" if host and path.startswith("/") else path
    web = proxy_fields(url)
    return web | {
        "cs-uri-stem": web["c-uri-stem"],
        "cs-uri-query": webserver_query(
            str(web["c-uri-stem"] or ""), str(web["c-uri-query"] or "")
        ),
        "cs-method": fields.get("http.http_method"),
        "c-useragent": fields.get("http.http_user_agent"),
        "cs-user-agent": fields.get("http.http_user_agent"),
        "cs-referer": fields.get("http.http_refer"),
        "sc-status": fields.get("http.status"),
    }
