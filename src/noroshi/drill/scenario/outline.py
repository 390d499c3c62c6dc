"""A scenario from somebody else's flow, or from a case: steps of the library, bound to a town.

What the intruder needs and the flow does not tell (a way in, a channel, an account) is put before
it, so that the outcome can be played; actions without a step are passed over, and named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from noroshi.drill.scenario.flow import Flow, FlowAction
from noroshi.drill.steps import Gift, Need, Step, Tactic, by_technique, library

_TECHNIQUE = re.compile(r"T\d{4}(?:\.\d{3})?")
_MOST = 48
_FIRST, _LAST = 9 * 60, 22 * 60
_SERVERS = ("files", "dc", "backup")
_CAST: Mapping[str, Any] = {
    "victim": {"desk": "総務課"}, "files": {"host": "FS01"}, "dc": {"host": "DC01"},
    "backup": {"host": "BK01"}, "web": {"host": "WWW01"}, "clerk": {"account": "victim"},
    "admin": {"admin": "情報政策室"},
    "sender": {"site": "sender.mikan-mail.example", "ip": "192.0.2.171"},
    "drop": {"site": "198.51.100.201"},
    "c2": {"site": "api.mikan-sync.example", "ip": "198.51.100.202"},
    "second": {"site": "cdn.mikan-sync.example", "ip": "198.51.100.203"},
    "storage": {"site": "up.mikan-box.example", "ip": "192.0.2.172"},
    "records": {"data": "総務課"},
}  # fmt: skip
_SITES = {Tactic.INITIAL_ACCESS: "sender", Tactic.EXFILTRATION: "storage"}
_DESK_ONLY = frozenset({Need.PERSON, Need.MAILBOX})
_LINUX = frozenset({"unix-shell", "web-shell", "authorized-keys", "sudo", "wipe-history", "deface",
                    "local-data", "server-channel", "exfil-server", "ssh", "web-flaw"})  # fmt: skip
_OTHER_HOUSES = frozenset({"setpoint", "historian", "alarm-off", "device-guess", "bots",
                           "bot-flood", "charts", "vpn-flaw", "vpn-account", "trusted-vendor",
                           "insider"})  # fmt: skip
_WAY_IN = (("lure", "mail-attachment"), ("opened", "open-attachment"), ("macro", "macro-shell"),
           ("program", "download"), ("orders", "call-home"))  # fmt: skip


@dataclass(frozen=True)
class Outline:
    """A scenario's text, how many actions have a step, which steps were added, what was left."""

    text: str
    playable: int
    added: tuple[str, ...]
    left: tuple[FlowAction, ...]


def outline(flow: Flow) -> Outline:
    """Return a scenario that plays a flow in the town hall."""
    chosen = [(action, _step(action)) for action in flow.actions]
    playable = [(action, step) for action, step in chosen if step][:_MOST]
    kept = {action.id for action, _ in playable}
    left = tuple(action for action, _ in chosen if action.id not in kept)
    ids = {action.id: f"s{number:02d}" for number, (action, _) in enumerate(playable, 1)}
    steps: dict[str, Any] = {name: _added(name, use) for name, use in _WAY_IN}
    previous = "orders"
    server = 0
    for number, (action, step) in enumerate(playable):
        minute = _FIRST + 30 + (_LAST - _FIRST) * number // max(1, len(playable))
        if step.tactic is Tactic.LATERAL_MOVEMENT and Gift.FOOTHOLD in step.gives:
            server = min(server + 1, len(_SERVERS))
        spec = _bound(step, _SERVERS[max(0, server - 1)])
        wanted = [n for n in (*_base(steps, step), previous) if n not in spec.get("after", [])]
        before = [ids[each] for each in (*action.after_all, *action.after_any) if each in ids]
        spec["after"] = before or wanted[-1:]
        if Need.ACCOUNT in step.needs and not any("account" in _given(s) for s in steps.values()):
            steps["stolen"] = {"use": "lsass", "to": "victim", "account": "admin",
                               "after": ["orders"], "at": "10:05", "harm": 0}  # fmt: skip
        if Need.RECORDS in step.needs and not any("records" in _given(s) for s in steps.values()):
            steps["gathered"] = {"use": "archive", "to": "victim", "data": "records",
                                 "after": ["orders"], "at": "10:20", "harm": 0}  # fmt: skip
        spec["at"] = f"{minute // 60:02d}:{minute % 60:02d}"
        steps[ids[action.id]] = spec
        previous = ids[action.id]
    _share_harm(steps)
    added = tuple(name for name in steps if name not in ids.values())
    data = _document(flow.name, steps, left)
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=100)
    return Outline(text, len(playable), added, left)


