"""How the fields of security products (CEF, LEEF, FortiGate) become event classes."""

from __future__ import annotations

import re
from functools import cache

import pyarrow as pa

from noroshi.collect.mapping import (
    Expression,
    account_domain,
    account_name,
    base_name,
    choice,
    coalesce,
    constant,
    integer,
    lower,
    per_value,
    without,
)
from noroshi.collect.shape import Shape
from noroshi.collect.syslog.shapes import LINE, TIME, Columns, address
from noroshi.collect.url_fields import domain, http_outcome, part
from noroshi.model import EVENT_CLASSES, LogSource

_PROTOCOLS = {"1": "icmp", "6": "tcp", "17": "udp", "47": "gre", "50": "esp", "58": "icmpv6"}
"""IANA protocol numbers that firewalls write instead of names."""

_NEGATIVE = ("den", "block", "drop", "reject", "fail", "reset", "prevent", "quarantine", "discard")
_POSITIVE = ("allow", "accept", "permit", "pass", "success", "built", "close", "login", "tunnel-up")


def outcome(text: str) -> int | None:
    """Return the OCSF status that a product's word for its action means, or None."""
    word = text.lower()
    if any(negative in word for negative in _NEGATIVE):
        return 2
    return 1 if word.startswith(_POSITIVE) else None


def severity(text: str) -> int:
    """Return the OCSF severity of a CEF or LEEF one: 0 … 10, or a word."""
    if text.isdecimal() and len(text) <= 3:
        number = int(text)
        return 1 if number <= 3 else 3 if number <= 6 else 4 if number <= 8 else 5
    return _WORDS.get(text.lower(), 0)


_WORDS = {
    "low": 2, "medium": 3, "high": 4, "very-high": 5, "critical": 5, "emergency": 6, "alert": 5,
    "error": 4, "warning": 3, "notice": 2, "information": 1, "informational": 1, "unknown": 0,
}  # fmt: skip

_ACTION = coalesce("act", "action", "policyAction")
_URL = coalesce("request", "url", "c-uri")
_SOURCE = coalesce("src", "srcip", "sourceAddress", "c6a2", "remip")
_TARGET = coalesce("dst", "dstip", "destinationAddress", "c6a3")
_USER = without(coalesce("suser", "usrName", "user", "srcUserName", "accountName"))

_BASE: Columns = {
    **LINE,
    "device_hostname": domain(coalesce("dvchost", "deviceExternalName", "devname", "hostname")),
    "device_ip": coalesce("dvc", address("hostname")),
    "metadata_log_provider": coalesce("deviceProduct", constant("FortiGate")),
    "metadata_log_name": coalesce("deviceEventCategory", "type", "deviceVendor"),
    "metadata_event_code": coalesce("deviceEventClassId", "logid"),
    "severity_id": per_value(severity, coalesce("cefSeverity", "sev", "level"), pa.int64()),
    "message": coalesce("name", "logdesc", "msg", "message"),
    "actor_user_name": account_name(_USER),
    "actor_user_domain": account_domain(_USER),
    "activity_name": coalesce("name", "logdesc", "deviceEventClassId"),
    "status_id": per_value(
        outcome, coalesce("outcome", "act", "action", "policyAction", "status"), pa.int64()
    ),
    "status_detail": coalesce("reason", "outcome"),
}

_ENDPOINTS: Columns = {
    "src_endpoint_ip": address(_SOURCE),
    "src_endpoint_port": integer(coalesce("spt", "srcPort", "srcport", "sourcePort")),
    "src_endpoint_hostname": domain(coalesce("shost", "srcHostName", "srcname")),
    "src_endpoint_mac": lower(coalesce("smac", "srcMAC", "srcmac")),
    "dst_endpoint_ip": address(_TARGET),
    "dst_endpoint_port": integer(coalesce("dpt", "dstPort", "dstport", "destinationPort")),
    "dst_endpoint_hostname": domain(
        coalesce("dhost", "dstHostName", "destinationDnsDomain", part("host", "c-uri"))
    ),
    "dst_endpoint_mac": lower(coalesce("dmac", "dstMAC")),
}

_CONNECTION: Columns = {
    **_ENDPOINTS,
    "connection_info_uid": coalesce("externalId", "sessionid", "sessionId"),
    "connection_info_protocol_name": per_value(
        lambda text: _PROTOCOLS.get(text, text.lower()), "proto"
    ),
    "connection_info_direction": choice(
        "deviceDirection", {"0": "inbound", "1": "outbound"}
    ),
    "app_name": lower(coalesce("app", "service")),
    "traffic_bytes_out": integer(coalesce("out", "srcBytes", "sentbyte", "bytesOut")),
    "traffic_bytes_in": integer(coalesce("in", "dstBytes", "rcvdbyte", "bytesIn")),
    "traffic_packets_out": integer(coalesce("sentpkt", "srcPackets")),
    "traffic_packets_in": integer(coalesce("rcvdpkt", "dstPackets")),
    "disposition": lower(_ACTION),
    "is_alert": per_value(lambda text: outcome(text) == 2 or None, _ACTION, pa.bool_()),
}  # fmt: skip


