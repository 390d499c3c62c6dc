"""What many events of the Security log share."""

from __future__ import annotations

from noroshi.collect.mapping import (
    Expression,
    account_name,
    base_name,
    integer,
)
from noroshi.collect.windows.kind import Columns, Kind, activity
from noroshi.collect.windows.values import (
    address,
    audit_status,
    present,
)
from noroshi.model import EventClass

STATUS: Columns = {"status_id": audit_status()}

SUBJECT: Columns = {
    "actor_user_name": present("SubjectUserName"),
    "actor_user_domain": present("SubjectDomainName"),
    "actor_user_uid": present("SubjectUserSid"),
    "actor_session_uid": "SubjectLogonId",
}

CALLER: Columns = {
    "actor_process_pid": integer("ProcessId"),
    "actor_process_name": base_name(present("ProcessName")),
    "actor_process_file_path": present("ProcessName"),
}
TARGET_USER: Columns = {
    "user_name": account_name(present("TargetUserName")),
    "user_domain": present("TargetDomainName"),
}
SID: Columns = {"user_uid": present("TargetSid")}
FROM: Columns = {
    "src_endpoint_ip": address("IpAddress"),
    "src_endpoint_port": integer("IpPort"),
}


def audit_kind(
    event: int,
    event_class: EventClass,
    what: tuple[int, str],
    *columns: Columns,
    categories: tuple[str, ...] = (),
) -> tuple[int, Kind]:
    """Return one event of the Security log and its kind: what was done, and columns in parts."""
    merged: dict[str, Expression | str] = {**STATUS, **activity(*what)}
    for part in columns:
        merged |= part
    return event, Kind(f"security/{event}", event_class, merged, categories)
