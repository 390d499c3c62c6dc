"""What to do in the next hour: concrete steps, in the order in which they help most."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from noroshi.case.names import Reach, account, reach
from noroshi.case.scene import most_often, scene
from noroshi.case.tactics import short_name
from noroshi.lang import Message
from noroshi.model import Entity, EntityType, Finding, Severity

_NAMED = 6
_BRUTE_FORCE = "T1110"
_A_STORY = 3
"""Fewer different rules than this, none of them severe, are cleared up by asking."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a case's serious findings are about.

    Attributes:
        tactics: tactic short names.
        severity: of the most severe one.
        hosts: machines on which things happened.
        users: accounts that acted.
        outside: outside addresses and domains.
    """

    tactics: frozenset[str]
    severity: Severity
    hosts: tuple[str, ...]
    users: tuple[str, ...]
    outside: tuple[str, ...]


def scope(findings: Sequence[Finding]) -> Scope:
    """Return what findings are about; minor ones count only if there are no others."""
    serious = [item for item in findings if item.severity >= Severity.MEDIUM] or list(findings)
    entities = [entity for item in serious for entity in item.entities]
    users = (account(e.value) for e in entities if e.type is EntityType.USER)
    hosts = scene(serious)
    ours = tuple(f".{name.lower().partition('.')[2]}" for name in hosts if name.count(".") > 1)
    return Scope(
        tactics=frozenset(short_name(name) for item in serious for name in item.tactics),
        severity=max(item.severity for item in serious),
        hosts=hosts,
        users=most_often(name for name in users if name),
        outside=most_often(entity.value for entity in entities if _is_outside(entity, ours)),
    )


def tasks(findings: Sequence[Finding]) -> tuple[Message, ...]:
    """Return what to do about a case's findings now, most urgent first."""
    if not findings:
        return ()
    seen = scope(findings)
    if seen.severity <= Severity.MEDIUM and len({item.rule_id for item in findings}) < _A_STORY:
        guessed = {t[: len(_BRUTE_FORCE)] for item in findings for t in item.techniques}
        only_guessed = guessed == {_BRUTE_FORCE} and seen.outside
        return _shut_out(seen) if only_guessed else _clear_up(seen)
    return tuple(task for make in _TASKS if (task := make(seen)) is not None)


def _is_outside(entity: Entity, ours: tuple[str, ...]) -> bool:
    """Tell an outside address or name; one beside the case's machines (*ours*) is their proxy."""
    if entity.type is EntityType.ADDRESS:
        return reach(entity.value) is Reach.OUTSIDE
    name = entity.value.lower()
    return entity.type is EntityType.DOMAIN and "." in name and not f".{name}".endswith(ours)


def listed(names: Sequence[str]) -> str:
    """Return names as one text, the rest counted."""
    rest = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" (+{rest})" if rest > 0 else "")


def _clear_up(seen: Scope) -> tuple[Message, ...]:
    """Return what to do where one thing looks odd and nothing points to an attack yet."""
    if seen.users:
        ask = Message(
            "Ask {users} by telephone whether they did this themselves, and why",
            {"users": listed(seen.users)},
        )
    else:
        ask = Message("Ask whoever looks after the machine whether this was meant to happen")
    return (
        ask,
        Message("If it was, close the case with the explanation as its note"),
        Message("If nobody knows of it, treat it as an attack: disconnect the machine and call"),
    )


def _shut_out(seen: Scope) -> tuple[Message, ...]:
    """Return what to do where somebody outside guesses passwords and was not seen to get in."""
    outside = {"outside": listed(seen.outside)}
    return (
        Message(
            "Check whether any logon from {outside} ever succeeded; if one did, treat it as an "
            "attack: disconnect the machine and call",
            outside,
        ),
        Message(
            "Block {outside} at the firewall, and close logons from the internet that nobody needs",
            outside,
        ),
    )


def _isolate(seen: Scope) -> Message | None:
    if not seen.hosts:
        return None
    return Message(
        "Disconnect {hosts} from the network (cable and wireless) but leave them switched on; "
        "servers that others need, such as a domain controller, only after a call to who runs them",
        {"hosts": listed(seen.hosts)},
    )


def _save_backups(seen: Scope) -> Message | None:
    if "impact" not in seen.tactics:
        return None
    return Message("Take the backups off the network now and check that they can still be read")


def _call(_: Scope) -> Message | None:
    return Message(
        "Call the person responsible for incidents and the operator of your security service, "
        "and write down from now on who does what and when"
    )


def _block(seen: Scope) -> Message | None:
    if not seen.outside:
        return None
    return Message(
        "Block {outside} at the firewall, the proxy and the name server, and look for other "
        "machines that contacted them",
        {"outside": listed(seen.outside)},
    )


def _reset(seen: Scope) -> Message | None:
    if "credential-access" in seen.tactics:
        if seen.users:
            return Message(
                "From a clean machine, set new passwords for {users} and for every account that "
                "was used on these machines, administrators first, and end their sessions",
                {"users": listed(seen.users)},
            )
        return Message(
            "From a clean machine, set new passwords for every account that was used on these "
            "machines, administrators first, and end their sessions"
        )
    if not seen.users or not seen.tactics & {"initial-access", "lateral-movement", "execution"}:
        return None
    return Message("Lock {users} until it is clear who used them", {"users": listed(seen.users)})


def _stop_spreading(seen: Scope) -> Message | None:
    if "lateral-movement" not in seen.tactics:
        return None
    return Message(
        "Stop remote administration between workstations (SMB, RDP, WinRM) and check the domain "
        "controllers and file servers for logons by the same accounts"
    )


def _find_entrance(seen: Scope) -> Message | None:
    if "initial-access" not in seen.tactics:
        return None
    return Message(
        "Find out how they came in: remove the same mail from all mailboxes and ask everybody who "
        "received it whether they opened it"
    )


def _assess_data(seen: Scope) -> Message | None:
    if not seen.tactics & {"exfiltration", "collection"}:
        return None
    return Message(
        "Find out which data could be read from these machines, and tell the person responsible "
        "for personal data: the time for a report to the authorities may already be running"
    )


def _preserve(seen: Scope) -> Message | None:
    return Message(
        "Preserve evidence before anything is cleaned: take memory and disk images, and copy the "
        "logs of this time to a place that nobody can overwrite"
    )


_TASKS: tuple[Callable[[Scope], Message | None], ...] = (
    _isolate,
    _save_backups,
    _call,
    _block,
    _reset,
    _stop_spreading,
    _find_entrance,
    _assess_data,
    _preserve,
)
