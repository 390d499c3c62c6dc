"""Sysmon, on Windows and on Linux.

Source: event fields of the Sysmon 15 manifest (``sysmon -s``).
"""

from __future__ import annotations

from noroshi.collect.mapping import (
    Expression,
    account_domain,
    account_name,
    base_name,
    boolean,
    choice,
    coalesce,
    constant,
    digest,
    guid,
    integer,
    lower,
)
from noroshi.collect.windows.kind import Columns, Kind, Kinds, activity
from noroshi.collect.windows.values import DNS_STATUS, listed, present
from noroshi.model.classes.network import DNS_ACTIVITY, NETWORK_ACTIVITY
from noroshi.model.classes.other import GENERIC
from noroshi.model.classes.system import (
    EVENT_LOG_ACTIVITY,
    FILE_ACTIVITY,
    MEMORY_ACTIVITY,
    MODULE_ACTIVITY,
    PROCESS_ACTIVITY,
    REGISTRY_ACTIVITY,
    SCHEDULED_JOB_ACTIVITY,
)


def _digests(prefix: str, source: str) -> dict[str, Expression | str]:
    return {
        f"{prefix}_hashes_{name}": digest(name, source)
        for name in ("md5", "sha1", "sha256", "imphash")
    }


def _account(prefix: str, source: str) -> dict[str, Expression | str]:
    return {
        f"{prefix}_name": account_name(present(source)),
        f"{prefix}_domain": account_domain(present(source)),
    }


def _process(prefix: str, whose: str = "") -> dict[str, Expression | str]:
    """Columns of a process out of ``ProcessGuid``, ``ProcessId``, ``Image``, with a prefix."""
    return {
        f"{prefix}_uid": guid(coalesce(f"{whose}ProcessGuid", f"{whose}ProcessGUID")),
        f"{prefix}_pid": integer(f"{whose}ProcessId"),
        f"{prefix}_name": base_name(f"{whose}Image"),
        f"{prefix}_file_path": f"{whose}Image",
    }


_ACTOR = _process("actor_process") | _account("actor_user", "User")
_FILE: Columns = _ACTOR | {"file_path": "TargetFilename", "file_name": base_name("TargetFilename")}
_HASHED_FILE = {**_FILE, **_digests("file", "Hashes")}
_BETWEEN = (
    _process("actor_process", "Source")
    | _process("process", "Target")
    | _account("actor_user", "SourceUser")
)
_REGISTRY: Columns = _ACTOR | {
    "reg_value_path": "TargetObject",
    "reg_value_name": base_name("TargetObject"),
}
_WMI: Columns = _account("actor_user", "User")

_LAUNCH: Columns = (
    activity(1, "Launch")
    | _process("process")
    | _digests("process_file", "Hashes")
    | _account("process_user", "User")
    | _account("actor_user", "User")
    | _process("process_parent_process", "Parent")
    | {
        "process_cmd_line": "CommandLine",
        "process_file_original_name": present("OriginalFileName"),
        "process_file_company": present("Company"),
        "process_file_product": present("Product"),
        "process_file_description": present("Description"),
        "process_working_directory": "CurrentDirectory",
        "process_integrity": "IntegrityLevel",
        "process_parent_process_cmd_line": "ParentCommandLine",
        "process_parent_process_user_name": account_name(present("ParentUser")),
        "actor_session_uid": "LogonId",
    }
)

_CONNECTION: Columns = (
    activity(1, "Open")
    | _ACTOR
    | {
        "src_endpoint_ip": "SourceIp",
        "src_endpoint_port": integer("SourcePort"),
        "src_endpoint_hostname": lower(present("SourceHostname")),
        "dst_endpoint_ip": "DestinationIp",
        "dst_endpoint_port": integer("DestinationPort"),
        "dst_endpoint_hostname": lower(present("DestinationHostname")),
        "connection_info_protocol_name": lower("Protocol"),
        "connection_info_direction": choice(
            lower("Initiated"), {"true": "outbound", "false": "inbound"}
        ),
        "app_name": lower(present("DestinationPortName")),
    }
)

_MODULE: Columns = {
    "module_file_path": "ImageLoaded",
    "module_file_name": base_name("ImageLoaded"),
    **_digests("module_file", "Hashes"),
    "module_file_is_signed": boolean("Signed"),
    "module_file_signature": present("Signature"),
    "module_file_signature_status": present("SignatureStatus"),
}

_QUERY: Columns = (
    activity(1, "Query")
    | _ACTOR
    | {
        "query_hostname": lower("QueryName"),
        "rcode": coalesce(choice("QueryStatus", DNS_STATUS), "QueryStatus"),
        "answers": listed(present("QueryResults"), ";"),
    }
)


def _key_kind(number: int, name: str, category: str) -> Kind:
    columns = activity(number, name) | dict(_REGISTRY)
    return Kind("sysmon/12", REGISTRY_ACTIVITY, columns, ("registry_event", category))


_CREATE_KEY = _key_kind(1, "Create", "registry_add")
_DELETE_KEY = _key_kind(4, "Delete", "registry_delete")

_STATE = {"Started": "Start", "Stopped": "Stop"}


def _file_kind(
    event: int, what: tuple[int, str], columns: Columns, *categories: str
) -> tuple[int, Kind]:
    kind = Kind(f"sysmon/{event}", FILE_ACTIVITY, {**activity(*what), **columns}, categories)
    return event, kind


