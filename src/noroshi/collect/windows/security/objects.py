"""Access to files, registry keys, processes and directory objects."""

from __future__ import annotations

from noroshi.collect.mapping import (
    base_name,
    integer,
)
from noroshi.collect.windows.kind import Columns, Kind, activity
from noroshi.collect.windows.security.parts import (
    CALLER,
    STATUS,
    SUBJECT,
    audit_kind,
)
from noroshi.collect.windows.values import (
    joined_path,
    present,
    registry_path,
)
from noroshi.model.classes.other import GENERIC
from noroshi.model.classes.system import (
    FILE_ACTIVITY,
    MEMORY_ACTIVITY,
    REGISTRY_ACTIVITY,
)

_FILE_OBJECT: Columns = {
    **STATUS,
    **SUBJECT,
    **CALLER,
    "file_path": "ObjectName",
    "file_name": base_name("ObjectName"),
}
_KEY_OBJECT: Columns = {
    **STATUS,
    **SUBJECT,
    **CALLER,
    "reg_value_path": registry_path("ObjectName"),
    "reg_value_name": base_name("ObjectName"),
}
_PROCESS_OBJECT: Columns = {
    **STATUS,
    **SUBJECT,
    **CALLER,
    "process_file_path": "ObjectName",
    "process_name": base_name("ObjectName"),
    "actual_permissions": "AccessMask",
}
_ANY_OBJECT: Columns = {**STATUS, **SUBJECT, **CALLER, **activity(99, "Access object")}


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


OBJECTS = [
    _object_kind(4656),
    _object_kind(4663),
    audit_kind(
        4657,
        REGISTRY_ACTIVITY,
        (2, "Set"),
        SUBJECT,
        CALLER,
        {
            "reg_value_path": joined_path(registry_path("ObjectName"), "ObjectValueName"),
            "reg_value_name": "ObjectValueName",
            "reg_value_data": present("NewValue"),
            "prev_reg_value_data": present("OldValue"),
        },
        categories=("registry_event", "registry_set"),
    ),
    audit_kind(4660, FILE_ACTIVITY, (4, "Delete"), SUBJECT, CALLER),
    *(
        audit_kind(event, GENERIC, (99, name), SUBJECT)
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
        audit_kind(event, GENERIC, (99, name), SUBJECT, CALLER)
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
        audit_kind(
            event,
            GENERIC,
            (99, name),
            SUBJECT,
            {
                "actor_process_pid": integer("CallerProcessId"),
                "actor_process_name": base_name(present("CallerProcessName")),
                "actor_process_file_path": present("CallerProcessName"),
            },
        )
        for event, name in {4798: "List user's groups", 4799: "List group members"}.items()
    ),
]
