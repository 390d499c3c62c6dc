"""How Suricata's event types become event classes.

Source: the Suricata user guide, "EVE JSON Output" and "EVE JSON Format" (DNS logging of versions
1, 2 and 3 alike).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from noroshi.collect.clock import any_time
from noroshi.collect.mapping import (
    Expression,
    Fields,
    as_expression,
    base_name,
    boolean,
    choice,
    coalesce,
    constant,
    integer,
    lower,
    per_value,
    several,
    without,
)
from noroshi.collect.shape import Shape
from noroshi.collect.url_fields import domain, http_outcome
from noroshi.model import EVENT_CLASSES, LogSource

Columns = Mapping[str, Expression | str]


def _from_server(fields: Fields) -> pa.Array:
    """Rows whose ``src_ip`` is the responder: the record tells of a packet to the client.

    Records that give no direction are told by their ports: the source is a server's port that
    the record names (53 for DNS, the HTTP port), or well known while the other is not.
    """
    kind = fields.text("event_type")
    source = pc.fill_null(integer("src_port")(fields), 65535)
    target = pc.fill_null(integer("dest_port")(fields), 0)
    is_dns = pc.fill_null(pc.is_in(kind, pa.array(["dns"])), False)
    is_file = pc.fill_null(pc.is_in(kind, pa.array(["fileinfo"])), False)
    dns_answer = pc.and_(is_dns, pc.and_(pc.equal(source, 53), pc.not_equal(target, 53)))
    http_port = pc.fill_null(integer("http.http_port")(fields), -1)
    by_port = pc.or_(
        pc.equal(source, http_port), pc.and_(pc.less(source, 1024), pc.greater(target, 1023))
    )
    told = pc.fill_null(pc.equal(fields.text("direction"), "to_client"), False)
    return pc.or_(told, pc.or_(dns_answer, pc.and_(is_file, by_port)))


def _initiator(initiator: str, responder: str, in_flow: str) -> Expression:
    def run(fields: Fields) -> pa.Array:
        chosen = pc.if_else(_from_server(fields), fields.text(responder), fields.text(initiator))
        return pc.coalesce(fields.text(in_flow), chosen)

    return run


def _gap(start: str, end: str) -> Expression:
    first, last = any_time(start), any_time(end)
    return lambda fields: pc.subtract(last(fields), first(fields))


def _lists(*names: str) -> Expression:
    return lambda fields: pc.coalesce(*(fields.texts(name) for name in names))


def _lower_list(name: str) -> Expression:
    def run(fields: Fields) -> pa.Array:
        rows = fields.texts(name).to_pylist()
        found = [
            None if row is None else [(item or "").strip("<> ").lower() for item in row]
            for row in rows
        ]
        return pa.array(found, pa.list_(pa.string()))

    return run


def _mail(*names: str) -> Expression:
    return per_value(lambda text: text.rpartition("<")[2].strip("<> ").lower(), coalesce(*names))


_BASE: Columns = {
    "device_hostname": lower(without(coalesce("host", "sensor_name"))),
    "metadata_log_provider": constant("suricata"),
    "src_endpoint_ip": _initiator("src_ip", "dest_ip", "flow.src_ip"),
    "src_endpoint_port": integer(_initiator("src_port", "dest_port", "flow.src_port")),
    "dst_endpoint_ip": _initiator("dest_ip", "src_ip", "flow.dest_ip"),
    "dst_endpoint_port": integer(_initiator("dest_port", "src_port", "flow.dest_port")),
    "connection_info_uid": "flow_id",
    "connection_info_protocol_name": lower("proto"),
    "app_name": lower(without(as_expression("app_proto"), "failed", "unknown")),
}

_FLOW: Columns = {
    "traffic_bytes_out": integer("flow.bytes_toserver"),
    "traffic_bytes_in": integer("flow.bytes_toclient"),
    "traffic_packets_out": integer("flow.pkts_toserver"),
    "traffic_packets_in": integer("flow.pkts_toclient"),
}

_URL: Columns = {
    "http_request_http_method": "http.http_method",
    "http_request_url_url_string": "c-uri",
    "http_request_url_hostname": "cs-host",
    "http_request_url_path": "c-uri-stem",
    "http_request_url_query_string": "c-uri-query",
    "http_request_user_agent": "http.http_user_agent",
    "http_request_referrer": "http.http_refer",
    "http_request_version": "http.protocol",
    "http_response_code": integer("http.status"),
    "http_response_content_type": "http.http_content_type",
}

_TYPES: dict[str, tuple[str, tuple[str, ...], Columns]] = {
    "alert": (
        "detection_finding",
        (),
        {
            **_BASE,
            **_FLOW,
            "finding_info_uid": "flow_id",
            "finding_info_title": "alert.signature",
            "finding_info_types": "alert.category",
            "finding_info_analytic_uid": "alert.signature_id",
            "finding_info_attacks": _lists(
                "alert.metadata.mitre_technique_id", "alert.metadata.mitre_technique"
            ),
            "finding_info_priority": integer("alert.severity"),
            "severity_id": per_value(
                lambda level: {"1": 4, "2": 3, "3": 2}.get(level, 1), "alert.severity", pa.int64()
            ),
            "metadata_event_code": "alert.signature_id",
            "message": "alert.signature",
            "disposition": "alert.action",
            "is_alert": constant(True),
            "dst_endpoint_hostname": domain(coalesce("tls.sni", "http.hostname")),
        },
    ),
    "flow": (
        "network_activity",
        ("firewall", "network_connection"),
        {
            **_BASE,
            **_FLOW,
            "duration": _gap("flow.start", "flow.end"),
            "connection_info_state": coalesce("tcp.state", "flow.state"),
            "is_alert": boolean("flow.alerted"),
        },
    ),
    "netflow": (
        "network_activity",
        ("firewall", "network_connection"),
        {
            **_BASE,
            "traffic_bytes_out": integer("netflow.bytes"),
            "traffic_packets_out": integer("netflow.pkts"),
            "duration": _gap("netflow.start", "netflow.end"),
        },
    ),
    "dns": (
        "dns_activity",
        ("dns",),
        {
            **_BASE,
            "app_name": constant("dns"),
            "activity_name": choice(
                "dns.type",
                {
                    "query": "Query",
                    "request": "Query",
                    "answer": "Response",
                    "response": "Response",
                },
            ),
            "query_hostname": per_value(lambda name: name.rstrip(".").lower() or None, "query"),
            "query_type": "record_type",
            "rcode": "dns.rcode",
            "answers": several("answer"),
            "status_id": per_value(lambda c: 1 if c == "NOERROR" else 2, "dns.rcode", pa.int64()),
            "is_rejected": per_value(lambda code: code == "REFUSED", "dns.rcode", pa.bool_()),
        },
    ),
    "http": (
        "http_activity",
        ("proxy", "webserver"),
        {
            **_BASE,
            **_URL,
            "app_name": constant("http"),
            "activity_name": "http.http_method",
            "dst_endpoint_hostname": domain("http.hostname"),
            "traffic_bytes_in": integer("http.length"),
            "status_id": http_outcome("http.status"),
        },
    ),
    "tls": (
        "tls_activity",
        (),
        {
            **_BASE,
            "app_name": constant("tls"),
            "dst_endpoint_hostname": domain("tls.sni"),
            "tls_version": "tls.version",
            "tls_sni": lower("tls.sni"),
            "tls_ja3_hash_value": "tls.ja3.hash",
            "tls_ja3s_hash_value": "tls.ja3s.hash",
            "tls_ja4": "tls.ja4",
            "tls_certificate_subject": "tls.subject",
            "tls_certificate_issuer": "tls.issuerdn",
            "tls_certificate_serial_number": per_value(
                lambda text: text.replace(":", ""), "tls.serial"
            ),
            "tls_certificate_fingerprint": per_value(
                lambda text: text.replace(":", "").lower(), "tls.fingerprint"
            ),
            "tls_certificate_sans": several("tls.subjectaltname"),
            "tls_certificate_created_time": any_time("tls.notbefore"),
            "tls_certificate_expiration_time": any_time("tls.notafter"),
        },
    ),
    "fileinfo": (
        "file_transfer",
        (),
        {
            **_BASE,
            "file_path": "fileinfo.filename",
            "file_name": base_name("fileinfo.filename"),
            "file_size": integer("fileinfo.size"),
            "file_mime_type": coalesce("fileinfo.mimetype", "fileinfo.magic"),
            "file_hashes_md5": "fileinfo.md5",
            "file_hashes_sha1": "fileinfo.sha1",
            "file_hashes_sha256": "fileinfo.sha256",
            "dst_endpoint_hostname": domain("http.hostname"),
        },
    ),
    "smtp": (
        "email_activity",
        ("email",),
        {
            **_BASE,
            "app_name": constant("smtp"),
            "email_message_uid": "email.message_id",
            "email_from": _mail("email.from", "smtp.mail_from"),
            "email_to": _lower_list("smtp.rcpt_to"),
            "email_return_path": _mail("smtp.mail_from"),
            "email_subject": "email.subject",
            "email_urls": several("email.url"),
            "email_attachments": several("email.attachment"),
        },
    ),
    "ssh": (
        "ssh_activity",
        (),
        {
            **_BASE,
            "app_name": constant("ssh"),
            "client_version": "ssh.client.software_version",
            "server_version": "ssh.server.software_version",
            "hassh": "ssh.client.hassh.hash",
        },
    ),
    "anomaly": (
        "generic",
        (),
        {
            **_BASE,
            "metadata_event_code": "anomaly.event",
            "activity_name": "anomaly.type",
            "is_alert": constant(True),
        },
    ),
}

_STARTED = {"flow": any_time("flow.start"), "netflow": any_time("netflow.start")}
"""A flow is logged when it times out; it happened when it began."""


@cache
def shape_of(event_type: str) -> Shape:
    """Return the shape of an event type; those without a mapping of their own are generic."""
    class_name, categories, columns = _TYPES.get(event_type, ("generic", (), _BASE))
    written = any_time("timestamp")
    started = _STARTED.get(event_type, written)
    return Shape(
        f"suricata/{event_type or 'unknown'}",
        EVENT_CLASSES[class_name],
        LogSource("suricata", (event_type,) if event_type else (), categories),
        lambda fields: pc.coalesce(started(fields), written(fields)),
        {**columns, "metadata_log_name": constant(event_type or "unknown")},
    )
