"""The Security log: Microsoft-Windows-Security-Auditing.

Source: event schemas of the provider's manifest (``wevtutil gp``).
"""

from __future__ import annotations

from noroshi.collect.mapping import (
    Expression,
    account_name,
    base_name,
    choice,
    coalesce,
    constant,
    integer,
    lower,
)
from noroshi.collect.windows.kind import Columns, Kind, Kinds, activity
from noroshi.collect.windows.values import (
    INTEGRITY,
    address,
    audit_status,
    first_present,
    joined_path,
    present,
    protocol,
    registry_path,
    task_command,
)
from noroshi.model import EventClass
from noroshi.model.classes.identity import ACCOUNT_CHANGE, AUTHENTICATION
from noroshi.model.classes.network import FILE_TRANSFER, NETWORK_ACTIVITY
from noroshi.model.classes.other import GENERIC
from noroshi.model.classes.system import (
    FILE_ACTIVITY,
    MEMORY_ACTIVITY,
    PROCESS_ACTIVITY,
    REGISTRY_ACTIVITY,
    SCHEDULED_JOB_ACTIVITY,
)

_STATUS: Columns = {"status_id": audit_status()}

_SUBJECT: Columns = {
    "actor_user_name": present("SubjectUserName"),
    "actor_user_domain": present("SubjectDomainName"),
    "actor_user_uid": present("SubjectUserSid"),
    "actor_session_uid": "SubjectLogonId",
}

_CALLER: Columns = {
    "actor_process_pid": integer("ProcessId"),
    "actor_process_name": base_name(present("ProcessName")),
    "actor_process_file_path": present("ProcessName"),
}


def _kind(
    event: int,
    event_class: EventClass,
    what: tuple[int, str],
    *columns: Columns,
    categories: tuple[str, ...] = (),
) -> tuple[int, Kind]:
    merged: dict[str, Expression | str] = {**_STATUS, **activity(*what)}
    for part in columns:
        merged |= part
    return event, Kind(f"security/{event}", event_class, merged, categories)


# --- logons -------------------------------------------------------------------------------------

_TARGET_USER: Columns = {
    "user_name": account_name(present("TargetUserName")),
    "user_domain": present("TargetDomainName"),
}
_TARGET_SID: Columns = {"user_uid": present("TargetUserSid")}
_SID: Columns = {"user_uid": present("TargetSid")}
_FROM: Columns = {
    "src_endpoint_ip": address("IpAddress"),
    "src_endpoint_port": integer("IpPort"),
}
_WORKSTATION: Columns = {"src_endpoint_hostname": lower(present("WorkstationName"))}
_LOGON: Columns = {
    **_SUBJECT,
    **_TARGET_USER,
    **_TARGET_SID,
    **_FROM,
    **_WORKSTATION,
    **_CALLER,
    "logon_type_id": integer("LogonType"),
    "auth_protocol": "AuthenticationPackageName",
    "logon_process_name": "LogonProcessName",
}
_TICKET: Columns = {
    **_TARGET_USER,
    **_FROM,
    "service_name": "ServiceName",
    "auth_protocol": constant("Kerberos"),
}
_STATUS_CODE: Columns = {"status_detail": "Status"}
_ENCRYPTION: Columns = {"ticket_encryption_type": "TicketEncryptionType"}
_SESSION: Columns = {"session_uid": "TargetLogonId"}

