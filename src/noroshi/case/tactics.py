"""ATT&CK tactics: their order along an attack and their names for people."""

from __future__ import annotations

from collections.abc import Iterable

from noroshi.lang import N_

TACTICS: dict[str, str] = {
    "reconnaissance": N_("Reconnaissance"),
    "resource-development": N_("Resource development"),
    "initial-access": N_("Initial access"),
    "execution": N_("Execution"),
    "persistence": N_("Persistence"),
    "privilege-escalation": N_("Privilege escalation"),
    "defense-evasion": N_("Defence evasion"),
    "stealth": N_("Stealth"),
    "defense-impairment": N_("Defence impairment"),
    "credential-access": N_("Credential access"),
    "discovery": N_("Discovery"),
    "lateral-movement": N_("Lateral movement"),
    "collection": N_("Collection"),
    "command-and-control": N_("Command and control"),
    "exfiltration": N_("Exfiltration"),
    "impact": N_("Impact"),
}
"""Short name to English name, in the order of the enterprise matrix.

``stealth`` and ``defense-impairment`` are the two halves into which newer ATT&CK versions split
``defense-evasion``; rules in the field use all three.
Source: MITRE ATT&CK, enterprise matrix.
"""

_POSITION = {name: position for position, name in enumerate(TACTICS)}


def short_name(tactic: str) -> str:
    """Return a tactic's short name as ATT&CK writes it: lower case, hyphens."""
    return tactic.strip().lower().removeprefix("attack.").replace("_", "-").replace(" ", "-")


def position(tactic: str) -> int:
    """Return where along an attack a tactic stands; unknown ones come last."""
    return _POSITION.get(tactic, len(_POSITION))


def in_order(tactics: Iterable[str]) -> tuple[str, ...]:
    """Return the distinct tactics in the order of an attack; unknown ones last, by name."""
    return tuple(sorted({short_name(name) for name in tactics}, key=lambda n: (position(n), n)))
