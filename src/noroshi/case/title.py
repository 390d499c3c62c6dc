"""One line that says what a case is about, as a person would write it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from noroshi.case.noise import RuleUse
from noroshi.case.rank import strongest
from noroshi.case.scene import scene
from noroshi.case.tactics import short_name
from noroshi.lang import N_, Message
from noroshi.model import Finding, Severity

_BEGINNINGS = ("initial-access", "credential-access", "command-and-control", "execution")
_ENDS = ("impact", "exfiltration", "lateral-movement")
_STORIES = {
    ("initial-access", "impact"): N_("Break-in on {host}, followed by damage"),
    ("initial-access", "exfiltration"): N_("Break-in on {host}, then data sent out"),
    ("initial-access", "lateral-movement"): N_("Break-in on {host}, then lateral movement"),
    ("credential-access", "impact"): N_("Credential theft on {host}, followed by damage"),
    ("credential-access", "exfiltration"): N_("Credential theft on {host}, then data sent out"),
    ("credential-access", "lateral-movement"): N_(
        "Credential theft on {host}, then lateral movement"
    ),
    ("command-and-control", "impact"): N_("{host} steered from outside, followed by damage"),
    ("command-and-control", "exfiltration"): N_("{host} steered from outside, then data sent out"),
    ("command-and-control", "lateral-movement"): N_(
        "{host} steered from outside, then lateral movement"
    ),
    ("execution", "impact"): N_("Malicious program on {host}, followed by damage"),
    ("execution", "exfiltration"): N_("Malicious program on {host}, then data sent out"),
    ("execution", "lateral-movement"): N_("Malicious program on {host}, then lateral movement"),
}
_SPREADING = {
    ("initial-access", "impact"): N_("Break-in on {host}, spread over {n} machines, with damage"),
    ("initial-access", "exfiltration"): N_(
        "Break-in on {host}, spread over {n} machines, data sent out"
    ),
    ("initial-access", "lateral-movement"): N_(
        "Break-in on {host}, then lateral movement to {others} more machines"
    ),
    ("credential-access", "impact"): N_(
        "Credential theft on {host}, then damage; {n} machines concerned"
    ),
    ("credential-access", "exfiltration"): N_(
        "Credential theft on {host}, then data sent out; {n} machines concerned"
    ),
    ("credential-access", "lateral-movement"): N_(
        "Credential theft on {host}, then lateral movement to {others} more machines"
    ),
    ("command-and-control", "impact"): N_(
        "{host} steered from outside, then damage; {n} machines concerned"
    ),
    ("command-and-control", "exfiltration"): N_(
        "{host} steered from outside, then data sent out; {n} machines concerned"
    ),
    ("command-and-control", "lateral-movement"): N_(
        "{host} steered from outside, then lateral movement to {others} more machines"
    ),
    ("execution", "impact"): N_("Malicious program on {host}, then damage; {n} machines concerned"),
    ("execution", "exfiltration"): N_(
        "Malicious program on {host}, then data sent out; {n} machines concerned"
    ),
    ("execution", "lateral-movement"): N_(
        "Malicious program on {host}, then lateral movement to {others} more machines"
    ),
}
_ONE_MORE = {
    "initial-access": N_("Break-in on {host}, then lateral movement to one more machine"),
    "credential-access": N_(
        "Credential theft on {host}, then lateral movement to one more machine"
    ),
    "command-and-control": N_(
        "{host} steered from outside, then lateral movement to one more machine"
    ),
    "execution": N_("Malicious program on {host}, then lateral movement to one more machine"),
}
_ENOUGH_RULES = 3
"""Fewer different rules are told by the strongest one's own title."""


def title(findings: Sequence[Finding], rules: RuleUse) -> Message:
    """Return a case's title.

    Args:
        findings: the case's findings, earliest first.
        rules: how often each rule fires, over all findings.
    """
    hosts = scene(findings)
    main = strongest(findings, rules)
    if main.severity <= Severity.LOW and len(findings) > 1:
        return _background(findings, hosts)
    believed = [item for item in findings if item.severity >= Severity.MEDIUM]
    seen = {short_name(name) for item in believed for name in item.tactics}
    story = _story(seen)
    if story is None or not hosts or len({item.rule_id for item in believed}) < _ENOUGH_RULES:
        return _of_finding(main, hosts)
    where = _where(story[0], believed, hosts)
    if len(hosts) == 1:
        return Message(_STORIES[story], {"host": where})
    if len(hosts) == 2 and story[1] == "lateral-movement":
        return Message(_ONE_MORE[story[0]], {"host": where})
    return Message(_SPREADING[story], {"host": where, "n": len(hosts), "others": len(hosts) - 1})


def _story(seen: Collection[str]) -> tuple[str, str] | None:
    """Return how it began and where it led, if both were seen."""
    beginning = next((name for name in _BEGINNINGS if name in seen), None)
    end = next((name for name in _ENDS if name in seen), None)
    if beginning is None or end is None:
        return None
    if end == "lateral-movement" and "credential-access" in seen:
        return "credential-access", end
    return beginning, end


def _where(tactic: str, findings: Sequence[Finding], hosts: Sequence[str]) -> str:
    """Return the machine on which a tactic was seen first, or the first one concerned at all."""
    for wanted in (tactic, ""):
        for item in findings:
            if not wanted or wanted in map(short_name, item.tactics):
                for host in item.hosts:
                    if host in hosts:
                        return host
    return hosts[0]


def _of_finding(main: Finding, hosts: Sequence[str]) -> Message:
    if not hosts:
        if main.subject:
            return Message("{title} ({subject})", {"title": main.title, "subject": main.subject})
        return Message("{title}", {"title": main.title})
    host = main.hosts[0] if main.hosts else hosts[0]
    if len(hosts) == 1:
        return Message("{title} on {host}", {"title": main.title, "host": host})
    if len(hosts) == 2:
        return Message(
            "{title} on {host} and {other}",
            {"title": main.title, "host": host, "other": next(h for h in hosts if h != host)},
        )
    return Message(
        "{title} on {host} and {others} more machines",
        {"title": main.title, "host": host, "others": len(hosts) - 1},
    )


def _background(findings: Sequence[Finding], hosts: Sequence[str]) -> Message:
    rules = len({item.rule_id for item in findings})
    if rules == 1:
        return _of_finding(findings[0], hosts)
    if not hosts:
        return Message("Minor findings without a machine: {rules} rules", {"rules": rules})
    return Message("Minor findings on {host}: {rules} rules", {"host": hosts[0], "rules": rules})
