"""What a step touched and left, told from its act and its events."""

from __future__ import annotations

from collections.abc import Iterable

from noroshi.drill.event import Event, Flow, Process, Resolved, Session
from noroshi.drill.exercise.outcome import Status, StepFact
from noroshi.drill.intruder.bind import Bound, Node
from noroshi.drill.intruder.sensors import seen
from noroshi.drill.scenario.brief import spoken
from noroshi.drill.steps import Gift, Need
from noroshi.drill.steps.act import Act
from noroshi.drill.world import SYSTEM_ACCOUNT
from noroshi.lang import Message

_TAKEN = frozenset({Need.PERSON})
_REACHED = frozenset({Need.ACCOUNT, Need.TARGET})


def fact(
    bound: Bound, node: Node, act: Act, status: Status, because: Message | None = None
) -> StepFact:
    """Return a try of a step as exercise and grading see it."""
    events = sorted(act.day.events, key=lambda event: event.time)
    missing = bound.setting.missing
    shown = next((event.time for event in events if seen(event, bound.world, missing)), 0)
    first = events[0].time if events else act.time
    title = spoken(node.of.title.both(), bound.cast.words()) if node.of.title else node.step.title
    return StepFact(
        node.id,
        node.step.technique,
        title,
        status,
        first,
        shown,
        tuple(_hosts(bound, node, act)),
        tuple(_accounts(bound, node, act)),
        act.data if status is Status.DONE else (),
        tuple(_artefacts(bound, events, act)),
        because,
    )


def _hosts(bound: Bound, node: Node, act: Act) -> Iterable[str]:
    found: dict[str, None] = {}
    if act.home is not None:
        found[act.home.host.name] = None
    needs = node.step.needs
    if act.gained or needs & _TAKEN or needs >= _REACHED:
        found[(act.gained.host if act.gained else act.host).name] = None
    return [name for name in found if name in bound.world.hosts and name != "FW01"]


def _accounts(bound: Bound, node: Node, act: Act) -> Iterable[str]:
    found: dict[str, None] = {}
    for hold in filter(None, (act.home, act.gained)):
        if hold.account and hold.account is not SYSTEM_ACCOUNT:
            found[hold.account.login] = None
    if act.account and (Need.ACCOUNT in node.step.needs or Gift.ACCOUNT in node.step.gives):
        found[act.account.login] = None
    return [login for login in found if login in bound.world.accounts]


def _artefacts(bound: Bound, events: Iterable[Event], act: Act) -> Iterable[str]:
    inside = {ip for host in bound.world.hosts.values() for ip in (host.ip, host.public_ip)}
    site = act.site.name if act.site else ""
    found: dict[str, None] = {}
    for event in events:
        process = getattr(event, "process", None)
        if (
            isinstance(process, Process)
            and process.program.marker
            and process.program.path != "System"
        ):
            found[process.program.sha256] = None
        session = getattr(event, "session", None)
        if isinstance(session, Session):
            continue
        if isinstance(event, Flow) and site and event.target not in inside:
            name = event.name or event.target
            found[site if name.endswith(site) else name] = None
        if isinstance(event, Resolved) and site and event.name.endswith(site):
            found[site] = None
    if site and act.site and any(_names(event, act.site.ip) for event in events):
        found[act.site.name if act.site.name in found else act.site.ip] = None
    return found


def _names(event: Event, ip: str) -> bool:
    return ip in (
        getattr(event, "source", ""),
        getattr(event, "address", ""),
        getattr(event, "remote", ""),
        getattr(event, "server", ""),
    )
