"""Processes, services and scheduled tasks."""

from __future__ import annotations

from noroshi.collect.mapping import (
    base_name,
    choice,
    coalesce,
    integer,
)
from noroshi.collect.windows.security.parts import (
    SUBJECT,
    audit_kind,
)
from noroshi.collect.windows.values import (
    INTEGRITY,
    first_present,
    present,
    task_command,
)
from noroshi.model.classes.system import (
    PROCESS_ACTIVITY,
    SCHEDULED_JOB_ACTIVITY,
)

PROCESSES = [
    audit_kind(
        4688,
        PROCESS_ACTIVITY,
        (1, "Launch"),
        SUBJECT,
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
    audit_kind(
        4689,
        PROCESS_ACTIVITY,
        (2, "Terminate"),
        SUBJECT,
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
    audit_kind(
        4697,
        SCHEDULED_JOB_ACTIVITY,
        (1, "Create"),
        SUBJECT,
        {
            "job_name": "ServiceName",
            "job_cmd_line": "ServiceFileName",
            "job_run_state": "ServiceStartType",
        },
    ),
    *(
        audit_kind(
            event,
            SCHEDULED_JOB_ACTIVITY,
            what,
            SUBJECT,
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
