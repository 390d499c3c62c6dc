"""What people do about an incident, and what it does to the simulated organisation.

An action is the only way in which anybody (a trainee, an instructor, a scripted policy) changes the
world. The world asks :class:`Defences` what holds at a moment; nothing is stored twice, so the same
seed and the same actions always give the same future.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class ActionKind(StrEnum):
    """What can be done; the target each one names is in brackets."""

    ISOLATE_HOST = "isolate-host"  # host name: off the network, still running
    RECONNECT_HOST = "reconnect-host"  # host name
    SHUT_DOWN_HOST = "shut-down-host"  # host name: off; memory is lost
    START_HOST = "start-host"  # host name
    RESTORE_HOST = "restore-host"  # host name: rebuilt from backup; what was on it is gone
    BLOCK = "block"  # address, network or domain name, at proxy, resolver and firewall
    UNBLOCK = "unblock"  # the same
    DISABLE_ACCOUNT = "disable-account"  # login
    ENABLE_ACCOUNT = "enable-account"  # login
    RESET_PASSWORD = "reset-password"  # noqa: S105 - login; ends its sessions
    STOP_SERVICE = "stop-service"  # service id of the organisation
    START_SERVICE = "start-service"  # service id
    CLOSE_SEGMENT = "close-segment"  # segment id: cut from every other
    OPEN_SEGMENT = "open-segment"  # segment id
    PATCH = "patch"  # service or host
    REMOVE_MAIL = "remove-mail"  # message id or subject: taken out of every mailbox
    PRESERVE = "preserve"  # host name: memory and disk image, before anything is changed
    ASK_VENDOR = "ask-vendor"  # vendor id
    CALL = "call"  # person's login or outside party's id
    NOTIFY = "notify"  # outside party's id: prefecture, police, commission, security cloud …
    PUBLISH = "publish"  # channel: web, press, residents
    DECLARE = "declare"  # severity: an incident is declared
    REPORT = "report"  # file name of a report handed in


@dataclass(frozen=True, slots=True)
class Action:
    """One thing somebody did.

    Attributes:
        time: µs since 1970 UTC, in the simulated world.
        kind: what.
        target: on what, see :class:`ActionKind`.
        actor: who: role or team member; ``instructor`` for the instructor.
        note: their words, e.g. what was asked or told.
    """

    time: int
    kind: ActionKind
    target: str
    actor: str = ""
    note: str = ""


class Defences:
    """What the actions taken so far have changed, asked at a moment.

    An action holds from its own time on, until its opposite.
    """

    def __init__(self, actions: Iterable[Action] = ()) -> None:
        self.actions: Sequence[Action] = tuple(sorted(actions, key=lambda action: action.time))
        self._by_target: dict[tuple[ActionKind, str], list[int]] = {}
        for action in self.actions:
            key = (action.kind, action.target.casefold())
            self._by_target.setdefault(key, []).append(action.time)

    def times(self, kind: ActionKind, target: str) -> Sequence[int]:
        """Return when an action was taken on a target, in order."""
        return self._by_target.get((kind, target.casefold()), ())

    def holds(self, begin: ActionKind, end: ActionKind, target: str, time: int) -> bool:
        """Tell whether ``begin`` was done to the target by ``time`` and not undone since."""
        done = [moment for moment in self.times(begin, target) if moment <= time]
        undone = [moment for moment in self.times(end, target) if moment <= time]
        return bool(done) and (not undone or max(undone) < max(done))

    def isolated(self, host: str, time: int) -> bool:
        """Tell whether a host is off the network, by isolation or because it is off."""
        return self.holds(
            ActionKind.ISOLATE_HOST, ActionKind.RECONNECT_HOST, host, time
        ) or self.off(host, time)

    def off(self, host: str, time: int) -> bool:
        """Tell whether a host is switched off."""
        return self.holds(ActionKind.SHUT_DOWN_HOST, ActionKind.START_HOST, host, time)

    def restored(self, host: str, since: int, until: int) -> bool:
        """Tell whether a host was rebuilt within ``since < time <= until``."""
        return any(since < time <= until for time in self.times(ActionKind.RESTORE_HOST, host))

    def blocked(self, name: str, time: int) -> bool:
        """Tell whether an address or a name, or a domain above it, is blocked."""
        labels = name.split(".")
        names = {name, *(".".join(labels[index:]) for index in range(1, len(labels) - 1))}
        return any(self.holds(ActionKind.BLOCK, ActionKind.UNBLOCK, value, time) for value in names)

    def disabled(self, login: str, time: int) -> bool:
        """Tell whether an account cannot log on."""
        return self.holds(ActionKind.DISABLE_ACCOUNT, ActionKind.ENABLE_ACCOUNT, login, time)

    def reset(self, login: str, since: int, until: int) -> bool:
        """Tell whether a password was changed within ``since < time <= until``."""
        return any(since < time <= until for time in self.times(ActionKind.RESET_PASSWORD, login))

    def stopped(self, service: str, time: int) -> bool:
        """Tell whether a service is stopped."""
        return self.holds(ActionKind.STOP_SERVICE, ActionKind.START_SERVICE, service, time)

    def cut(self, segment: str, time: int) -> bool:
        """Tell whether a segment is cut from the others."""
        return self.holds(ActionKind.CLOSE_SEGMENT, ActionKind.OPEN_SEGMENT, segment, time)
