"""The cloud tenant's logs: the unified audit log and the directory's sign-ins, an object a line.

Sources: Microsoft "Office 365 Management Activity API schema" (common schema, record types);
Microsoft Graph v1.0, resource ``signIn``.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

import orjson

from noroshi.drill.clock import utc
from noroshi.drill.event import Event
from noroshi.drill.kind.cloud import CloudAudited, SignedIn
from noroshi.drill.world import World
from noroshi.drill.write.sheet import Sheet

_SPACE = uuid.UUID("5d0f3c52-6a0c-5f0e-9a44-0b8f6a6d0001")
_RECORD_TYPES = {
    "SharePoint": 6, "OneDrive": 6, "Exchange": 1, "AzureActiveDirectory": 8, "MicrosoftTeams": 25,
}  # fmt: skip
_LOGGED_IN = 15
_REASONS = {
    50126: "Error validating credentials due to invalid username or password.",
    50074: "Strong Authentication is required.",
    50053: "The account is locked.",
    53003: "Access has been blocked by Conditional Access policies.",
}


def guid(*words: object) -> str:
    """Return a GUID that stands for some words, always the same."""
    return str(uuid.uuid5(_SPACE, "/".join(map(str, words))))


def write_audit_log(events: Iterable[Event], world: World) -> Sheet:
    """Write the unified audit log; sign-ins are in it too, under the directory's workload."""
    sheet = Sheet("cloud/unified-audit.json")
    for event in events:
        if isinstance(event, SignedIn):
            sheet.add(orjson.dumps(_signed_in(event, world.domain)).decode(), event.step)
        elif isinstance(event, CloudAudited):
            sheet.add(orjson.dumps(_audited(event, world.domain)).decode(), event.step)
    return sheet


def write_sign_ins(events: Iterable[Event], world: World) -> Sheet:
    """Write the directory's sign-in log."""
    names = {person.login: person.name for person in world.people}
    sheet = Sheet("cloud/signins.json")
    for event in events:
        if isinstance(event, SignedIn):
            sheet.add(orjson.dumps(_sign_in(event, names, world.domain)).decode(), event.step)
    return sheet


def _common(
    event: SignedIn | CloudAudited, operation: str, record: int, domain: str
) -> dict[str, Any]:
    return {
        "CreationTime": f"{utc(event.time):%Y-%m-%dT%H:%M:%S}",
        "Id": guid("audit", event.time, event.login, operation), "Operation": operation,
        "OrganizationId": guid("tenant"), "RecordType": record,
        "UserKey": guid("user", event.login), "UserType": 0, "Version": 1,
        "UserId": f"{event.login}@{domain}",
        "ClientIP": event.address,
    }  # fmt: skip


def _audited(event: CloudAudited, domain: str) -> dict[str, Any]:
    exchange = event.workload == "Exchange"
    return {
        **_common(event, event.operation, _RECORD_TYPES.get(event.workload, 6), domain),
        "ResultStatus": "True" if exchange else "Succeeded", "Workload": event.workload,
        **({"ObjectId": event.target} if event.target else {}), "UserAgent": event.agent,
        **event.details,
    }  # fmt: skip


def _signed_in(event: SignedIn, domain: str) -> dict[str, Any]:
    operation = "UserLoginFailed" if event.error else "UserLoggedIn"
    return {
        **_common(event, operation, _LOGGED_IN, domain), "Workload": "AzureActiveDirectory",
        "ResultStatus": "Failed" if event.error else "Success", "ActorIpAddress": event.address,
        "ObjectId": guid("application", event.application), "ErrorNumber": str(event.error),
        "ExtendedProperties": [
            {"Name": "UserAgent", "Value": event.agent},
            {"Name": "RequestType", "Value": "OAuth2:Authorize"},
        ],
        "ApplicationId": guid("application", event.application),
    }  # fmt: skip


def _sign_in(event: SignedIn, names: dict[str, str], domain: str) -> dict[str, Any]:
    moment = utc(event.time).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "id": guid("sign-in", event.time, event.login), "createdDateTime": moment,
        "userDisplayName": names.get(event.login, event.login),
        "userPrincipalName": f"{event.login}@{domain}", "userId": guid("user", event.login),
        "appId": guid("application", event.application), "appDisplayName": event.application,
        "ipAddress": event.address, "clientAppUsed": "Browser", "userAgent": event.agent,
        "correlationId": guid("correlation", event.time, event.login),
        "conditionalAccessStatus": "failure" if event.error == 53003 else "success",
        "isInteractive": True, "riskDetail": "none", "riskLevelAggregated": "none",
        "riskLevelDuringSignIn": "none", "riskState": "none", "riskEventTypes_v2": [],
        "resourceDisplayName": event.application, "resourceId": guid("resource", event.application),
        "authenticationProtocol": event.protocol or "none",
        "authenticationRequirement": "multiFactorAuthentication" if event.second_factor
        else "singleFactorAuthentication",
        "status": {
            "errorCode": event.error, "additionalDetails": None,
            "failureReason": _REASONS.get(event.error, "Other.") if event.error else "Other.",
        },
        "deviceDetail": {
            "deviceId": guid("device", event.device) if event.device else "",
            "displayName": event.device, "operatingSystem": "Windows10",
            "browser": "Edge 124.0.2478",
            "isCompliant": bool(event.device), "isManaged": bool(event.device),
            "trustType": "Hybrid Azure AD joined" if event.device else "",
        },
        "location": {
            "city": event.city, "state": event.city, "countryOrRegion": event.country,
            "geoCoordinates": {"altitude": None, "latitude": None, "longitude": None},
        },
    }  # fmt: skip
