"""Collector of Zeek logs."""

from __future__ import annotations

from collections.abc import Iterator

from noroshi.collect.evidence import Evidence, Head
from noroshi.collect.json_objects import json_objects
from noroshi.collect.record import BadRecord, Record, Value
from noroshi.collect.registry import collector
from noroshi.collect.url_fields import proxy_fields, webserver_query
from noroshi.collect.zeek.objects import fields_of, is_zeek, stream_of
from noroshi.collect.zeek.shapes import shape_of
from noroshi.collect.zeek.tabular import rows

MAX_STREAMS = 256
"""Distinct stream names taken from one source; a hostile one could name a new one every line."""


def sniff(head: Head) -> int:
    """A tab-separated header, or JSON objects with Zeek's own field names."""
    if head.data.lstrip().startswith((b"#separator ", b"#fields\tts\t")):
        return 95
    return 85 if is_zeek(head.json) else 0


@collector("zeek", sniff=sniff)
def read_zeek(evidence: Evidence) -> Iterator[Record | BadRecord]:
    """Yield the records of a Zeek log of either kind."""
    streams: set[str] = set()
    for item in _named(evidence):
        if isinstance(item, BadRecord):
            yield item
            continue
        stream, fields = item
        if stream not in streams and len(streams) >= MAX_STREAMS:
            stream = ""
        streams.add(stream)
        if alias := _ALIASES.get(stream):
            fields |= alias(fields)
        yield Record(shape_of(stream), fields)


def _named(evidence: Evidence) -> Iterator[tuple[str, dict[str, Value]] | BadRecord]:
    if evidence.head().data.lstrip().startswith(b"#"):
        yield from rows(evidence)
        return
    for item in json_objects(evidence):
        if isinstance(item, BadRecord):
            yield item
        else:
            yield stream_of(item[1], evidence.name), fields_of(item[1])


def _firewall(fields: dict[str, Value]) -> dict[str, Value]:
    return {
        "src_ip": fields.get("id.orig_h"),
        "src_port": fields.get("id.orig_p"),
        "dst_ip": fields.get("id.resp_h"),
        "dst_port": fields.get("id.resp_p"),
    }


def _dns(fields: dict[str, Value]) -> dict[str, Value]:
    return {"record_type": fields.get("qtype_name"), "answer": fields.get("answers")}


def _http(fields: dict[str, Value]) -> dict[str, Value]:
    uri, host = str(fields.get("uri") or ""), fields.get("host")
    url = f"http://{host}{uri}" if host and uri.startswith("/") else uri or str(host or "")
    web = proxy_fields(url)
    path, query = str(web["c-uri-stem"] or ""), str(web["c-uri-query"] or "")
    return web | {
        "cs-uri-stem": web["c-uri-stem"],
        "cs-uri-query": webserver_query(path, query),
        "cs-method": fields.get("method"),
        "c-useragent": fields.get("user_agent"),
        "cs-user-agent": fields.get("user_agent"),
        "cs-referer": fields.get("referrer"),
        "sc-status": fields.get("status_code"),
        "src_ip": fields.get("id.orig_h"),
        "dst_ip": fields.get("id.resp_h"),
    }


_ALIASES = {"conn": _firewall, "dns": _dns, "http": _http}
"""Fields repeated under the names that the Sigma taxonomy gives the stream's categories."""