def _prefixed(name: str, *sources: str) -> Expression:
    """A hex digest of the right length out of fields that hold any kind of digest."""
    length = {"md5": 32, "sha1": 40, "sha256": 64}[name]

    def read(text: str) -> str | None:
        value = text.rpartition(":")[2].rpartition("=")[2].strip().lower()
        return value if len(value) == length and not value.strip("0123456789abcdef") else None

    return per_value(read, coalesce(*sources))


EVENT_COLUMNS: dict[str, Columns] = {
    "network_activity": {**_BASE, **_CONNECTION},
    "http_activity": {
        **_BASE,
        **_CONNECTION,
        "http_request_http_method": coalesce("requestMethod", "method", "httpmethod"),
        "http_request_url_url_string": _URL,
        "http_request_url_hostname": coalesce(part("host", "c-uri"), lower("cs-host")),
        "http_request_url_path": part("path", "c-uri"),
        "http_request_url_query_string": part("query", "c-uri"),
        "http_request_user_agent": coalesce("requestClientApplication", "agent", "userAgent"),
        "http_request_referrer": coalesce("requestContext", "referralurl"),
        "http_request_username": _USER,
        "http_response_code": integer(coalesce("sc-status", "httpStatus")),
        "status_id": coalesce(
            http_outcome("sc-status"), per_value(outcome, _ACTION, pa.int64())
        ),
    },
    "detection_finding": {
        **_BASE,
        **_CONNECTION,
        "finding_info_uid": coalesce("externalId", "eventid"),
        "finding_info_title": coalesce("name", "attack", "virus", "logdesc"),
        "finding_info_types": coalesce("cat", "deviceEventCategory", "subtype"),
        "finding_info_analytic_uid": coalesce("deviceEventClassId", "attackid", "logid"),
        "finding_info_priority": integer(coalesce("cefSeverity", "sev")),
        "file_path": coalesce("filePath", "fname", "filename"),
        "file_name": base_name(coalesce("fname", "filename", "filePath")),
        "file_size": integer(coalesce("fsize", "filesize")),
        "file_hashes_md5": _prefixed("md5", "fileHash", "filehash"),
        "file_hashes_sha1": _prefixed("sha1", "fileHash", "filehash"),
        "file_hashes_sha256": _prefixed("sha256", "fileHash", "filehash"),
        "actor_process_name": base_name(coalesce("sproc", "processName")),
        "is_alert": constant(True),
    },
    "authentication": {
        **_BASE,
        **_ENDPOINTS,
        "user_name": account_name(
            without(coalesce("duser", "usrName", "user", "suser", "accountName"))
        ),
        "user_domain": account_domain(
            without(coalesce("duser", "usrName", "user", "suser", "accountName"))
        ),
        "auth_protocol": coalesce("authenticationMethod", "method"),
        "service_name": coalesce("app", "deviceProduct"),
    },
    "generic": {**_BASE, **_CONNECTION},
}  # fmt: skip

_ALERT = re.compile(
    r"(?i)threat|virus|malware|intrusion|\bips\b|attack|exploit|alert|detect|suspicious|trojan|"
    r"ransom|\bc2\b|spyware|botnet|vulnerab"
)
_LOGIN = re.compile(r"(?i)log[- ]?[oi]n|logged (?:on|in)|authenticat|sign[- ]?in|tunnel-up")
_PRODUCTS = {
    "fortinet": "fortigate", "palo alto networks": "paloalto", "cisco": "cisco",
    "check point": "checkpoint", "juniper": "juniper", "sonicwall": "sonicwall",
    "trend micro": "trendmicro", "sophos": "sophos", "zscaler": "zscaler", "f5": "f5",
    "microsoft": "windows", "barracuda": "barracuda", "watchguard": "watchguard",
}  # fmt: skip


def event_shape(fields: dict[str, str]) -> Shape:
    """Return the shape of a CEF or LEEF event by what it has and says."""
    said = " ".join(
        fields.get(key, "")[:128]
        for key in ("deviceEventClassId", "name", "cat", "deviceEventCategory")
    )
    has_target = bool(fields.get("dst")) or bool(fields.get("dpt") or fields.get("dstPort"))
    if _ALERT.search(said):
        kind = "detection_finding"
    elif fields.get("request") or fields.get("url"):
        kind = "http_activity"
    elif _LOGIN.search(said) and (
        fields.get("suser") or fields.get("duser") or fields.get("usrName")
    ):
        kind = "authentication"
    elif fields.get("src") and has_target:
        kind = "network_activity"
    else:
        kind = "generic"
    return _shape(_PRODUCTS.get(fields.get("deviceVendor", "").strip().lower(), ""), kind)


_CATEGORIES = {"network_activity": ("firewall",), "http_activity": ("proxy", "firewall")}


@cache
def _shape(product: str, class_name: str) -> Shape:
    return Shape(
        f"event/{product or 'other'}/{class_name}",
        EVENT_CLASSES[class_name],
        LogSource(product, ("cef", "leef", "syslog"), _CATEGORIES.get(class_name, ())),
        TIME,
        EVENT_COLUMNS[class_name],
    )
