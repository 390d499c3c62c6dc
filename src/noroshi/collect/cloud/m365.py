"""Collector of the Microsoft 365 unified audit log.

Source: Microsoft "Office 365 Management Activity API schema". Comes as the API's JSON, as
``Search-UnifiedAuditLog`` gives it (the record as JSON text in ``AuditData``), as the portal's CSV
export (the same column), and as Log Analytics' ``OfficeActivity``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from noroshi.collect.clock import any_time
from noroshi.collect.cloud.addresses import client_address
from noroshi.collect.cloud.expand import opened
from noroshi.collect.decoding import load_json
from noroshi.collect.delimited import csv_rows
from noroshi.collect.evidence import Evidence, Head
from noroshi.collect.json_objects import json_objects
from noroshi.collect.mapping import (
    account_domain,
    account_name,
    coalesce,
    constant,
    per_value,
    without,
)
from noroshi.collect.record import EXCERPT_BYTES, BadRecord, Record, Value
from noroshi.collect.registry import collector
from noroshi.collect.shape import Shape
from noroshi.collect.syslog.shapes import Columns
from noroshi.model import EVENT_CLASSES, LogSource

_TIME = any_time(coalesce("CreationTime", "CreationDate", "TimeGenerated"))
_USER = coalesce("UserId", "UserIds", "UserKey")

_BASE: Columns = {
    "activity_name": "Operation",
    "metadata_log_provider": "Workload",
    "metadata_log_name": constant("m365"),
    "metadata_event_code": coalesce("RecordType", "Operation"),
    "status_id": per_value(
        lambda text: {"success": 1, "failure": 2}.get(text), "status", pa.int64()
    ),
    "status_detail": coalesce("LogonError", "ErrorNumber", "ResultStatus"),
    "actor_user_name": account_name(without(_USER)),
    "actor_user_domain": account_domain(without(_USER)),
    "actor_user_uid": coalesce("UserKey", "LogonUserSid"),
    "actor_session_uid": coalesce("SessionId", "AppAccessContext.AADSessionId"),
    "src_endpoint_ip": client_address(
        coalesce("ClientIP", "ClientIPAddress", "ActorIpAddress", "Client_IPAddress")
    ),
}

_API: Columns = {
    **_BASE,
    "user_name": account_name(coalesce("MailboxOwnerUPN", "TargetUserOrGroupName")),
    "user_domain": account_domain(coalesce("MailboxOwnerUPN", "TargetUserOrGroupName")),
    "api_operation": "Operation",
    "api_service_name": "Workload",
    "api_request_uid": coalesce("Id", "OfficeId", "SourceRecordId"),
    "api_response_error": "ErrorNumber",
    "cloud_provider": constant("Microsoft"),
    "cloud_account_uid": "OrganizationId",
    "resource_name": coalesce("ObjectId", "SourceFileName", "MailboxOwnerUPN"),
    "http_request_user_agent": coalesce("UserAgent", "ClientInfoString"),
}

_LOGIN: Columns = {
    **_BASE,
    "user_name": account_name(without(_USER)),
    "user_domain": account_domain(without(_USER)),
    "user_uid": "UserKey",
    "auth_protocol": coalesce("ExtendedProperties.Value", constant("OAuth2")),
    "service_name": coalesce("ApplicationId", "Workload"),
}

_ACCOUNT: Columns = {
    **_BASE,
    "user_name": account_name("ObjectId"),
    "user_domain": account_domain("ObjectId"),
    "group_name": "Role.DisplayName",
}

_ALERT: Columns = {
    **_BASE,
    "finding_info_uid": coalesce("AlertId", "Id"),
    "finding_info_title": coalesce("Name", "Operation"),
    "finding_info_types": "Category",
    "finding_info_analytic_uid": coalesce("PolicyId", "Name"),
    "message": "Comments",
    "is_alert": constant(True),
}

_WORKLOADS: dict[str, tuple[str, ...]] = {
    "Exchange": ("audit", "exchange"),
    "SecurityComplianceCenter": ("audit", "threat_management", "threat_detection"),
    "ThreatIntelligence": ("audit", "threat_management", "threat_detection"),
    "": ("audit",),
}
_KINDS: dict[str, tuple[str, Columns]] = {
    "api": ("api_activity", _API),
    "login": ("authentication", _LOGIN),
    "account": ("account_change", _ACCOUNT),
    "alert": ("detection_finding", _ALERT),
}
_SHAPES = {
    (kind, workload): Shape(
        f"m365/{workload or 'other'}/{kind}",
        EVENT_CLASSES[class_name],
        LogSource("m365", services),
        _TIME,
        columns,
    )
    for kind, (class_name, columns) in _KINDS.items()
    for workload, services in _WORKLOADS.items()
}

_ACCOUNT_OPERATIONS = (
    "Add user.", "Update user.", "Delete user.", "Add member to role.", "Add member to group.",
    "Remove member from role.", "Remove member from group.", "Change user password.",
    "Reset user password.", "Disable account.", "Enable account.", "Disable Strong Authentication.",
)  # fmt: skip
_SUCCESS = frozenset({"success", "succeeded", "true", "partiallysucceeded"})
_FAILURE = frozenset({"failed", "failure", "false"})


def sniff(head: Head) -> int:
    """A record with an operation and a workload, or with the record inside ``AuditData``."""
    record = head.json
    if "AuditData" in record and isinstance(record["AuditData"], str | dict):
        return 90
    if "Operation" in record and ({"Workload", "OfficeWorkload"} & record.keys()):
        return 90
    first = head.lines[0] if head.lines else ""
    return 90 if "AuditData" in first and first.count(",") > 1 and "{" not in first else 0


@collector("m365", sniff=sniff)
def read_m365(evidence: Evidence) -> Iterator[Record | BadRecord]:
    """Yield the audit records."""
    for item in _records(evidence):
        if isinstance(item, BadRecord):
            yield item
            continue
        fields = opened(item)
        workload = str(fields.get("Workload") or fields.get("OfficeWorkload") or "")
        fields["Workload"] = workload or None
        fields |= _management(fields, workload)
        kind = _kind(fields)
        yield Record(_SHAPES[kind, workload if workload in _WORKLOADS else ""], fields)


def _records(evidence: Evidence) -> Iterator[dict[str, Any] | BadRecord]:
    start = evidence.head().data.lstrip()[:1]
    rows = json_objects(evidence) if start in (b"{", b"[") else csv_rows(evidence)
    for item in rows:
        if isinstance(item, BadRecord):
            yield item
            continue
        offset, outer = item
        inner: Any = outer.get("AuditData")
        if isinstance(inner, str):
            try:
                inner = load_json(inner.encode("utf-8", "replace"))
            except ValueError as error:
                excerpt = inner.encode("utf-8", "replace")[:EXCERPT_BYTES]
                yield BadRecord(offset, f"AuditData is not JSON: {error}", excerpt)
                continue
        if isinstance(inner, dict):
            shell = {key: value for key, value in outer.items() if key != "AuditData"}
            yield shell | inner
        else:
            yield outer


def _management(fields: dict[str, Value], workload: str) -> dict[str, Value]:
    """Names under which Sigma's threat-management rules ask for the same record."""
    result = str(fields.get("ResultStatus") or "success").lower()
    outcome = "success" if result in _SUCCESS else "failure" if result in _FAILURE else result
    if fields.get("Operation") == "UserLoginFailed":
        outcome = "failure"
    return {
        "eventSource": workload or None,
        "eventName": fields.get("Name") or fields.get("Operation"),
        "status": outcome,
    }


def _kind(fields: dict[str, Value]) -> str:
    operation = fields.get("Operation")
    if operation in ("UserLoggedIn", "UserLoginFailed", "MailboxLogin"):
        return "login"
    if operation in _ACCOUNT_OPERATIONS:
        return "account"
    return "alert" if str(operation).startswith(("Alert", "TIMail", "TIUrl")) else "api"