def _step(action: FlowAction) -> Step | None:
    """The step of the action's technique that the town hall can play."""
    if not _TECHNIQUE.fullmatch(action.technique):
        return None
    fits = (s for s in by_technique(action.technique) if s.id not in _LINUX | _OTHER_HOUSES)
    return next(fits, None)


def _added(name: str, use: str) -> dict[str, Any]:
    order = [each for each, _ in _WAY_IN]
    site = {"lure": "sender", "program": "drop", "orders": "c2"}.get(name)
    spec: dict[str, Any] = {"use": use, "to": "victim", "at": f"08:{30 + 3 * order.index(name)}"}
    if name != order[0]:
        spec["after"] = [order[order.index(name) - 1]]
    return {**spec, **({"site": site} if site else {}), "harm": 0}


def _base(steps: Mapping[str, Any], step: Step) -> Iterator[str]:
    if step.needs & {Need.FOOTHOLD, Need.CHANNEL} and "orders" in steps:
        yield "orders"


def _given(spec: Mapping[str, Any]) -> set[str]:
    return {gift.value for gift in library()[spec["use"]].gives}


def _bound(step: Step, server: str) -> dict[str, Any]:
    """Give a step its parts."""
    spec: dict[str, Any] = {"use": step.id}
    remote = Need.TARGET in step.needs and not step.needs & _DESK_ONLY
    spec["to"] = server if remote else "victim"
    if remote and Need.FOOTHOLD in step.needs:
        spec["from"] = "victim"
    if step.needs & {Need.ACCOUNT} or Gift.ACCOUNT in step.gives:
        spec["account"] = "admin"
    if Need.OUTSIDE in step.needs or Gift.CHANNEL in step.gives:
        default = "c2" if step.tactic is Tactic.COMMAND_AND_CONTROL else "drop"
        spec["site"] = _SITES.get(step.tactic, default)
    if step.tactic in (Tactic.COLLECTION, Tactic.EXFILTRATION):
        spec["data"] = "records"
    return spec


def _share_harm(steps: dict[str, Any]) -> None:
    """All damage together is 100, the later half of the story does most of it."""
    names = [name for name, spec in steps.items() if "harm" not in spec]
    weights = [1 + 3 * (number >= len(names) / 2) for number in range(len(names))]
    for name, weight in zip(names, weights, strict=True):
        steps[name]["harm"] = round(100 * weight / sum(weights), 2)


def _document(name: str, steps: Mapping[str, Any], left: Sequence[FlowAction]) -> dict[str, Any]:
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:39].strip("-") or "imported"
    title = {"en": f"After: {name[:200]}", "ja": f"実例をもとに: {name[:200]}"}
    return {
        "name": plain,
        "title": title,
        "course": "C",
        "briefing": {
            "en": "Midorino town hall. An incident made after a real one. You are the incident "
            "team.",
            "ja": "みどり野町役場。実例をもとにしたインシデントです。あなた方は町のCSIRTです。",
        },
        "cast": dict(_CAST),
        "fallbacks": ["second"],
        "steps": dict(steps),
        "levels": {
            1: {"alert": "09:20"},
            2: {"alert": "10:10", "fallbacks": 1},
            3: {"alert": "11:00", "fallbacks": 1, "retries": 2, "missing": ["firewall"]},
        },
        "hints": [{"en": "Begin with the address that the monitoring desk named.",
                   "ja": "監視センターが知らせたアドレスから始めましょう。"}],
        "model": [
            {"do": "isolate-host", "target": "victim", "step": "orders"},
            {"do": "block", "target": "c2", "step": "orders"},
        ],
        "note": [f"no step for: {each.name} ({each.technique or '-'})"[:300] for each in left],
    }  # fmt: skip