_LOGONS = [
    _kind(4624, AUTHENTICATION, (1, "Logon"), _LOGON, _SESSION),
    _kind(
        4625,
        AUTHENTICATION,
        (1, "Logon"),
        _LOGON,
        {"status_detail": first_present("SubStatus", "Status")},
    ),
    _kind(
        4627,
        AUTHENTICATION,
        (99, "Group membership"),
        _SUBJECT,
        _TARGET_USER,
        _TARGET_SID,
        _SESSION,
        {"logon_type_id": integer("LogonType"), "status_detail": "GroupMembership"},
    ),
    _kind(
        4634,
        AUTHENTICATION,
        (2, "Logoff"),
        _TARGET_USER,
        _TARGET_SID,
        _SESSION,
        {"logon_type_id": integer("LogonType")},
    ),
    _kind(4647, AUTHENTICATION, (2, "Logoff"), _TARGET_USER, _TARGET_SID, _SESSION),
    _kind(
        4648,
        AUTHENTICATION,
        (1, "Logon"),
        _SUBJECT,
        _TARGET_USER,
        _FROM,
        _CALLER,
        {
            "activity_name": constant("Logon with explicit credentials"),
            "dst_endpoint_hostname": lower(present("TargetServerName")),
            "service_name": present("TargetInfo"),
        },
    ),
    _kind(
        4672,
        AUTHENTICATION,
        (99, "Special privileges assigned"),
        _SUBJECT,
        {
            "user_name": present("SubjectUserName"),
            "user_domain": present("SubjectDomainName"),
            "user_uid": present("SubjectUserSid"),
            "session_uid": "SubjectLogonId",
            "status_detail": "PrivilegeList",
        },
    ),
    _kind(
        4768, AUTHENTICATION, (3, "Authentication Ticket"), _TICKET, _SID, _ENCRYPTION, _STATUS_CODE
    ),
    _kind(4769, AUTHENTICATION, (4, "Service Ticket"), _TICKET, _ENCRYPTION, _STATUS_CODE),
    _kind(4770, AUTHENTICATION, (5, "Service Ticket Renew"), _TICKET, _ENCRYPTION),
    _kind(
        4771,
        AUTHENTICATION,
        (6, "Preauth"),
        _SID,
        _FROM,
        _STATUS_CODE,
        {
            "user_name": account_name(present("TargetUserName")),
            "service_name": "ServiceName",
            "auth_protocol": constant("Kerberos"),
        },
    ),
    _kind(
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
        _kind(
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

# --- accounts and groups ------------------------------------------------------------------------

_ACCOUNT_CHANGES = {
    4720: (1, "Create"),
    4722: (2, "Enable"),
    4723: (3, "Password Change"),
    4724: (4, "Password Reset"),
    4725: (5, "Disable"),
    4726: (6, "Delete"),
    4738: (99, "Change"),
    4740: (9, "Lock"),
    4741: (1, "Create computer"),
    4742: (99, "Change computer"),
    4743: (6, "Delete computer"),
    4765: (99, "Add SID history"),
    4766: (99, "Add SID history"),
    4767: (12, "Unlock"),
    4780: (99, "Protect administrator"),
    4794: (4, "Set DSRM password"),
}
_GROUP_CHANGES = {
    4727: "Create group",
    4728: "Add member",
    4729: "Remove member",
    4730: "Delete group",
    4731: "Create group",
    4732: "Add member",
    4733: "Remove member",
    4734: "Delete group",
    4735: "Change group",
    4737: "Change group",
    4744: "Create group",
    4746: "Add member",
    4747: "Remove member",
    4748: "Delete group",
    4749: "Create group",
    4751: "Add member",
    4752: "Remove member",
    4753: "Delete group",
    4754: "Create group",
    4755: "Change group",
    4756: "Add member",
    4757: "Remove member",
    4758: "Delete group",
    4764: "Change group",
}
_GROUP: Columns = {
    "user_name": account_name(present("MemberName")),
    "user_uid": present("MemberSid"),
    "group_name": "TargetUserName",
    "group_uid": "TargetSid",
}

_ACCOUNTS = [
    *(
        _kind(event, ACCOUNT_CHANGE, what, _SUBJECT, _TARGET_USER, _SID)
        for event, what in _ACCOUNT_CHANGES.items()
    ),
    *(
        _kind(event, ACCOUNT_CHANGE, (99, name), _SUBJECT, _GROUP)
        for event, name in _GROUP_CHANGES.items()
    ),
    _kind(
        4781,
        ACCOUNT_CHANGE,
        (99, "Rename"),
        _SUBJECT,
        _SID,
        {"user_name": "NewTargetUserName", "user_domain": "TargetDomainName"},
    ),
]

# --- processes, services, tasks -----------------------------------------------------------------

_PROCESSES = [
    _kind(
        4688,
        PROCESS_ACTIVITY,
        (1, "Launch"),
        _SUBJECT,
        {
            "process_pid": integer("NewProcessId"),
            "process_name": base_name("NewProcessName"),
            "process_file_path": "NewProcessName",
            "process_cmd_line": present("CommandLine"),
            "process_integrity": coalesce(choice("MandatoryLabel", INTEGRITY), "MandatoryLabel"),
            "process_user_name": first_present("TargetUserName", "SubjectUserName"),
            "process_user_domain": first_present("TargetDomainName", "SubjectDomainName"),
            "process_parent_process_pid": integer("ProcessId"),
            "process_parent_process_name": base_name(present("ParentProcessName")),
            "process_parent_process_file_path": present("ParentProcessName"),
        },
        categories=("process_creation",),
    ),
    _kind(
        4689,
        PROCESS_ACTIVITY,
        (2, "Terminate"),
        _SUBJECT,
        {
            "process_pid": integer("ProcessId"),
            "process_name": base_name("ProcessName"),
            "process_file_path": "ProcessName",
            "process_user_name": present("SubjectUserName"),
            "process_user_domain": present("SubjectDomainName"),
            "exit_code": integer("Status"),
        },
        categories=("process_termination",),
    ),
    _kind(
        4697,
        SCHEDULED_JOB_ACTIVITY,
        (1, "Create"),
        _SUBJECT,
        {
            "job_name": "ServiceName",
            "job_cmd_line": "ServiceFileName",
            "job_run_state": "ServiceStartType",
        },
    ),
    *(
        _kind(
            event,
            SCHEDULED_JOB_ACTIVITY,
            what,
            _SUBJECT,
            {
                "job_name": "TaskName",
                "job_cmd_line": task_command(coalesce("TaskContent", "TaskContentNew")),
            },
        )
        for event, what in {
            4698: (1, "Create"),
            4699: (3, "Delete"),
            4700: (4, "Enable"),
            4701: (5, "Disable"),
            4702: (2, "Update"),
        }.items()
    ),
]

# --- objects ------------------------------------------------------------------------------------

_FILE_OBJECT: Columns = {
    **_STATUS,
    **_SUBJECT,
    **_CALLER,
    "file_path": "ObjectName",
    "file_name": base_name("ObjectName"),
}
_KEY_OBJECT: Columns = {
    **_STATUS,
    **_SUBJECT,
    **_CALLER,
    "reg_value_path": registry_path("ObjectName"),
    "reg_value_name": base_name("ObjectName"),
}
_PROCESS_OBJECT: Columns = {
    **_STATUS,
    **_SUBJECT,
    **_CALLER,
    "process_file_path": "ObjectName",
    "process_name": base_name("ObjectName"),
    "actual_permissions": "AccessMask",
}
_ANY_OBJECT: Columns = {**_STATUS, **_SUBJECT, **_CALLER, **activity(99, "Access object")}


def _object_kind(event: int) -> tuple[int, Kind]:
    name = f"security/{event}"
    file = Kind(name, FILE_ACTIVITY, {**_FILE_OBJECT, **activity(14, "Open")})
    key = Kind(name, REGISTRY_ACTIVITY, {**_KEY_OBJECT, **activity(1, "Get")})
    process = Kind(name, MEMORY_ACTIVITY, {**_PROCESS_OBJECT, **activity(99, "Open process")})
    other = Kind(
        name,
        GENERIC,
        _ANY_OBJECT,
        by_field="ObjectType",
        variants={"file": file, "key": key, "process": process},
    )
    return event, other


_OBJECTS = [
    _object_kind(4656),
    _object_kind(4663),
    _kind(
        4657,
        REGISTRY_ACTIVITY,
        (2, "Set"),
        _SUBJECT,
        _CALLER,
        {
            "reg_value_path": joined_path(registry_path("ObjectName"), "ObjectValueName"),
            "reg_value_name": "ObjectValueName",
            "reg_value_data": present("NewValue"),
            "prev_reg_value_data": present("OldValue"),
        },
        categories=("registry_event", "registry_set"),
    ),
    _kind(4660, FILE_ACTIVITY, (4, "Delete"), _SUBJECT, _CALLER),
    *(
        _kind(event, GENERIC, (99, name), _SUBJECT)
        for event, name in {
            4662: "Access directory object",
            4661: "Open directory or account object",
            5136: "Change directory object",
            5137: "Create directory object",
            5141: "Delete directory object",
            4719: "Change audit policy",
            5379: "Read stored credentials",
        }.items()
    ),
    *(
        _kind(event, GENERIC, (99, name), _SUBJECT, _CALLER)
        for event, name in {
            4658: "Close handle",
            4673: "Use privilege",
            4674: "Use privilege on object",
            4670: "Change permissions",
            4690: "Duplicate handle",
            4703: "Adjust privileges",
        }.items()
    ),
    *(
        _kind(
            event,
            GENERIC,
            (99, name),
            _SUBJECT,
            {
                "actor_process_pid": integer("CallerProcessId"),
                "actor_process_name": base_name(present("CallerProcessName")),
                "actor_process_file_path": present("CallerProcessName"),
            },
        )
        for event, name in {4798: "List user's groups", 4799: "List group members"}.items()
    ),
]

# --- network ------------------------------------------------------------------------------------

_SHARE: Columns = {**_SUBJECT, **_FROM, "share": "ShareName"}
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

_NETWORK = [
    _kind(5140, FILE_TRANSFER, (14, "Open share"), _SHARE),
    _kind(5142, FILE_TRANSFER, (1, "Create share"), _SUBJECT, {"share": "ShareName"}),
    _kind(
        5145,
        FILE_TRANSFER,
        (14, "Open"),
        _SHARE,
        {"file_path": "RelativeTargetName", "file_name": base_name("RelativeTargetName")},
    ),
    _kind(
        5156,
        NETWORK_ACTIVITY,
        (1, "Open"),
        _FLOW,
        {"disposition": constant("allowed")},
        categories=("network_connection",),
    ),
    _kind(
        5157,
        NETWORK_ACTIVITY,
        (5, "Refuse"),
        _FLOW,
        {"disposition": constant("blocked"), "is_alert": constant(value=True)},
    ),
    _kind(5158, NETWORK_ACTIVITY, (7, "Listen"), _FILTERED),
    _kind(5154, NETWORK_ACTIVITY, (7, "Listen"), _FILTERED),
]

KINDS: Kinds = dict([*_LOGONS, *_ACCOUNTS, *_PROCESSES, *_OBJECTS, *_NETWORK])
