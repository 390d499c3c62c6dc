"""Where a step takes place: on the staff's Windows machines, on the web server, in the cloud."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from noroshi.drill.steps import Step, library


class Realm(Enum):
    """A part of the house with its own way in."""

    OFFICE = "office"
    WEB = "web"
    CLOUD = "cloud"


_WEB = frozenset({
    "unix-shell", "web-shell", "authorized-keys", "sudo", "wipe-history", "deface", "local-data",
    "server-channel", "exfil-server", "web-flaw", "flood",
})  # fmt: skip
_CLOUD = frozenset({
    "cloud-login", "consent", "mailbox-rule", "cloud-admin", "mailbox", "mfa-fatigue",
    "cloud-guess", "mail-link", "open-link",
})  # fmt: skip
_OTHER_HOUSES = frozenset({
    "setpoint", "historian", "alarm-off", "device-guess", "bots", "bot-flood", "charts", "vpn-flaw",
    "vpn-account", "trusted-vendor", "insider", "ssh", "payment", "tell-partner", "cloud-files",
    "open-link-public", "second-channel",
})  # fmt: skip
"""Steps that need a house, a gateway or a bargain that the town hall of such a scenario has not."""


_ANCHORS = {
    Realm.WEB: frozenset({"T1190", "T1505.003", "T1059.004", "T1491.002", "T1491", "T1498"}),
    Realm.CLOUD: frozenset({"T1078.004", "T1528", "T1564.008", "T1098.003", "T1114.002", "T1621",
                            "T1538", "T1087.004"}),
}  # fmt: skip
"""Techniques by which a case is known to have happened on a web server, or in the cloud."""
_PLAYED_BY = {
    "T1543.003": "smb-service", "T1569.002": "smb-service", "T1133": "rdp", "T1003": "lsass",
    "T1005": "archive", "T1048": "exfil-storage", "T1567": "exfil-storage",
    "T1685.005": "clear-log",
    "T1033": "domain", "T1069.002": "domain", "T1201": "domain", "T1016": "system-info",
    "T1049": "remote-systems", "T1007": "processes", "T1012": "system-info",
}  # fmt: skip
"""Techniques without a step of their own whose traces another step leaves too."""


def playable(step: Step) -> bool:
    """Tell whether the town hall can play a step."""
    return step.id not in _OTHER_HOUSES


def realms_of(techniques: Iterable[str]) -> frozenset[Realm]:
    """Return where a case happened; in the office if nothing says otherwise."""
    named = frozenset(techniques)
    found = {where for where, anchors in _ANCHORS.items() if named & anchors}
    return frozenset({Realm.OFFICE, *found})


def step_for(technique: str, where: frozenset[Realm]) -> Step | None:
    """Return the step that plays a technique: its own, one of its family, or one alike.

    Args:
        technique: ATT&CK id.
        where: realms that the case has to do with.
    """
    family = technique.partition(".")[0]
    fits = [step for step in library().values()
            if playable(step) and realm(step) in where
            and step.technique.partition(".")[0] == family]  # fmt: skip
    alike = library().get(_PLAYED_BY.get(technique, ""))
    exact = (step for step in fits if step.technique == technique)
    return next(exact, None) or alike or next(iter(fits), None)


def realm(step: Step) -> Realm:
    """Return where a step takes place."""
    if step.id in _WEB:
        return Realm.WEB
    return Realm.CLOUD if step.id in _CLOUD else Realm.OFFICE
