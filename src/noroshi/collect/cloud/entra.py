"""Collector of Microsoft Entra and Azure logs: sign-ins, directory audit, activity, risk.

Sources: Microsoft Graph resources ``signIn``, ``directoryAudit`` and ``riskDetection``; Azure
Monitor "resource log schema" (``records`` with ``category`` and ``properties``); Log Analytics
tables ``SigninLogs``, ``AuditLogs``, ``AzureActivity``. Each has names of its own for the same
thing; every record carries Log Analytics' names beside its own, because rules use those.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from noroshi.collect.clock import any_time
from noroshi.collect.cloud.addresses import client_address
from noroshi.collect.cloud.expand import capitalised, opened
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
from noroshi.collect.record import BadRecord, Record, Value
from noroshi.collect.registry import collector
from noroshi.collect.shape import Shape
from noroshi.collect.syslog.shapes import Columns
from noroshi.model import EVENT_CLASSES, LogSource

_ACTOR = without(
    coalesce(
        "InitiatedBy.user.userPrincipalName", "InitiatedBy.app.displayName",
        "InitiatingUserOrApp", "Caller", "UserPrincipalName", "Identity",
    )
)  # fmt: skip
_TARGET = coalesce("TargetResources.userPrincipalName", "TargetResources.displayName")
_ADDRESS = coalesce("IpAddress", "IPAddress", "CallerIpAddress", "InitiatedBy.user.ipAddress")

_BASE: Columns = {
    "activity_name": coalesce("ActivityDisplayName", "OperationName"),
    "metadata_log_provider": coalesce("LoggedByService", "ResourceProviderValue"),
    "metadata_log_name": coalesce("Category", "Type"),
    "metadata_event_code": "ResultType",
    "status_id": per_value(
        lambda text: {"success": 1, "failure": 2}.get(text), "Outcome", pa.int64()
    ),
    "status_detail": coalesce("ResultDescription", "Status.failureReason", "ResultReason"),
    "actor_user_name": account_name(_ACTOR),
    "actor_user_domain": account_domain(_ACTOR),
    "actor_user_uid": coalesce("InitiatedBy.user.id", "InitiatedBy.app.servicePrincipalId"),
    "src_endpoint_ip": client_address(_ADDRESS),
}

_SIGN_IN: Columns = {
    **_BASE,
    "user_name": account_name("UserPrincipalName"),
    "user_domain": account_domain("UserPrincipalName"),
    "user_uid": "UserId",
    "actor_user_name": account_name("UserPrincipalName"),
    "actor_user_domain": account_domain("UserPrincipalName"),
    "actor_user_uid": "UserId",
    "src_endpoint_hostname": "DeviceDetail.displayName",
    "auth_protocol": coalesce("AuthenticationProtocol", "ClientAppUsed"),
    "service_name": coalesce("AppDisplayName", "ResourceDisplayName"),
    "session_uid": coalesce("SessionId", "CorrelationId"),
    "is_mfa": per_value(
        lambda text: text == "multiFactorAuthentication", "AuthenticationRequirement", pa.bool_()
    ),
}

_ACCOUNT: Columns = {
    **_BASE,
    "user_name": account_name(_TARGET),
    "user_domain": account_domain(_TARGET),
    "user_uid": "TargetResources.id",
}

_API: Columns = {
    **_BASE,
    "api_operation": coalesce("OperationName", "ActivityDisplayName"),
    "api_service_name": coalesce("LoggedByService", "ResourceProviderValue", "Category"),
    "api_request_uid": coalesce("CorrelationId", "Id"),
    "cloud_provider": constant("Microsoft"),
    "cloud_account_uid": coalesce("TenantId", "SubscriptionId"),
    "cloud_region": "Location",
    "resource_name": coalesce("TargetResources.displayName", "ResourceId"),
    "http_request_user_agent": "UserAgent",
}

_RISK: Columns = {
    **_BASE,
    "actor_user_name": account_name("UserPrincipalName"),
    "actor_user_domain": account_domain("UserPrincipalName"),
    "finding_info_uid": "Id",
    "finding_info_title": "RiskEventType",
    "finding_info_types": coalesce("DetectionTimingType", "RiskLevel"),
    "finding_info_analytic_uid": "RiskEventType",
    "message": "RiskDetail",
    "is_alert": constant(True),
}

_TIME = any_time(
    coalesce(
        "ActivityDateTime", "CreatedDateTime", "DetectedDateTime", "Time", "TimeGenerated",
        "EventTimestamp",
    )
)  # fmt: skip

_SHAPES = {
    kind: Shape(
        f"entra/{kind}", EVENT_CLASSES[class_name], LogSource("azure", services), _TIME, columns
    )
    for kind, class_name, services, columns in (
        ("signin", "authentication", ("signinlogs",), _SIGN_IN),
        ("account", "account_change", ("auditlogs",), _ACCOUNT),
        ("audit", "api_activity", ("auditlogs",), _API),
        ("pim", "api_activity", ("auditlogs", "pim"), _API),
        ("activity", "api_activity", ("activitylogs",), _API),
        ("risk", "detection_finding", ("riskdetection", "pim"), _RISK),
    )
}

_ACCOUNT_CATEGORIES = ("UserManagement", "GroupManagement", "RoleManagement")
_SIGN_IN_PROTOCOLS = {"ropc": "ROPC", "deviceCode": "Device Code"}
"""What rules call the protocol of a sign-in, in the field ``properties.message``."""


def sniff(head: Head) -> int:
    """A record of Graph, of diagnostic settings or of Log Analytics."""
    keys = {key[:1].upper() + key[1:] for key in head.json}
    inner = head.json.get("properties")
    if isinstance(inner, dict):
        keys |= {key[:1].upper() + key[1:] for key in inner}
    return 88 if _kind_of(keys) else 0


def _kind_of(keys: set[str]) -> str:
    if "RiskEventType" in keys:
        return "risk"
    if {"ActivityDisplayName", "TargetResources"} <= keys or {"InitiatedBy", "Category"} <= keys:
        return "audit"
    if "UserPrincipalName" in keys and (
        {"AppDisplayName", "ConditionalAccessStatus", "ResultType"} & keys
    ):
        return "signin"
    is_activity = {"OperationName", "ResourceId", "Category"} <= keys and (
        {"Caller", "Identity", "Authorization", "CallerIpAddress"} & keys
    )
    return "activity" if is_activity or "OperationNameValue" in keys else ""


@collector("entra", sniff=sniff)
def read_entra(evidence: Evidence) -> Iterator[Record | BadRecord]:
    """Yield the records."""
    for item in json_objects(evidence):
        if isinstance(item, BadRecord):
            yield item
            continue
        fields = opened(item[1])
        fields |= capitalised(fields)
        kind = _kind(fields)
        fields |= _taxonomy(fields, kind)
        yield Record(_SHAPES[kind], fields)


def _kind(fields: dict[str, Value]) -> str:
    # An object inside leaves only dotted names; its own name counts as well.
    kind = _kind_of({name.partition(".")[0] for name in fields}) or "activity"
    if kind != "audit":
        return kind
    if fields.get("LoggedByService") == "PIM":
        return "pim"
    return "account" if fields.get("Category") in _ACCOUNT_CATEGORIES else "audit"


def _taxonomy(fields: dict[str, Value], kind: str) -> dict[str, Value]:
    """Names that Sigma's Azure rules use, filled from whichever spelling the source has."""
    operation = fields.get("OperationName") or fields.get("ActivityDisplayName")
    result = fields.get("ResultType", fields.get("Status.errorCode"))
    outcome = _outcome(fields, result, kind)
    extra: dict[str, Value] = {
        "operationName": fields.get("operationName", operation),
        "OperationName": operation,
        "ResultType": result,
        "resultType": fields.get("resultType", result),
        "ResultDescription": fields.get("ResultDescription") or fields.get("Status.failureReason"),
        "Outcome": outcome,
        "userAgent": fields.get("userAgent", fields.get("UserAgent")),
        "category": fields.get("category", fields.get("Category")),
    }
    if not isinstance(fields.get("Status"), str | list):
        extra["Status"] = outcome
    if kind == "signin":
        protocol = str(fields.get("AuthenticationProtocol") or "")
        message: Value = _SIGN_IN_PROTOCOLS.get(protocol)
    else:
        message = fields.get("ActivityDisplayName") or operation
    extra["properties.message"] = fields.get("properties.message", message)
    return extra


def _outcome(fields: dict[str, Value], result: Value, kind: str) -> str | None:
    if kind == "signin":
        return None if result is None else "success" if str(result) == "0" else "failure"
    said = fields.get("Result", fields.get("ResultType", fields.get("ActivityStatusValue")))
    word = str(said or "").lower()
    if word.startswith(("succ", "accept")) or word == "0":
        return "success"
    return "failure" if word.startswith("fail") else None
