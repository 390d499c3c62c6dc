"""How Zeek's streams become event classes.

The initiator is the connection's originator (``id.orig_h``), whoever of the two owns the network.
"""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parseaddr
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from noroshi.collect.clock import any_time
from noroshi.collect.mapping import (
    Expression,
    Fields,
    account_domain,
    account_name,
    base_name,
    boolean,
    choice,
    coalesce,
    constant,
    epoch_time,
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

_SENSOR: Columns = {
    "device_hostname": lower(without(coalesce("@system", "_system_name", "_node_name"))),
    "metadata_log_provider": constant("zeek"),
}

_ENDPOINTS: Columns = {
    **_SENSOR,
    "src_endpoint_ip": "id.orig_h",
    "src_endpoint_port": integer("id.orig_p"),
    "dst_endpoint_ip": "id.resp_h",
    "dst_endpoint_port": integer("id.resp_p"),
}

_CONNECTION: Columns = {
    **_ENDPOINTS,
    "connection_info_uid": "uid",
    "connection_info_protocol_name": lower("proto"),
}


def _mail(source: str) -> Expression:
    return per_value(mail_address, source)


def _mails(source: str) -> Expression:
    def run(fields: Fields) -> pa.Array:
        rows = fields.texts(source).to_pylist()
        found = [None if row is None else [mail_address(item) for item in row] for row in rows]
        return pa.array(found, pa.list_(pa.string()))

    return run


def mail_address(text: str) -> str | None:
    """Return the bare address in lower case, or None."""
    found = parseaddr(text[:1024])[1] or text[:1024]
    return found.strip("<> ").lower() or None


def _sender_or_receiver(when_from_originator: str, otherwise: str) -> Expression:
    def run(fields: Fields) -> pa.Array:
        from_originator = pc.fill_null(pc.equal(fields.text("is_orig"), "true"), False)
        return pc.if_else(
            from_originator, fields.text(when_from_originator), fields.text(otherwise)
        )

    return run


def _direction(fields: Fields) -> pa.Array:
    sides = zip(
        fields.text("local_orig").to_pylist(), fields.text("local_resp").to_pylist(), strict=True
    )
    return pa.array([_DIRECTIONS.get(pair) for pair in sides], pa.string())


_DIRECTIONS = {
    ("true", "false"): "outbound",
    ("false", "true"): "inbound",
    ("true", "true"): "internal",
    ("false", "false"): "external",
}


_HTTP: Columns = {
    **_CONNECTION,
    "connection_info_protocol_name": constant("tcp"),
    "app_name": constant("http"),
    "activity_name": "method",
    "http_request_http_method": "method",
    "http_request_url_url_string": "c-uri",
    "http_request_url_hostname": "cs-host",
    "http_request_url_path": "c-uri-stem",
    "http_request_url_query_string": "c-uri-query",
    "http_request_user_agent": "user_agent",
    "http_request_referrer": "referrer",
    "http_request_version": "version",
    "http_request_username": without("username"),
    "http_response_code": integer("status_code"),
    "http_response_content_type": "resp_mime_types",
    "status_id": http_outcome("status_code"),
    "status_detail": "status_msg",
    "dst_endpoint_hostname": domain("cs-host"),
    "traffic_bytes_out": integer("request_body_len"),
    "traffic_bytes_in": integer("response_body_len"),
}

_STREAMS: dict[str, tuple[str, tuple[str, ...], Columns]] = {
    "conn": (
        "network_activity",
        ("firewall", "network_connection"),
        {
            **_CONNECTION,
            "app_name": lower("service"),
            "traffic_bytes_out": integer("orig_bytes"),
            "traffic_bytes_in": integer("resp_bytes"),
            "traffic_packets_out": integer("orig_pkts"),
            "traffic_packets_in": integer("resp_pkts"),
            "duration": epoch_time("duration"),
            "connection_info_state": "conn_state",
            "connection_info_direction": _direction,
            "src_endpoint_mac": lower("orig_l2_addr"),
            "dst_endpoint_mac": lower("resp_l2_addr"),
        },
    ),
    "dns": (
        "dns_activity",
        ("dns",),
        {
            **_CONNECTION,
            "app_name": constant("dns"),
            "activity_name": constant("Query"),
            "query_hostname": per_value(lambda name: name.rstrip(".").lower() or None, "query"),
            "query_type": "qtype_name",
            "query_class": choice("qclass_name", {"C_INTERNET": "IN"}),
            "rcode": "rcode_name",
            "answers": several("answers"),
            "is_rejected": boolean("rejected"),
            "duration": epoch_time("rtt"),
            "status_id": per_value(lambda code: 1 if code == "0" else 2, "rcode", pa.int64()),
            "status_detail": "rcode_name",
        },
    ),
    "http": ("http_activity", ("proxy", "webserver"), _HTTP),
    "ssl": (
        "tls_activity",
        (),
        {
            **_CONNECTION,
            "connection_info_protocol_name": constant("tcp"),
            "app_name": constant("tls"),
            "dst_endpoint_hostname": domain("server_name"),
            "tls_version": "version",
            "tls_cipher": "cipher",
            "tls_sni": lower("server_name"),
            "tls_ja3_hash_value": "ja3",
            "tls_ja3s_hash_value": "ja3s",
            "tls_ja4": "ja4",
            "tls_certificate_subject": "subject",
            "tls_certificate_issuer": "issuer",
            "tls_certificate_fingerprint": coalesce("resp_certificate_sha1", "cert_chain_fps"),
            "tls_validation_status": "validation_status",
            "status_id": choice("established", {"true": 1, "false": 2}),
        },
    ),
    "x509": (
        "tls_activity",
        (),
        {
            **_SENSOR,
            "connection_info_uid": "id",
            "tls_certificate_subject": "certificate.subject",
            "tls_certificate_issuer": "certificate.issuer",
            "tls_certificate_serial_number": "certificate.serial",
            "tls_certificate_fingerprint": "fingerprint",
            "tls_certificate_sans": several("san.dns"),
            "tls_certificate_created_time": any_time("certificate.not_valid_before"),
            "tls_certificate_expiration_time": any_time("certificate.not_valid_after"),
        },
    ),
    "files": (
        "file_transfer",
        (),
        {
            **_SENSOR,
            "src_endpoint_ip": coalesce("id.orig_h", _sender_or_receiver("tx_hosts", "rx_hosts")),
            "src_endpoint_port": integer("id.orig_p"),
            "dst_endpoint_ip": coalesce("id.resp_h", _sender_or_receiver("rx_hosts", "tx_hosts")),
            "dst_endpoint_port": integer("id.resp_p"),
            "connection_info_uid": coalesce("conn_uids", "uid"),
            "app_name": lower("source"),
            "file_path": "filename",
            "file_name": base_name("filename"),
            "file_size": integer(coalesce("total_bytes", "seen_bytes")),
            "file_mime_type": "mime_type",
            "file_hashes_md5": "md5",
            "file_hashes_sha1": "sha1",
            "file_hashes_sha256": "sha256",
            "duration": epoch_time("duration"),
        },
    ),
    "smtp": (
        "email_activity",
        ("email",),
        {
            **_CONNECTION,
            "connection_info_protocol_name": constant("tcp"),
            "app_name": constant("smtp"),
            "email_message_uid": "msg_id",
            "email_from": coalesce(_mail("from"), _mail("mailfrom")),
            "email_to": _mails("rcptto"),
            "email_reply_to": _mail("reply_to"),
            "email_return_path": _mail("mailfrom"),
            "email_subject": "subject",
            "email_x_originating_ip": "x_originating_ip",
            "status_detail": "last_reply",
            "status_id": per_value(
                lambda reply: {"2": 1, "4": 2, "5": 2}.get(reply[:1]), "last_reply", pa.int64()
            ),
        },
    ),
    "ssh": (
        "ssh_activity",
        (),
        {
            **_CONNECTION,
            "connection_info_protocol_name": constant("tcp"),
            "connection_info_direction": lower("direction"),
            "app_name": constant("ssh"),
            "client_version": "client",
            "server_version": "server",
            "is_authenticated": boolean("auth_success"),
            "hassh": "hassh",
            "status_id": choice("auth_success", {"true": 1, "false": 2}),
        },
    ),
    "notice": (
        "detection_finding",
        (),
        {
            **_CONNECTION,
            "src_endpoint_ip": coalesce("src", "id.orig_h"),
            "dst_endpoint_ip": coalesce("dst", "id.resp_h"),
            "dst_endpoint_port": integer(coalesce("id.resp_p", "p")),
            "finding_info_title": "note",
            "finding_info_types": per_value(lambda note: note.partition("::")[0], "note"),
            "finding_info_analytic_uid": "note",
            "metadata_event_code": "note",
            "message": "msg",
            "file_mime_type": "file_mime_type",
            "file_name": "file_desc",
            "is_alert": constant(True),
        },
    ),
    "weird": (
        "generic",
        (),
        {**_CONNECTION, "metadata_event_code": "name", "message": "addl"},
    ),
    "kerberos": (
        "authentication",
        (),
        {
            **_ENDPOINTS,
            "auth_protocol": constant("Kerberos"),
            "user_name": per_value(lambda text: text.partition("/")[0] or None, "client"),
            "user_domain": per_value(lambda text: text.partition("/")[2] or None, "client"),
            "service_name": "service",
            "ticket_encryption_type": "cipher",
            "activity_name": "request_type",
            "status_id": choice("success", {"true": 1, "false": 2}),
            "status_detail": "error_msg",
        },
    ),
    "ntlm": (
        "authentication",
        (),
        {
            **_ENDPOINTS,
            "auth_protocol": constant("NTLM"),
            "user_name": without("username"),
            "user_domain": without("domainname"),
            "src_endpoint_hostname": lower(without("hostname")),
            "dst_endpoint_hostname": lower(
                coalesce("server_dns_computer_name", "server_nb_computer_name")
            ),
            "status_id": choice("success", {"true": 1, "false": 2}),
        },
    ),
    "rdp": (
        "authentication",
        (),
        {
            **_ENDPOINTS,
            "auth_protocol": "security_protocol",
            "logon_type_id": constant(10),
            "user_name": account_name(without("cookie")),
            "user_domain": account_domain(without("cookie")),
            "src_endpoint_hostname": lower(without("client_name")),
            "status_detail": "result",
        },
    ),
    "smb_files": (
        "file_transfer",
        (),
        {
            **_CONNECTION,
            "connection_info_protocol_name": constant("tcp"),
            "app_name": constant("smb"),
            "activity_name": "action",
            "share": "path",
            "file_path": "name",
            "file_name": base_name("name"),
            "file_size": integer("size"),
        },
    ),
}


@cache
def shape_of(stream: str) -> Shape:
    """Return the shape of a stream; those without a mapping of their own are generic."""
    class_name, categories, columns = _STREAMS.get(stream, ("generic", (), _CONNECTION))
    return Shape(
        f"zeek/{stream or 'unknown'}",
        EVENT_CLASSES[class_name],
        LogSource("zeek", (stream,) if stream else (), categories),
        any_time("ts"),
        {**columns, "metadata_log_name": constant(stream or "unknown")},
    )