def _pipe_kind(event: int, what: tuple[int, str]) -> tuple[int, Kind]:
    columns = {**_ACTOR, "file_path": "PipeName", "file_name": base_name("PipeName")}
    return _file_kind(event, what, columns, "pipe_created")


def _wmi_kind(event: int, name: str, command: str) -> tuple[int, Kind]:
    columns = {
        **activity(1, "Create"),
        **_WMI,
        "job_name": name,
        "job_cmd_line": command,
        "job_run_state": "Operation",
    }
    return event, Kind(f"sysmon/{event}", SCHEDULED_JOB_ACTIVITY, columns, ("wmi_event",))


KINDS: Kinds = dict(
    [
        (1, Kind("sysmon/1", PROCESS_ACTIVITY, _LAUNCH, ("process_creation",))),
        _file_kind(2, (6, "Set Attributes"), _FILE, "file_change"),
        (3, Kind("sysmon/3", NETWORK_ACTIVITY, _CONNECTION, ("network_connection",))),
        (
            4,
            Kind(
                "sysmon/4",
                EVENT_LOG_ACTIVITY,
                {
                    "activity_id": choice("State", {"Started": 6, "Stopped": 7}, 99),
                    "activity_name": coalesce(choice("State", dict(_STATE)), "State"),
                    "log_name": constant("Sysmon"),
                },
                ("sysmon_status",),
            ),
        ),
        (
            5,
            Kind(
                "sysmon/5",
                PROCESS_ACTIVITY,
                activity(2, "Terminate")
                | _process("process")
                | _account("process_user", "User")
                | _account("actor_user", "User"),
                ("process_termination",),
            ),
        ),
        (
            6,
            Kind("sysmon/6", MODULE_ACTIVITY, {**activity(1, "Load"), **_MODULE}, ("driver_load",)),
        ),
        (
            7,
            Kind(
                "sysmon/7",
                MODULE_ACTIVITY,
                {**activity(1, "Load"), **_ACTOR, **_MODULE},
                ("image_load",),
            ),
        ),
        (
            8,
            Kind(
                "sysmon/8",
                PROCESS_ACTIVITY,
                activity(4, "Inject") | _BETWEEN | {"injection_type": constant("Remote Thread")},
                ("create_remote_thread",),
            ),
        ),
        _file_kind(
            9,
            (2, "Read"),
            {**_ACTOR, "file_path": "Device", "file_name": base_name("Device")},
            "raw_access_thread",
        ),
        (
            10,
            Kind(
                "sysmon/10",
                MEMORY_ACTIVITY,
                activity(99, "Open process")
                | _BETWEEN
                | {"actual_permissions": "GrantedAccess", "call_trace": "CallTrace"},
                ("process_access",),
            ),
        ),
        _file_kind(11, (1, "Create"), _FILE, "file_event"),
        (
            12,
            Kind(
                "sysmon/12",
                REGISTRY_ACTIVITY,
                {**activity(99, "Create or delete"), **_REGISTRY},
                ("registry_event", "registry_add", "registry_delete"),
                by_field="EventType",
                variants={
                    "createkey": _CREATE_KEY,
                    "deletekey": _DELETE_KEY,
                    "deletevalue": _DELETE_KEY,
                },
            ),
        ),
        (
            13,
            Kind(
                "sysmon/13",
                REGISTRY_ACTIVITY,
                {**activity(2, "Set"), **_REGISTRY, "reg_value_data": "Details"},
                ("registry_event", "registry_set"),
            ),
        ),
        (
            14,
            Kind(
                "sysmon/14",
                REGISTRY_ACTIVITY,
                {**activity(3, "Modify"), **_REGISTRY, "reg_value_data": "NewName"},
                ("registry_event", "registry_rename"),
            ),
        ),
        _file_kind(15, (1, "Create"), {**_FILE, **_digests("file", "Hash")}, "create_stream_hash"),
        (
            16,
            Kind(
                "sysmon/16",
                EVENT_LOG_ACTIVITY,
                {**activity(99, "Configure"), "log_name": constant("Sysmon")},
                ("sysmon_status",),
            ),
        ),
        _pipe_kind(17, (1, "Create")),
        _pipe_kind(18, (14, "Open")),
        _wmi_kind(19, "Name", "Query"),
        _wmi_kind(20, "Name", "Destination"),
        _wmi_kind(21, "Filter", "Consumer"),
        (22, Kind("sysmon/22", DNS_ACTIVITY, _QUERY, ("dns_query",))),
        _file_kind(23, (4, "Delete"), _HASHED_FILE, "file_delete"),
        (
            24,
            Kind(
                "sysmon/24",
                GENERIC,
                {**activity(99, "Capture clipboard"), **_ACTOR},
                ("clipboard_capture",),
            ),
        ),
        (
            25,
            Kind(
                "sysmon/25",
                PROCESS_ACTIVITY,
                activity(4, "Inject")
                | _process("process")
                | _account("process_user", "User")
                | {"injection_type": "Type"},
                ("process_tampering",),
            ),
        ),
        _file_kind(26, (4, "Delete"), _HASHED_FILE, "file_delete", "file_delete_detected"),
        _file_kind(27, (1, "Create"), _HASHED_FILE, "file_block_executable"),
        _file_kind(28, (4, "Delete"), _HASHED_FILE, "file_block_shredding"),
        _file_kind(29, (1, "Create"), _HASHED_FILE, "file_executable_detected"),
        (255, Kind("sysmon/255", GENERIC, {"status_detail": "Description"}, ("sysmon_error",))),
    ]
)
