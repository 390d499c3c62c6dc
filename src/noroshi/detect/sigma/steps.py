"""What to check next, by what a rule looks at and what the attacker may be after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from noroshi.lang import N_, Message

MOST = 4
"""Steps offered per finding: more are not read."""

_CATEGORY: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "process_creation": (
            N_("Look at the parent process and the process tree: who or what started it?"),
            N_("Ask the user, or the administrator on duty, whether this command was theirs."),
        ),
        "ps_script": (
            N_("Read the whole script block, decode what is encoded, and note addresses in it."),
            N_("Find the process that ran the script and what it started or wrote."),
        ),
        "ps_module": (
            N_("Read the whole script block, decode what is encoded, and note addresses in it."),
        ),
        "file_event": (
            N_("Secure a copy of the file, compute its hash, and look for it on other hosts."),
            N_("Find out which process wrote the file and where it came from."),
        ),
        "registry_set": (
            N_("Read the value that was written: does it name a program that starts by itself?"),
        ),
        "registry_event": (
            N_("Read the value that was written: does it name a program that starts by itself?"),
        ),
        "network_connection": (
            N_("Look for other hosts that spoke to the same destination, before and after."),
            N_("Find the process behind the connection and how many bytes left."),
        ),
        "dns_query": (
            N_("Look for other hosts that asked for the same name, and for what it resolved to."),
        ),
        "dns": (
            N_("Look for other hosts that asked for the same name, and for what it resolved to."),
        ),
        "proxy": (
            N_("Look in the proxy log for what was downloaded or sent, and by which user."),
            N_("Look for other hosts that spoke to the same destination, before and after."),
        ),
        "webserver": (
            N_("Check the server's answer: a code of 200 to a probe means it may have worked."),
            N_("Look for new files in the web folders and new processes of the web server."),
        ),
        "image_load": (
            N_("Check the signature and the path of the module, and which process loaded it."),
        ),
        "driver_load": (
            N_("Check the signature and the path of the module, and which process loaded it."),
        ),
        "process_access": (
            N_("Check which process read the other's memory; if it was LSASS, treat the passwords "
               "used on this host as stolen."),
        ),
        "create_remote_thread": (
            N_("Compare both processes: code put into another process is rarely legitimate."),
        ),
        "pipe_created": (
            N_("Find the process that made the pipe; known names belong to known attack tools."),
        ),
    }
)  # fmt: skip

_TACTIC: Mapping[str, str] = MappingProxyType(
    {
        "initial-access": N_(
            "Look for the mail, download or exposed service by which it came in, and for others "
            "who received the same."
        ),
        "execution": N_(
            "Collect what ran within ten minutes before and after on this host, in order of time."
        ),
        "persistence": N_(
            "List services, scheduled tasks, run keys and accounts that are new since that time."
        ),
        "privilege-escalation": N_(
            "Check whether the account gained rights: group changes, new tokens, high integrity."
        ),
        "stealth": N_(
            "Check whether logs, security tools or files were changed or deleted around that time."
        ),
        "defense-evasion": N_(
            "Check whether logs, security tools or files were changed or deleted around that time."
        ),
        "defense-impairment": N_(
            "Confirm that security software and logging run on this host, and switch them on again."
        ),
        "credential-access": N_(
            "Have the passwords of accounts used on this host changed, administrators first."
        ),
        "discovery": N_(
            "See whether more such enquiries follow within the hour; a series suggests an intruder."
        ),
        "lateral-movement": N_(
            "Trace the logons from this host to others, and check those hosts the same way."
        ),
        "collection": N_(
            "Find out which files were gathered or packed, and whether they contain personal data."
        ),
        "command-and-control": N_(
            "Block the destination at the proxy or firewall and see who else spoke to it."
        ),
        "exfiltration": N_(
            "Sum up the bytes sent to the destination, and find out which data it was."
        ),
        "impact": N_(
            "Isolate the host now, and check that backups are intact and out of its reach."
        ),
        "reconnaissance": N_(
            "Check whether the same source came back later with a logon or an exploit."
        ),
        "resource-development": N_(
            "Look for the tool or account that was prepared here, on other hosts too."
        ),
    }
)

_ALWAYS = N_("See what else was found on this host, and for this user, on the same day.")


def next_steps(category: str, tactics: Iterable[str]) -> tuple[Message, ...]:
    """Return what to check next, most useful first.

    Args:
        category: Sigma log source category of the rule, or nothing.
        tactics: ATT&CK tactic short names of the rule.
    """
    by_tactic = [_TACTIC[tactic] for tactic in tactics if tactic in _TACTIC]
    templates = dict.fromkeys((*_CATEGORY.get(category, ()), *by_tactic))
    return tuple(Message(template) for template in (*list(templates)[: MOST - 1], _ALWAYS))
