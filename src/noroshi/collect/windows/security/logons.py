"""Logons, logoffs and Kerberos tickets."""

from __future__ import annotations

from noroshi.collect.mapping import (
    account_name,
    constant,
    integer,
    lower,
)
from noroshi.collect.windows.kind import Columns
from noroshi.collect.windows.security.parts import (
    CALLER,
    FROM,
    SID,
    SUBJECT,
    TARGET_USER,
    audit_kind,
)
from noroshi.collect.windows.values import (
    address,
    first_present,
    present,
)
from noroshi.model.classes.identity import AUTHENTICATION

_TARGET_SID: Columns = {"user_uid": present("TargetUserSid")}
_WORKSTATION: Columns = {"src_endpoint_hostname": lower(present("WorkstationName"))}
_LOGON: Columns = {
    **SUBJECT,
    **TARGET_USER,
    **_TARGET_SID,
    **FROM,
    **_WORKSTATION,
    **CALLER,
    "logon_type_id": integer("LogonType"),
    "auth_protocol": "AuthenticationPackageName",
    "logon_process_name": "LogonProcessName",
}
_TICKET: Columns = {
    **TARGET_USER,
    **FROM,
    "service_name": "ServiceName",
    "auth_protocol": constant("Kerberos"),
}
_STATUS_CODE: Columns = {"status_detail": "Status"}
_ENCRYPTION: Columns = {"ticket_encryption_type": "TicketEncryptionType"}
_SESSION: Columns = {"session_uid": "TargetLogonId"}

LOGONS = [
    audit_kind(4624, AUTHENTICATION, (1, "Logon"), _LOGON, _SESSION),
    audit_kind(
        4625,
        AUTHENTICATION,
        (1, "Logon"),
        _LOGON,
        {"status_detail": first_present("SubStatus", "Status")},
    ),
    audit_kind(
        4627,
        AUTHENTICATION,
        (99, "Group membership"),
        SUBJECT,
        TARGET_USER,
        _TARGET_SID,
        _SESSION,
        {"logon_type_id": integer("LogonType"), "status_detail": "GroupMembership"},
    ),
    audit_kind(
        4634,
        AUTHENTICATION,
        (2, "Logoff"),
        TARGET_USER,
        _TARGET_SID,
        _SESSION,
        {"logon_type_id": integer("LogonType")},
    ),
    audit_kind(4647, AUTHENTICATION, (2, "Logoff"), TARGET_USER, _TARGET_SID, _SESSION),
    audit_kind(
        4648,
        AUTHENTICATION,
        (1, "Logon"),
        SUBJECT,
        TARGET_USER,
        FROM,
        CALLER,
        {
            "activity_name": constant("Logon with explicit credentials"),
            "dst_endpoint_hostname": lower(present("TargetServerName")),
            "service_name": present("TargetInfo"),
        },
    ),
    audit_kind(
        4672,
        AUTHENTICATION,
        (99, "Special privileges assigned"),
        SUBJECT,
        {
            "user_name": present("SubjectUserName"),
            "user_domain": present("SubjectDomainName"),
            "user_uid": present("SubjectUserSid"),
            "session_uid": "SubjectLogonId",
            "status_detail": "PrivilegeList",
        },
    ),
    audit_kind(
        4768, AUTHENTICATION, (3, "Authentication Ticket"), _TICKET, SID, _ENCRYPTION, _STATUS_CODE
    ),
    audit_kind(4769, AUTHENTICATION, (4, "Service Ticket"), _TICKET, _ENCRYPTION, _STATUS_CODE),
    audit_kind(4770, AUTHENTICATION, (5, "Service Ticket Renew"), _TICKET, _ENCRYPTION),
    audit_kind(
        4771,
        AUTHENTICATION,
        (6, "Preauth"),
        SID,
        FROM,
        _STATUS_CODE,
        {
            "user_name": account_name(present("TargetUserName")),
            "service_name": "ServiceName",
            "auth_protocol": constant("Kerberos"),
        },
    ),
    audit_kind(
        4776,
        AUTHENTICATION,
        (1, "Logon"),
        _STATUS_CODE,
        {
            "user_name": account_name(present("TargetUserName")),
            "src_endpoint_hostname": lower(present("Workstation")),
            "auth_protocol": constant("NTLM"),
        },
    ),
    *(
        audit_kind(
            event,
            AUTHENTICATION,
            (number, name),
            {
                "user_name": "AccountName",
                "user_domain": "AccountDomain",
                "session_uid": "LogonID",
                "src_endpoint_hostname": lower(present("ClientName")),
                "src_endpoint_ip": address("ClientAddress"),
            },
        )
        for event, number, name in ((4778, 1, "Session Reconnect"), (4779, 2, "Session Disconnect"))
    ),
]
