"""Changes of accounts and groups."""

from __future__ import annotations

from noroshi.collect.mapping import (
    account_name,
)
from noroshi.collect.windows.kind import Columns
from noroshi.collect.windows.security.parts import (
    SID,
    SUBJECT,
    TARGET_USER,
    audit_kind,
)
from noroshi.collect.windows.values import (
    present,
)
from noroshi.model.classes.identity import ACCOUNT_CHANGE

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

ACCOUNTS = [
    *(
        audit_kind(event, ACCOUNT_CHANGE, what, SUBJECT, TARGET_USER, SID)
        for event, what in _ACCOUNT_CHANGES.items()
    ),
    *(
        audit_kind(event, ACCOUNT_CHANGE, (99, name), SUBJECT, _GROUP)
        for event, name in _GROUP_CHANGES.items()
    ),
    audit_kind(
        4781,
        ACCOUNT_CHANGE,
        (99, "Rename"),
        SUBJECT,
        SID,
        {"user_name": "NewTargetUserName", "user_domain": "TargetDomainName"},
    ),
]
