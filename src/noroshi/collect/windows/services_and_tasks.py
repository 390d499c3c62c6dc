"""Services, cleared logs, scheduled tasks, WMI subscriptions, BITS jobs.

Source: the providers' manifests (``wevtutil gp``).
"""

from __future__ import annotations

from noroshi.collect.mapping import (
    account_domain,
    account_name,
    base_name,
    constant,
    integer,
)
from noroshi.collect.windows.kind import Columns, Kind, Kinds, activity
from noroshi.collect.windows.values import (
    first_present,
    present,
)
from noroshi.model.classes.network import HTTP_ACTIVITY
from noroshi.model.classes.system import (
    EVENT_LOG_ACTIVITY,
    SCHEDULED_JOB_ACTIVITY,
)

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
