"""OCSF category 3, Identity & Access Management."""

from __future__ import annotations

from noroshi.model.classes.parts import ACTOR_PROCESS, ENDPOINTS, user
from noroshi.model.column import boolean, integer, text
from noroshi.model.event_class import EventClass

ACCOUNT_CHANGE = EventClass(
    "account_change",
    3001,
    "Account Change",
    (
        *user("user", "Account changed"),
        text("group.name", "Group concerned."),
        text("group.uid", "SID or id of the group."),
        *ENDPOINTS,
    ),
)

AUTHENTICATION = EventClass(
    "authentication",
    3002,
    "Authentication",
    (
        *user("user", "Account that logs on"),
        *ENDPOINTS,
        *ACTOR_PROCESS,
        integer("logon_type_id", "Windows logon type: 2 interactive, 3 network, 10 remote …"),
        text("auth_protocol", "Protocol or package: NTLM, Kerberos, publickey, OAuth2 …"),
        text("logon_process_name", "Logon process named by Windows."),
        text("session.uid", "Id of the session that the logon made."),
        text("service.name", "Service for which a ticket or token was asked."),
        text("ticket_encryption_type", "Kerberos encryption type as the source writes it."),
        boolean("is_mfa", "A second factor was used."),
    ),
)
