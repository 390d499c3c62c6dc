"""The four of a team, and who may give which order.

The split follows how Japanese local governments organise their CSIRT: one who decides, one who
leads the response, one who analyses, one who speaks to the outside. In a smaller team a person
takes several roles; a team of one takes ``all``.
"""

from __future__ import annotations

from enum import StrEnum

from noroshi.drill.action import ActionKind
from noroshi.lang import N_


class Role(StrEnum):
    """A seat in the team, or at the instructor's desk."""

    CISO = "ciso"
    CSIRT = "csirt"
    ANALYST = "analyst"
    LIAISON = "liaison"
    ALL = "all"
    INSTRUCTOR = "instructor"


ROLE_NAMES = {
    Role.CISO: N_("CISO (decides)"),
    Role.CSIRT: N_("CSIRT (leads the response)"),
    Role.ANALYST: N_("Analyst"),
    Role.LIAISON: N_("Public relations and contact point"),
    Role.ALL: N_("Whole team"),
    Role.INSTRUCTOR: N_("Instructor"),
}

TECHNICAL = frozenset(
    {
        ActionKind.ISOLATE_HOST, ActionKind.RECONNECT_HOST, ActionKind.SHUT_DOWN_HOST,
        ActionKind.START_HOST, ActionKind.RESTORE_HOST, ActionKind.BLOCK, ActionKind.UNBLOCK,
        ActionKind.DISABLE_ACCOUNT, ActionKind.ENABLE_ACCOUNT, ActionKind.RESET_PASSWORD,
        ActionKind.PATCH, ActionKind.REMOVE_MAIL, ActionKind.PRESERVE,
    }
)  # fmt: skip
FAR_REACHING = frozenset(
    {
        ActionKind.STOP_SERVICE, ActionKind.START_SERVICE, ActionKind.CLOSE_SEGMENT,
        ActionKind.OPEN_SEGMENT, ActionKind.DECLARE,
    }
)  # fmt: skip
TALKING = frozenset({ActionKind.ASK_VENDOR, ActionKind.CALL, ActionKind.REPORT})
OUTSIDE = frozenset({ActionKind.NOTIFY, ActionKind.PUBLISH})

_MAY = {
    Role.CISO: FAR_REACHING | OUTSIDE | TALKING,
    Role.CSIRT: TECHNICAL | FAR_REACHING | TALKING,
    Role.ANALYST: TALKING | {ActionKind.PRESERVE},
    Role.LIAISON: OUTSIDE | TALKING,
}


def may(role: Role, kind: ActionKind) -> bool:
    """Tell whether a role gives such orders itself; others must ask the one who does."""
    return role in (Role.ALL, Role.INSTRUCTOR) or kind in _MAY[role]


def who_may(kind: ActionKind) -> tuple[Role, ...]:
    """Return the roles that give such an order."""
    return tuple(role for role, kinds in _MAY.items() if kind in kinds)
