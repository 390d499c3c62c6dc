"""Audit events -> shapes."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypeAlias

import pyarrow as pa

from noroshi.collect.mapping import (
    EPOCH,
    Expression,
    Fields,
    base_name,
    choice,
    coalesce,
    constant,
    epoch_microseconds,
    integer,
    lower,
    per_value,
    without,
)
from noroshi.collect.record import Record, Value
from noroshi.collect.shape import Shape
from noroshi.model import EventClass, LogSource
from noroshi.model.classes.identity import ACCOUNT_CHANGE, AUTHENTICATION
from noroshi.model.classes.network import NETWORK_ACTIVITY
from noroshi.model.classes.other import GENERIC
from noroshi.model.classes.system import (
    EVENT_LOG_ACTIVITY,
    FILE_ACTIVITY,
    PROCESS_ACTIVITY,
    SCHEDULED_JOB_ACTIVITY,
)

Columns: TypeAlias = dict[str, Expression | str]

_OUTCOME: Mapping[str, str | int | bool] = {
    "yes": 1, "success": 1, "1": 1, "no": 2, "failed": 2, "fail": 2, "0": 2,
}  # fmt: skip
_NOBODY = ("4294967295", "-1", "unset", "?", "(unknown)", "(null)", "")


def event_microseconds(event: str) -> int | None:
    """Time out of ``audit(time:serial)``.

    ``ausearch -i`` writes local time of an unnamed zone (``MM/DD/YYYY HH:MM:SS.mmm``); it is read
    as UTC.
    """
    text = event.removeprefix("audit(").rpartition(":")[0]
    if "/" not in text:
        return epoch_microseconds(text)
    moment = datetime.strptime(text, "%m/%d/%Y %H:%M:%S.%f").replace(tzinfo=UTC)
    gap = moment - EPOCH
    return (gap.days * 86_400 + gap.seconds) * 1_000_000 + gap.microseconds


def _known(name: str) -> Expression:
    return without(name, *_NOBODY)


def target_path(fields: Fields) -> pa.Array:
    """The path acted on: the PATH record that is no parent folder, made absolute by ``cwd``."""
    rows = zip(
        fields.texts("name").to_pylist(),
        fields.texts("nametype").to_pylist(),
        fields.text("cwd").to_pylist(),
        strict=True,
    )
    return pa.array([_target(*row) for row in rows], pa.string())


def _target(names: list[str] | None, kinds: list[str] | None, cwd: str | None) -> str | None:
    if not names:
        return None
    pairs = list(zip(names, kinds or [], strict=False))
    name = next((name for name, kind in pairs if kind not in ("PARENT", "UNKNOWN")), names[-1])
    return posixpath.join(cwd, name) if cwd else name


_EVERY: Columns = {
    "device_hostname": lower("node"),
    "metadata_log_provider": constant("auditd"),
    "metadata_event_code": "type",
    "status_id": choice(coalesce("success", "res"), _OUTCOME),
    "actor_user_name": coalesce(_known("AUID"), _known("audit_user"), _known("UID")),
    "actor_user_uid": coalesce(_known("auid"), _known("uid")),
    "actor_session_uid": _known("ses"),
}
_ACTOR: Columns = {
    "actor_process_pid": integer("pid"),
    "actor_process_name": base_name("exe"),
    "actor_process_file_path": "exe",
    "actor_process_cmd_line": coalesce("cmdline", "proctitle"),
}
_LAUNCH: Columns = {
    "process_pid": integer("pid"),
    "process_name": base_name("exe"),
    "process_file_path": "exe",
    "process_cmd_line": coalesce("cmdline", "proctitle"),
    "process_working_directory": "cwd",
    "process_user_name": coalesce(_known("EUID"), _known("UID"), _known("effective_user")),
    "process_parent_process_pid": integer("ppid"),
}
_FILE: Columns = {**_ACTOR, "file_path": target_path, "file_name": base_name(target_path)}
_CONNECTION: Columns = {
    **_ACTOR,
    "dst_endpoint_ip": "laddr",
    "dst_endpoint_port": integer("lport"),
}
_ACCOUNT: Columns = {
    "user_name": coalesce(_known("acct"), _known("ID")),
    "user_uid": _known("id"),
    "src_endpoint_ip": per_value(lambda text: text if text[:1].isalnum() else None, _known("addr")),
    "src_endpoint_hostname": lower(_known("hostname")),
}
_LOGON: Columns = {
    **_ACCOUNT,
    "actor_process_pid": integer("pid"),
    "actor_process_name": base_name("exe"),
    "actor_process_file_path": "exe",
    "auth_protocol": "op",
    "session_uid": _known("ses"),
}
_COMMAND: Columns = {
    "process_pid": integer("pid"),
    "process_cmd_line": "cmd",
    "process_file_path": "exe",
    "process_name": base_name("exe"),
    "process_working_directory": "cwd",
}


def _shape(
    name: str, event_class: EventClass, what: tuple[int, str], columns: Columns, *categories: str
) -> Shape:
    activity: Columns = {"activity_id": constant(what[0]), "activity_name": constant(what[1])}
    time = per_value(event_microseconds, "msg", pa.int64())
    source = LogSource("linux", ("auditd",), categories)
    return Shape(f"auditd/{name}", event_class, source, time, {**_EVERY, **activity, **columns})


_EXECVE = _shape("execve", PROCESS_ACTIVITY, (1, "Launch"), _LAUNCH, "process_creation")
_OTHER = _shape("other", GENERIC, (99, "Record"), _ACTOR)
_CREATED = _shape("create", FILE_ACTIVITY, (1, "Create"), _FILE, "file_event")
_CONNECT = _shape("connect", NETWORK_ACTIVITY, (1, "Open"), _CONNECTION, "network_connection")
_BIND = _shape("bind", NETWORK_ACTIVITY, (7, "Listen"), _CONNECTION)

_BY_SYSCALL: Mapping[str, Shape] = {
    "execve": _EXECVE,
    "execveat": _EXECVE,
    "connect": _CONNECT,
    "sendto": _CONNECT,
    "bind": _BIND,
    "accept": _BIND,
    "accept4": _BIND,
    **{
        call: _shape(name, FILE_ACTIVITY, what, _FILE, *categories)
        for calls, name, what, categories in (
            (("open", "openat", "openat2"), "open", (14, "Open"), ()),
            (("creat", "mkdir", "mkdirat", "link", "linkat", "symlink", "symlinkat"), "create",
             (1, "Create"), ("file_event",)),
            (("unlink", "unlinkat", "rmdir"), "delete", (4, "Delete"), ("file_delete",)),
            (("rename", "renameat", "renameat2"), "rename", (5, "Rename"), ("file_rename",)),
            (("truncate", "ftruncate"), "update", (3, "Update"), ()),
            (("chmod", "fchmod", "fchmodat", "chown", "fchown", "lchown", "fchownat", "setxattr"),
             "attributes", (6, "Set Attributes"), ("file_change",)),
        )
        for call in calls
    },
}  # fmt: skip

_GROUP: Columns = {"group_name": coalesce("grp", "acct", "id")}
_ACCOUNT_CHANGES: tuple[tuple[str, tuple[int, str], Columns], ...] = (
    ("ADD_USER", (1, "Create"), _ACCOUNT),
    ("DEL_USER", (6, "Delete"), _ACCOUNT),
    ("USER_MGMT", (99, "Change"), _ACCOUNT),
    ("USER_CHAUTHTOK", (3, "Password Change"), _ACCOUNT),
    ("ACCT_LOCK", (9, "Lock"), _ACCOUNT),
    ("ACCT_UNLOCK", (12, "Unlock"), _ACCOUNT),
    ("ADD_GROUP", (99, "Create group"), _GROUP),
    ("DEL_GROUP", (99, "Delete group"), _GROUP),
    ("GRP_MGMT", (99, "Change group"), _GROUP),
)

_BY_TYPE: Mapping[str, Shape] = {
    **{
        kind: _shape(kind.lower(), AUTHENTICATION, what, _LOGON)
        for kind, what in {
            "USER_LOGIN": (1, "Logon"),
            "USER_AUTH": (1, "Authenticate"),
            "USER_ERR": (1, "Logon"),
            "USER_START": (1, "Session start"),
            "USER_END": (2, "Session end"),
            "USER_LOGOUT": (2, "Logoff"),
            "CRED_ACQ": (99, "Credentials acquired"),
            "CRED_DISP": (99, "Credentials disposed"),
            "USER_ACCT": (99, "Account checked"),
        }.items()
    },
    **{
        kind: _shape(kind.lower(), ACCOUNT_CHANGE, what, columns)
        for kind, what, columns in _ACCOUNT_CHANGES
    },
    "USER_CMD": _shape("user_cmd", PROCESS_ACTIVITY, (1, "Launch"), _COMMAND),
    **{
        kind: _shape(kind.lower(), SCHEDULED_JOB_ACTIVITY, what, {"job_name": "unit"})
        for kind, what in {"SERVICE_START": (6, "Start"), "SERVICE_STOP": (99, "Stop")}.items()
    },
    **{
        kind: _shape(kind.lower(), EVENT_LOG_ACTIVITY, what, {"log_name": constant("audit")})
        for kind, what in {
            "CONFIG_CHANGE": (99, "Configure"),
            "DAEMON_START": (6, "Start"),
            "DAEMON_END": (7, "Stop"),
            "DAEMON_ABORT": (7, "Stop"),
            "DAEMON_ROTATE": (5, "Rotate"),
        }.items()
    },
}


def record_of(fields: dict[str, Value]) -> Record:
    """Make the record of one audit event."""
    return Record(_shape_of(fields), fields)


def _shape_of(fields: Mapping[str, Value]) -> Shape:
    kinds = fields["type"]
    first = kinds[0] if isinstance(kinds, list) else kinds
    if "EXECVE" in (kinds if isinstance(kinds, list) else [kinds]):
        return _EXECVE
    call = fields.get("SYSCALL") or fields.get("syscall")
    if isinstance(call, str) and call in _BY_SYSCALL:
        shape = _BY_SYSCALL[call]
        if call.startswith("open") and "CREATE" in _texts(fields.get("nametype")):
            return _CREATED
        if shape in (_CONNECT, _BIND) and fields.get("saddr_fam") not in ("inet", "inet6"):
            return _OTHER
        return shape
    return _BY_TYPE.get(str(first), _OTHER)


def _texts(value: Value) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]
