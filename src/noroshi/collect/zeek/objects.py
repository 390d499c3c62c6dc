"""Zeek's JSON logs: which stream an object belongs to, and its fields under Zeek's own names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from noroshi.collect.flatten import flatten
from noroshi.collect.record import Value

_NAMED = ("_path", "@stream", "_stream")

_SIGNATURES: tuple[tuple[str, frozenset[str]], ...] = tuple(
    (stream, frozenset(fields.split()))
    for stream, fields in (
        ("conn", "conn_state proto"),
        ("dns", "trans_id qtype_name"),
        ("dns", "trans_id rcode"),
        ("dns", "trans_id rejected"),
        ("http", "trans_depth request_body_len"),
        ("http", "trans_depth response_body_len"),
        ("smtp", "trans_depth last_reply"),
        ("smtp", "trans_depth helo"),
        ("ssl", "established resumed"),
        ("ssl", "established version"),
        ("x509", "certificate.serial"),
        ("x509", "certificate_serial"),
        ("files", "fuid seen_bytes"),
        ("ssh", "auth_attempts"),
        ("ssh", "host_key_alg"),
        ("notice", "note suppress_for"),
        ("notice", "note msg actions"),
        ("weird", "name notice peer"),
        ("dhcp", "msg_types"),
        ("kerberos", "request_type client"),
        ("ntlm", "server_nb_computer_name"),
        ("ntlm", "domainname username"),
        ("rdp", "security_protocol"),
        ("smb_mapping", "share_type"),
        ("smb_files", "action times.modified"),
        ("dce_rpc", "endpoint operation"),
        ("ftp", "command reply_code"),
        ("software", "software_type"),
        ("tunnel", "tunnel_type"),
        ("pe", "compile_ts"),
        ("ntp", "stratum ref_id"),
        ("ocsp", "certStatus hashAlgorithm"),
        ("snmp", "community get_requests"),
        ("sip", "call_id request_from"),
        ("radius", "framed_addr username"),
    )
)
"""Fields that tell a stream that does not name itself; the first that fits counts."""

_OTHER_STREAMS = (
    "analyzer", "arp", "capture_loss", "conn-summary", "dpd", "known_certs", "known_hosts",
    "known_services", "ldap", "ldap_search", "loaded_scripts", "modbus", "mysql", "packet_filter",
    "reporter", "rfb", "stats", "syslog", "traceroute",
)  # fmt: skip
_STREAMS = sorted(
    {*(stream for stream, _ in _SIGNATURES), *_OTHER_STREAMS}, key=lambda name: (-len(name), name)
)
_ID = re.compile(r"id_(orig|resp)_([hp])")
_RECORD_PREFIXES = (
    ("certificate_", "certificate."),
    ("basic_constraints_", "basic_constraints."),
    ("san_", "san."),
    ("remote_location_", "remote_location."),
)


def stream_of(record: Mapping[str, Any], file_name: str = "") -> str:
    """Return the stream: as named, else by its fields, else by the file's name, else empty."""
    for key in _NAMED:
        named = record.get(key)
        if isinstance(named, str):
            return named
    keys = record.keys()
    for stream, needed in _SIGNATURES:
        if needed <= keys:
            return stream
    return _stream_of_name(file_name)


def is_zeek(record: Mapping[str, Any]) -> bool:
    """Tell whether an object is a Zeek record."""
    if "ts" not in record:
        return False
    if any(isinstance(record.get(key), str) for key in _NAMED):
        return True
    keys = record.keys()
    if "id.orig_h" in keys or "id_orig_h" in keys or {"uid", "id"} <= keys:
        return True
    return any(needed <= keys for _, needed in _SIGNATURES)


def fields_of(record: Mapping[str, Any]) -> dict[str, Value]:
    """Return the fields; writers that put ``_`` for the dot in a name get their dot back."""
    flat = flatten(record)
    if "id_orig_h" in flat or "certificate_serial" in flat or "san_dns" in flat:
        return {_with_dot(name): value for name, value in flat.items()}
    return flat


def _with_dot(name: str) -> str:
    if found := _ID.fullmatch(name):
        return f"id.{found[1]}_{found[2]}"
    for underscored, dotted in _RECORD_PREFIXES:
        if name.startswith(underscored):
            return dotted + name.removeprefix(underscored)
    return name


def _stream_of_name(file_name: str) -> str:
    stem = re.split(r"[/\\!]", file_name)[-1].lower().partition(".")[0]
    for stream in _STREAMS:
        if stem == stream or stem.endswith(("_" + stream, "-" + stream)):
            return stream
    return ""
