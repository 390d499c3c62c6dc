"""Services, logs, Defender, tasks, WMI, BITS, remote desktop, DNS client: kinds by provider.

Source: the providers' manifests (``wevtutil gp``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from noroshi.collect.mapping import (
    account_domain,
    account_name,
    base_name,
    choice,
    coalesce,
    constant,
    integer,
    lower,
    per_value,
)
from noroshi.collect.windows.kind import Columns, Kind, Kinds, activity
from noroshi.collect.windows.values import (
    DNS_STATUS,
    DNS_TYPES,
    address,
    any_value,
    first_present,
    listed,
    present,
)
from noroshi.model.classes.findings import DETECTION_FINDING
from noroshi.model.classes.identity import AUTHENTICATION
from noroshi.model.classes.network import DNS_ACTIVITY, HTTP_ACTIVITY, NETWORK_ACTIVITY
from noroshi.model.classes.system import (
    EVENT_LOG_ACTIVITY,
    SCHEDULED_JOB_ACTIVITY,
)

# --- services and logs --------------------------------------------------------------------------

SERVICE_CONTROL: Kinds = {
    7045: Kind(
        "system/7045",
        SCHEDULED_JOB_ACTIVITY,
        activity(1, "Create")
        | {
            "job_name": "ServiceName",
            "job_cmd_line": "ImagePath",
            "job_run_state": "StartType",
            "actor_user_uid": "Security_UserID",
        },
    ),
    7036: Kind(
        "system/7036",
        SCHEDULED_JOB_ACTIVITY,
        activity(99, "Change state") | {"job_name": "param1", "job_run_state": "param2"},
    ),
    7040: Kind(
        "system/7040",
        SCHEDULED_JOB_ACTIVITY,
        activity(2, "Update") | {"job_name": "param1", "job_run_state": "param3"},
    ),
    **{
        event: Kind(
            f"system/{event}",
            SCHEDULED_JOB_ACTIVITY,
            activity(99, name) | {"job_name": "param1"},
        )
        for event, name in {7034: "Crash", 7031: "Crash", 7023: "Fail", 7000: "Fail"}.items()
    },
}

_CLEARED: Columns = activity(1, "Clear") | {
    "actor_user_name": "SubjectUserName",
    "actor_user_domain": "SubjectDomainName",
}
EVENT_LOG: Kinds = {
    1102: Kind(
        "security/1102",
        EVENT_LOG_ACTIVITY,
        {
            **_CLEARED,
            "actor_user_uid": "SubjectUserSid",
            "actor_session_uid": "SubjectLogonId",
            "log_name": constant("Security"),
        },
    ),
    104: Kind("system/104", EVENT_LOG_ACTIVITY, {**_CLEARED, "log_name": "Channel"}),
}

# --- Defender -----------------------------------------------------------------------------------

_DEFENDER_ID: Columns = {
    "finding_info_uid": present("DetectionID"),
    "finding_info_title": "ThreatName",
    "finding_info_types": "CategoryName",
    "finding_info_analytic_uid": "ThreatID",
    "finding_info_priority": integer("SeverityID"),
    "file_path": first_present("Path", "Resources"),
    "file_name": base_name(first_present("Path", "Resources")),
    "actor_process_file_path": first_present("ProcessName"),
    "actor_process_name": base_name(first_present("ProcessName")),
    "actor_user_name": account_name(first_present("DetectionUser", "User")),
    "actor_user_domain": account_domain(first_present("DetectionUser", "User")),
    "is_alert": constant(value=True),
    "disposition": first_present("ActionName"),
}
_ATTACK_SURFACE: Columns = {
    "finding_info_analytic_uid": "ID",
    "finding_info_title": constant("Attack surface reduction rule"),
    "file_path": present("Path"),
    "file_name": base_name(present("Path")),
    "actor_process_file_path": present("ProcessName"),
    "actor_process_name": base_name(present("ProcessName")),
    "actor_user_name": account_name(present("User")),
    "actor_user_domain": account_domain(present("User")),
    "is_alert": constant(value=True),
}
DEFENDER: Kinds = {
    **{
        event: Kind(
            f"defender/{event}",
            DETECTION_FINDING,
            {**activity(*what), **_DEFENDER_ID},
            ("antivirus",),
        )
        for event, what in {
            1006: (1, "Detect"),
            1007: (2, "Act"),
            1008: (2, "Act (failed)"),
            1015: (1, "Detect behaviour"),
            1116: (1, "Detect"),
            1117: (2, "Act"),
            1118: (2, "Act (failed)"),
            1119: (2, "Act (failed)"),
        }.items()
    },
    **{
        event: Kind(f"defender/{event}", DETECTION_FINDING, {**activity(*what), **_ATTACK_SURFACE})
        for event, what in {1121: (1, "Block"), 1122: (1, "Audit")}.items()
    },
}

# --- tasks, WMI, BITS ---------------------------------------------------------------------------

_TASK: Columns = {"job_name": "TaskName"}
_TASK_USER: Columns = {
    "actor_user_name": account_name(first_present("UserName", "UserContext")),
    "actor_user_domain": account_domain(first_present("UserName", "UserContext")),
}
TASKS: Kinds = {
    106: Kind(
        "taskscheduler/106",
        SCHEDULED_JOB_ACTIVITY,
        {**activity(1, "Create"), **_TASK, **_TASK_USER},
    ),
    140: Kind(
        "taskscheduler/140",
        SCHEDULED_JOB_ACTIVITY,
        {**activity(2, "Update"), **_TASK, **_TASK_USER},
    ),
    141: Kind(
        "taskscheduler/141",
        SCHEDULED_JOB_ACTIVITY,
        {**activity(3, "Delete"), **_TASK, **_TASK_USER},
    ),
    142: Kind(
        "taskscheduler/142",
        SCHEDULED_JOB_ACTIVITY,
        {**activity(5, "Disable"), **_TASK, **_TASK_USER},
    ),
    129: Kind(
        "taskscheduler/129",
        SCHEDULED_JOB_ACTIVITY,
        {**activity(6, "Start"), **_TASK, "job_cmd_line": "Path"},
    ),
    **{
        event: Kind(
            f"taskscheduler/{event}",
            SCHEDULED_JOB_ACTIVITY,
            {**activity(*what), **_TASK, "job_cmd_line": "ActionName"},
        )
        for event, what in {200: (6, "Start"), 201: (99, "Complete")}.items()
    },
}

WMI: Kinds = {
    5859: Kind(
        "wmi/5859",
        SCHEDULED_JOB_ACTIVITY,
        activity(1, "Create") | {"job_name": "NamespaceName", "job_cmd_line": "Query"},
    ),
    5860: Kind(
        "wmi/5860",
        SCHEDULED_JOB_ACTIVITY,
        activity(1, "Create")
        | {
            "job_name": "NamespaceName",
            "job_cmd_line": "Query",
            "actor_user_name": account_name(present("User")),
        },
    ),
    5861: Kind(
        "wmi/5861",
        SCHEDULED_JOB_ACTIVITY,
        activity(1, "Create") | {"job_name": "ESS", "job_cmd_line": "CONSUMER"},
    ),
}

_JOB_OWNER: Columns = {
    "actor_user_name": account_name(present("jobOwner")),
    "actor_user_domain": account_domain(present("jobOwner")),
}
BITS: Kinds = {
    3: Kind(
        "bits/3",
        SCHEDULED_JOB_ACTIVITY,
        activity(1, "Create")
        | {
            "job_name": first_present("jobTitle", "jobName"),
            "job_cmd_line": first_present("RemoteName", "jobTitle"),
            "actor_process_pid": integer("processId"),
            "actor_process_file_path": present("processPath"),
            "actor_process_name": base_name(present("processPath")),
        }
        | dict(_JOB_OWNER),
    ),
    **{
        event: Kind(
            f"bits/{event}",
            SCHEDULED_JOB_ACTIVITY,
            {**activity(99, name), **_JOB_OWNER, "job_name": "jobTitle"},
        )
        for event, name in {4: "Complete", 5: "Cancel"}.items()
    },
    **{
        event: Kind(
            f"bits/{event}",
            HTTP_ACTIVITY,
            activity(99, name)
            | {
                "http_request_url_url_string": "url",
                "traffic_bytes_in": integer("bytesTransferred"),
                "app_name": constant("bits"),
            },
        )
        for event, name in {
            59: "Start transfer",
            60: "Stop transfer",
            61: "Fail transfer",
        }.items()
    },
}

# --- remote desktop, DNS client -----------------------------------------------------------------

RDP_CONNECTIONS: Kinds = {
    1149: Kind(
        "rdp/1149",
        AUTHENTICATION,
        activity(1, "Logon")
        | {
            "user_name": "Param1",
            "user_domain": present("Param2"),
            "src_endpoint_ip": address("Param3"),
            "logon_type_id": constant(10),
        },
    )
}
RDP_TRANSPORT: Kinds = {
    131: Kind(
        "rdp-transport/131",
        NETWORK_ACTIVITY,
        activity(1, "Open")
        | {
            "src_endpoint_ip": per_value(lambda text: _split_port(text)[0], "ClientIP"),
            "src_endpoint_port": integer(per_value(lambda text: _split_port(text)[1], "ClientIP")),
            "connection_info_protocol_name": lower("ConnType"),
            "app_name": constant("rdp"),
        },
    )
}


def _split_port(text: str) -> tuple[str, str]:
    """Split ``192.0.2.1:50000`` or ``[2001:db8::1%4]:50000``."""
    address, _, port = text.rpartition(":")
    return address.strip("[]").partition("%")[0], port


RDP_SESSIONS: Kinds = {
    event: Kind(
        f"rdp/{event}",
        AUTHENTICATION,
        activity(*what)
        | {
            "user_name": account_name("User"),
            "user_domain": account_domain("User"),
            "session_uid": "SessionID",
        }
        | ({"src_endpoint_ip": address("Address")} if event != 23 else {}),
    )
    for event, what in {
        21: (1, "Logon"),
        22: (1, "Shell start"),
        23: (2, "Logoff"),
        24: (2, "Session Disconnect"),
        25: (1, "Session Reconnect"),
    }.items()
}
DNS_CLIENT: Kinds = {
    event: Kind(
        f"dns-client/{event}",
        DNS_ACTIVITY,
        activity(1, "Query")
        | {
            "query_hostname": lower("QueryName"),
            "query_type": coalesce(choice("QueryType", DNS_TYPES), "QueryType"),
            "rcode": coalesce(choice("QueryStatus", DNS_STATUS), "QueryStatus"),
            "answers": listed(present("QueryResults"), ";"),
            "actor_process_pid": integer("Execution_ProcessID"),
        },
        ("dns_query",),
    )
    for event in (3008, 3020)
}

# --- NTLM, SQL Server ---------------------------------------------------------------------------

NTLM: Kinds = {
    8004: Kind(
        "ntlm/8004",
        AUTHENTICATION,
        activity(1, "Logon")
        | {
            "user_name": "UserName",
            "user_domain": present("DomainName"),
            "src_endpoint_hostname": lower(present("WorkstationName")),
            "dst_endpoint_hostname": lower(present("SChannelName")),
            "auth_protocol": constant("NTLM"),
        },
    )
}

_CLIENT = re.compile(r"\[CLIENT: ([0-9a-fA-F.:]{2,45})\]")


def _client(text: str) -> str | None:
    found = _CLIENT.search(text)
    return found.group(1) if found else None


SQL_SERVER: Kinds = {
    event: Kind(
        f"mssql/{event}",
        AUTHENTICATION,
        activity(1, "Logon")
        | {
            "user_name": account_name("Data"),
            "src_endpoint_ip": per_value(_client, any_value("Data")),
            "status_id": constant(status),
            "status_detail": any_value("Data"),
            "service_name": constant("mssql"),
        },
    )
    for event, status in {18453: 1, 18454: 1, 18456: 2}.items()
}

BY_PROVIDER: Mapping[str, Kinds] = {
    "service control manager": SERVICE_CONTROL,
    "microsoft-windows-eventlog": EVENT_LOG,
    "microsoft-windows-windows defender": DEFENDER,
    "microsoft-windows-taskscheduler": TASKS,
    "microsoft-windows-wmi-activity": WMI,
    "microsoft-windows-bits-client": BITS,
    "microsoft-windows-terminalservices-remoteconnectionmanager": RDP_CONNECTIONS,
    "microsoft-windows-terminalservices-localsessionmanager": RDP_SESSIONS,
    "microsoft-windows-remotedesktopservices-rdpcorets": RDP_TRANSPORT,
    "microsoft-windows-dns-client": DNS_CLIENT,
    "microsoft-windows-ntlm": NTLM,
    "microsoft-windows-security-netlogon": NTLM,
    "mssqlserver": SQL_SERVER,
}
"""Provider in lower case -> its kinds."""
