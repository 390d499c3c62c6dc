"""Shares and the filtering platform."""

from __future__ import annotations

from noroshi.collect.mapping import (
    base_name,
    choice,
    coalesce,
    constant,
    integer,
)
from noroshi.collect.windows.kind import Columns
from noroshi.collect.windows.security.parts import (
    FROM,
    SUBJECT,
    audit_kind,
)
from noroshi.collect.windows.values import (
    present,
    protocol,
)
from noroshi.model.classes.network import FILE_TRANSFER, NETWORK_ACTIVITY

_SHARE: Columns = {**SUBJECT, **FROM, "share": "ShareName"}
_FILTERED: Columns = {
    "src_endpoint_ip": "SourceAddress",
    "src_endpoint_port": integer("SourcePort"),
    "connection_info_protocol_name": protocol("Protocol"),
    "actor_process_pid": integer(coalesce("ProcessID", "ProcessId")),
    "actor_process_name": base_name(present("Application")),
    "actor_process_file_path": present("Application"),
}
_FLOW: Columns = {
    **_FILTERED,
    "dst_endpoint_ip": "DestAddress",
    "dst_endpoint_port": integer("DestPort"),
    "connection_info_direction": choice("Direction", {"%%14592": "inbound", "%%14593": "outbound"}),
}

NETWORK = [
    audit_kind(5140, FILE_TRANSFER, (14, "Open share"), _SHARE),
    audit_kind(5142, FILE_TRANSFER, (1, "Create share"), SUBJECT, {"share": "ShareName"}),
    audit_kind(
        5145,
        FILE_TRANSFER,
        (14, "Open"),
        _SHARE,
        {"file_path": "RelativeTargetName", "file_name": base_name("RelativeTargetName")},
    ),
    audit_kind(
        5156,
        NETWORK_ACTIVITY,
        (1, "Open"),
        _FLOW,
        {"disposition": constant("allowed")},
        categories=("network_connection",),
    ),
    audit_kind(
        5157,
        NETWORK_ACTIVITY,
        (5, "Refuse"),
        _FLOW,
        {"disposition": constant("blocked"), "is_alert": constant(value=True)},
    ),
    audit_kind(5158, NETWORK_ACTIVITY, (7, "Listen"), _FILTERED),
    audit_kind(5154, NETWORK_ACTIVITY, (7, "Listen"), _FILTERED),
]
