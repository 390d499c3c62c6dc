"""Collector of AWS CloudTrail.

Source: AWS CloudTrail user guide, "CloudTrail record contents". Files hold ``{"Records": […]}``;
exports have one record a line.
"""

from __future__ import annotations

from collections.abc import Iterator

import orjson
import pyarrow as pa

from noroshi.collect.clock import any_time
from noroshi.collect.cloud.addresses import client_address, client_name
from noroshi.collect.evidence import Evidence, Head
from noroshi.collect.flatten import flatten
from noroshi.collect.json_objects import json_objects
from noroshi.collect.mapping import Fields, account_name, coalesce, constant, per_value, without
from noroshi.collect.record import BadRecord, Record
from noroshi.collect.registry import collector
from noroshi.collect.shape import Shape
from noroshi.collect.syslog.shapes import Columns
from noroshi.model import EVENT_CLASSES, LogSource

_AWS = LogSource("aws", ("cloudtrail",))
_TIME = any_time(coalesce("eventTime", "@timestamp"))
_WHOLE = ("requestParameters", "responseElements", "additionalEventData", "serviceEventDetails")
"""Objects that rules also search as a whole: kept as JSON text beside their flattened fields."""


def _status(fields: Fields) -> pa.Array:
    errors = fields.text("errorCode").to_pylist()
    logins = fields.text("responseElements.ConsoleLogin").to_pylist()
    both = zip(errors, logins, strict=True)
    return pa.array([2 if error or login == "Failure" else 1 for error, login in both], pa.int64())


_ACTOR = coalesce(
    "userIdentity.userName",
    "userIdentity.sessionContext.sessionIssuer.userName",
    "userIdentity.invokedBy",
    per_value(lambda arn: arn.rpartition("/")[2] or None, "userIdentity.arn"),
    "userIdentity.type",
)

_BASE: Columns = {
    "activity_name": "eventName",
    "metadata_log_provider": "eventSource",
    "metadata_log_name": constant("cloudtrail"),
    "metadata_event_code": "eventName",
    "message": "errorMessage",
    "status_id": _status,
    "status_detail": coalesce("errorCode", "responseElements.ConsoleLogin"),
    "actor_user_name": _ACTOR,
    "actor_user_domain": "userIdentity.accountId",
    "actor_user_uid": coalesce("userIdentity.arn", "userIdentity.principalId"),
    "actor_session_uid": "userIdentity.accessKeyId",
    "src_endpoint_ip": client_address("sourceIPAddress"),
    "src_endpoint_hostname": client_name("sourceIPAddress"),
}

_API: Columns = {
    **_BASE,
    "user_name": coalesce("requestParameters.userName", "requestParameters.user"),
    "dst_endpoint_hostname": "tlsDetails.clientProvidedHostHeader",
    "api_operation": "eventName",
    "api_service_name": "eventSource",
    "api_request_uid": coalesce("requestID", "eventID"),
    "api_response_error": "errorCode",
    "cloud_provider": constant("AWS"),
    "cloud_account_uid": coalesce("recipientAccountId", "userIdentity.accountId"),
    "cloud_region": "awsRegion",
    "resource_name": coalesce(
        "resources.ARN", "requestParameters.bucketName", "requestParameters.roleName",
        "requestParameters.groupName", "requestParameters.instanceId",
        "requestParameters.functionName", "requestParameters.keyId", "requestParameters.name",
    ),
    "http_request_user_agent": "userAgent",
}  # fmt: skip

_LOGIN: Columns = {
    **_BASE,
    "user_name": account_name(without(_ACTOR)),
    "user_domain": "userIdentity.accountId",
    "user_uid": "userIdentity.arn",
    "auth_protocol": constant("AWS console"),
    "service_name": "eventSource",
    "is_mfa": per_value(
        lambda text: text.lower() in ("yes", "true"), "additionalEventData.MFAUsed", pa.bool_()
    ),
}

_ACCOUNT: Columns = {
    **_BASE,
    "user_name": coalesce(
        "requestParameters.userName", "responseElements.user.userName", "requestParameters.roleName"
    ),
    "user_uid": coalesce("responseElements.user.arn", "responseElements.role.arn"),
    "group_name": "requestParameters.groupName",
}

_ACCOUNT_EVENTS = frozenset({
    "CreateUser", "DeleteUser", "UpdateUser", "CreateAccessKey", "DeleteAccessKey",
    "UpdateAccessKey", "CreateLoginProfile", "UpdateLoginProfile", "DeleteLoginProfile",
    "AddUserToGroup", "RemoveUserFromGroup", "CreateGroup", "DeleteGroup", "AttachUserPolicy",
    "DetachUserPolicy", "PutUserPolicy", "DeleteUserPolicy", "AttachGroupPolicy", "PutGroupPolicy",
    "CreateVirtualMFADevice", "DeactivateMFADevice", "EnableMFADevice", "DeleteVirtualMFADevice",
    "ChangePassword", "CreateServiceSpecificCredential",
})  # fmt: skip

API = Shape("cloudtrail/api", EVENT_CLASSES["api_activity"], _AWS, _TIME, _API)
LOGIN = Shape("cloudtrail/login", EVENT_CLASSES["authentication"], _AWS, _TIME, _LOGIN)
ACCOUNT = Shape("cloudtrail/account", EVENT_CLASSES["account_change"], _AWS, _TIME, _ACCOUNT)


def sniff(head: Head) -> int:
    """An object with an event name, an event source and who called."""
    record = head.json
    is_trail = {"eventName", "eventSource"} <= record.keys() and (
        "userIdentity" in record or "awsRegion" in record or "eventVersion" in record
    )
    return 90 if is_trail else 0


@collector("cloudtrail", sniff=sniff)
def read_cloudtrail(evidence: Evidence) -> Iterator[Record | BadRecord]:
    """Yield the events."""
    for item in json_objects(evidence):
        if isinstance(item, BadRecord):
            yield item
            continue
        record = item[1]
        fields = flatten(record)
        for name in _WHOLE:
            if isinstance(record.get(name), dict):
                fields[name] = orjson.dumps(record[name]).decode("utf-8", "replace")
        yield Record(_shape(record.get("eventName")), fields)


def _shape(name: object) -> Shape:
    if name == "ConsoleLogin":
        return LOGIN
    return ACCOUNT if isinstance(name, str) and name in _ACCOUNT_EVENTS else API
