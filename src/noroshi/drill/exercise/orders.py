"""Whether an order can be given: by this role, on something that there is."""

from __future__ import annotations

import difflib
import ipaddress
import re
from collections.abc import Collection

from noroshi.drill.action import ActionKind
from noroshi.drill.exercise.errors import ExerciseError
from noroshi.drill.exercise.outcome import Outcome
from noroshi.drill.exercise.parties import Party
from noroshi.drill.exercise.roles import Role, may, who_may

_HOSTS = frozenset(
    {
        ActionKind.ISOLATE_HOST, ActionKind.RECONNECT_HOST, ActionKind.SHUT_DOWN_HOST,
        ActionKind.START_HOST, ActionKind.RESTORE_HOST, ActionKind.PRESERVE,
    }
)  # fmt: skip
_ACCOUNTS = frozenset(
    {ActionKind.DISABLE_ACCOUNT, ActionKind.ENABLE_ACCOUNT, ActionKind.RESET_PASSWORD}
)
_SERVICES = frozenset({ActionKind.STOP_SERVICE, ActionKind.START_SERVICE})
_SEGMENTS = frozenset({ActionKind.CLOSE_SEGMENT, ActionKind.OPEN_SEGMENT})
_BLOCKS = frozenset({ActionKind.BLOCK, ActionKind.UNBLOCK})
_NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,62}\.)*[a-z0-9_-]{1,63}", re.IGNORECASE)
LONGEST = 500
"""Longest target, in characters."""


def checked_target(outcome: Outcome, kind: ActionKind, target: str, role: Role) -> str:
    """Return the target as the world knows it.

    Raises:
        ExerciseError: the role gives no such orders, or there is no such target.
    """
    if not may(role, kind):
        roles = ", ".join(who_may(kind))
        raise ExerciseError(f"{role} does not order {kind}; ask {roles} (noroshi drill message)")
    target = target.strip()
    if not target or len(target) > LONGEST:
        raise ExerciseError(f"{kind}: name a target of at most {LONGEST} characters")
    if kind in _HOSTS:
        return _known(target, outcome.hosts, "machine")
    if kind in _ACCOUNTS:
        return _known(target.rpartition("\\")[2], outcome.accounts, "account")
    if kind in _SERVICES:
        return _known(target, outcome.services, "service")
    if kind in _SEGMENTS and outcome.segments:
        return _known(target, outcome.segments, "part of the network")
    if kind is ActionKind.CALL:
        return _known(target, {*outcome.people, *Party}, "person or party")
    if kind is ActionKind.NOTIFY:
        return _known(target, {*Party}, "party")
    if kind in _BLOCKS:
        return _address(target)
    return target


def _known(target: str, names: Collection[str], what: str) -> str:
    found = {name.casefold(): str(name) for name in names}
    if target.casefold() in found:
        return found[target.casefold()]
    near = difflib.get_close_matches(target.casefold(), found, 3)
    meant = f"; did you mean {', '.join(found[name] for name in near)}?" if near else ""
    raise ExerciseError(f"there is no {what} {target!r}{meant}")


def _address(target: str) -> str:
    """Addresses, networks and names; a URL is cut to its host."""
    host = re.sub(r"^[a-z]+://", "", target.strip("[]"), flags=re.IGNORECASE)
    try:
        return str(ipaddress.ip_network(host, strict=False)).removesuffix("/32")
    except ValueError:
        host = host.partition("/")[0].partition(":")[0].rstrip(".").lower()
    if _NAME.fullmatch(host) and "." in host:
        return host
    raise ExerciseError(f"{target!r} is no address, network or domain name")
