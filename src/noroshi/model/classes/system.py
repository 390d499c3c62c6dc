"""OCSF category 1, System Activity."""

from __future__ import annotations

from noroshi.model.classes.parts import ACTOR_PROCESS, file, hashes, process
from noroshi.model.column import boolean, integer, text
from noroshi.model.event_class import EventClass

FILE_ACTIVITY = EventClass(
    "file_activity",
    1001,
    "File System Activity",
    (
        *ACTOR_PROCESS,
        *file("file", "File acted on"),
        text("file_result.path", "Path after a rename."),
    ),
)

MEMORY_ACTIVITY = EventClass(
    "memory_activity",
    1004,
    "Memory Activity",
    (
        *ACTOR_PROCESS,
        *process("process", "Process whose memory or handle was touched"),
        text("actual_permissions", "Access that was granted, as the source writes it."),
        text("call_trace", "Modules on the call stack, as the source writes them."),
    ),
)

MODULE_ACTIVITY = EventClass(
    "module_activity",
    1005,
    "Module Activity",
    (
        *ACTOR_PROCESS,
        *file("module.file", "Module loaded"),
        boolean("module.file.is_signed", "The module carries a signature."),
        text("module.file.signature", "Who signed it."),
        text("module.file.signature_status", "Verdict on the signature."),
    ),
)

SCHEDULED_JOB_ACTIVITY = EventClass(
    "scheduled_job_activity",
    1006,
    "Scheduled Job Activity",
    (
        *ACTOR_PROCESS,
        text("job.name", "Name of the job, task or service."),
        text("job.cmd_line", "What it runs."),
        text("job.run_state", "State or start type."),
    ),
)

PROCESS_ACTIVITY = EventClass(
    "process_activity",
    1007,
    "Process Activity",
    (
        *process("process", "Process"),
        *hashes("process.file.hashes", "Image"),
        text("process.file.original_name", "Original file name from the version resource."),
        text("process.file.company", "Company from the version resource."),
        text("process.file.product", "Product from the version resource."),
        text("process.file.description", "Description from the version resource."),
        text("process.working_directory", "Current directory at start."),
        text("process.integrity", "Windows integrity level."),
        text("process.user.name", "Account under which the process runs, without domain."),
        text("process.user.domain", "Domain of that account."),
        *process("process.parent_process", "Parent"),
        text("process.parent_process.user.name", "Account of the parent, without domain."),
        *ACTOR_PROCESS,
        integer("exit_code", "Exit code or return value."),
        text("injection_type", "How code was put into the process."),
    ),
)

EVENT_LOG_ACTIVITY = EventClass(
    "event_log_activity",
    1008,
    "Event Log Activity",
    (*ACTOR_PROCESS, text("log.name", "Log that was cleared, stopped or changed.")),
)

SCRIPT_ACTIVITY = EventClass(
    "script_activity",
    1009,
    "Script Activity",
    (
        *ACTOR_PROCESS,
        text("script.content", "Text of the script or command as executed."),
        text("script.name", "Path of the script."),
        text("script.uid", "Id of the script block."),
    ),
)

REGISTRY_ACTIVITY = EventClass(
    "registry_activity",
    201002,
    "Registry Value Activity",
    (
        *ACTOR_PROCESS,
        text("reg_value.path", "Key and value name, as the source writes it."),
        text("reg_value.name", "Value name."),
        text("reg_value.data", "Data written, as text."),
        text("prev_reg_value.data", "Data before, as text."),
    ),
)
