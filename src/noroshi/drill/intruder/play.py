"""The story played out: the same for the same seed, level and actions.

Every try of every step has its own dice and its own numbers, named after the step. So what is not
built on a step that an action touched happens at the same time and leaves the same traces, to the
last byte.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from noroshi.drill.action import Defences
from noroshi.drill.clock import HOUR, MINUTE, SECOND
from noroshi.drill.errors import NoRoadError
from noroshi.drill.event import Event, Flow, Resolved
from noroshi.drill.exercise.outcome import Harm, Status, StepFact
from noroshi.drill.intruder.bind import Bound, Node
from noroshi.drill.intruder.holdings import Holdings, Secret
from noroshi.drill.intruder.layer import Layer
from noroshi.drill.intruder.traces import fact
from noroshi.drill.intruder.way import Wall, Way, blocked, find
from noroshi.drill.scenario.schema import StepOf
from noroshi.drill.steps import Gift, Need, library
from noroshi.drill.steps.act import Act
from noroshi.lang import N_, Message

_NIGHT, _MORNING, _EVENING = 22 * HOUR, 9 * HOUR, 17 * HOUR
_TRIES = 4
"""Tries of one step have numbers of their own; later ones share the last."""


@dataclass(frozen=True)
class Played:
    """One try of a step: what came of it, what it left, what damage it did."""

    fact: StepFact
    events: tuple[Event, ...] = ()
    harm: tuple[Harm, ...] = ()


@dataclass(frozen=True)
class Story:
    """Everything that the intruder did, in order of time."""

    played: tuple[Played, ...]


def tell(bound: Bound, defences: Defences) -> Story:
    """Return the story under the actions taken."""
    return _Teller(bound, defences).tell()


class _Teller:
    def __init__(self, bound: Bound, defences: Defences) -> None:
        self._bound, self._defences = bound, defences
        self._held = Holdings()
        self._played: list[Played] = []
        self._ready: dict[str, int] = {}
        self._lost: dict[str, int] = {}
        self._agenda: list[tuple[int, int, int]] = []
        self._waiting = {node.id: node for node in bound.nodes}
        self._end = bound.clock(bound.scenario.end)
        self._spare = list(bound.scenario.fallbacks[: bound.setting.fallbacks])

    def tell(self) -> Story:
        """Play till nothing is left to try."""
        self._look_for_ready()
        while self._agenda:
            time, place, number = heapq.heappop(self._agenda)
            self._try(self._bound.nodes[place], time, number)
            self._look_for_ready()
        for node in self._waiting.values():
            self._never(node)
        return Story(tuple(sorted(self._played, key=lambda each: each.fact.time)))

    # -- the graph ---------------------------------------------------------------------------

    def _ids(self, name: str) -> list[str]:
        return [
            node.id
            for node in self._bound.nodes
            if node.id == name or (node.of.count and node.id.rpartition("-")[0] == name)
        ]

    def _met(self, of: StepOf) -> int | None:
        """When everything that a node builds on was there; None while it is not."""
        moments = [0]
        for name in of.after:
            done = [self._ready[each] for each in self._ids(name) if each in self._ready]
            if not done and self._ids(name):
                return None
            moments += [min(done)] if done else []
        either = [
            self._ready[each] for name in of.any for each in self._ids(name) if each in self._ready
        ]
        if of.any and not either:
            return None
        return max([*moments, min(either, default=0)])

    def _look_for_ready(self) -> None:
        for node in list(self._waiting.values()):
            met = self._met(node.of)
            if met is None:
                continue
            del self._waiting[node.id]
            wait = self._dice(node, 0, "delay").uniform(*node.of.delay) if met else 0.0
            time = max(met + round(wait * MINUTE * self._bound.setting.pace), node.not_before)
            if node.not_before:
                within = self._dice(node, 0, "s").randrange(MINUTE)
                time = max(met + SECOND, node.not_before) + within
            self._plan(node, self._allowed(node, time), 0)

    def _allowed(self, node: Node, time: int) -> int:
        """Wait for night, or for people to be at work."""
        day = self._bound.lived.day.begin
        if node.of.when == "night":
            return max(time, day + _NIGHT)
        if node.of.when == "office" and time < day + _MORNING:
            return day + _MORNING
        return time

    def _plan(self, node: Node, time: int, number: int) -> None:
        heapq.heappush(self._agenda, (time, node.place, number))

    def _never(self, node: Node) -> None:
        before = [
            self._lost[each]
            for name in (*node.of.after, *node.of.any)
            for each in self._ids(name)
            if each in self._lost
        ]
        time = max([node.not_before, *before]) or self._end
        self._lost[node.id] = time
        nothing = Message(N_("what it builds on did not come about"))
        self._note(node, Status.SKIPPED, time, nothing)

    # -- one try -----------------------------------------------------------------------------

    def _try(self, node: Node, time: int, number: int) -> None:
        if time >= self._end:
            self._lost[node.id] = time
            self._note(node, Status.SKIPPED, time, Message(N_("the day was over")))
            return
        way = find(self._bound, node, self._held, self._defences, time)
        if isinstance(way, Wall):
            self._blocked(node, time, number, way)
        elif number == 0 and self._dice(node, 0, "luck").random() < node.step.chance:
            self._slipped(node, way, time)
        else:
            self._succeed(node, way, time, number)

    def _succeed(self, node: Node, way: Way, time: int, number: int) -> None:
        act = self._act(node, way, time, node.id, number)
        if not self._goes(node, act, node.step.play):
            return
        self._keep(node, act)
        found = fact(self._bound, node, act, Status.DONE)
        self._played.append(
            Played(found, tuple(act.day.events), tuple(self._damage(node, act, found)))
        )
        self._ready[node.id] = max(act.ends, time + SECOND)

    def _goes(self, node: Node, act: Act, doing: Callable[[Act], None]) -> bool:
        """Do something; where the networks have no road, only the refused try is left of it."""
        try:
            doing(act)
        except NoRoadError:
            self._stopped(node, act)
            return False
        return True

    def _stopped(self, node: Node, act: Act) -> None:
        self._lost[node.id] = act.time
        seen = [
            event
            for event in act.day.events
            if isinstance(event, Resolved) or (isinstance(event, Flow) and not event.allowed)
        ]
        because = Message(
            N_("the network has no road from {name}"), {"name": (act.home or act).host.name}
        )
        found = fact(self._bound, node, act, Status.BLOCKED, because)
        self._played.append(Played(found, tuple(seen)))

    def _slipped(self, node: Node, way: Way, time: int) -> None:
        act = self._act(node, way, time, f"{node.id}~1", 1)
        if node.step.slip and not self._goes(node, act, node.step.slip):
            return
        found = fact(self._bound, node, act, Status.FAILED, node.step.because)
        self._played.append(Played(replace(found, id=f"{node.id}~1"), tuple(act.day.events)))
        gap = self._dice(node, 1, "again").uniform(3, 15)
        self._plan(node, max(act.ends, time) + round(gap * MINUTE), 1)

    def _blocked(self, node: Node, time: int, number: int, wall: Wall) -> None:
        """Turn to another master where there is one, or wait and try again."""
        patience = self._bound.setting.retries + (1 if number else 0)
        dice = self._dice(node, number, "blocked")
        if wall.need is Need.CHANNEL and self._second_channel(
            time + dice.randrange(20, 50) * MINUTE
        ):
            self._plan(node, time + 60 * MINUTE, number + 1)
        elif number < patience and wall.need is not None:
            self._plan(node, time + dice.randrange(30, 80) * MINUTE, number + 1)
        else:
            self._lost[node.id] = time
            self._note(
                node,
                Status.BLOCKED,
                max(node.not_before, time if not number else 0) or time,
                wall.because,
            )

    def _second_channel(self, time: int) -> bool:
        while self._spare:
            part = self._spare.pop(0)
            step, of = (
                library()["second-channel"],
                StepOf.model_validate({"use": "second-channel", "site": part}),
            )
            node = Node(
                f"channel-{part}", len(self._bound.nodes) + len(self._spare), step, of, "", 0.0, 0
            )
            way = find(self._bound, node, self._held, self._defences, time)
            if isinstance(way, Way) and way.home and way.home.process:
                self._succeed(node, way, time, 0)
                return True
        return False

    def _act(self, node: Node, way: Way, time: int, name: str, number: int) -> Act:
        place = node.place * _TRIES + min(number, _TRIES - 1)
        layer = Layer(self._bound.lived.day, self._bound.seed, name, place)
        of = node.of
        return Act(
            layer,
            time,
            self._end,
            self._defences,
            way.host,
            way.home,
            self._bound.cast.desks.get(node.host),
            way.account,
            way.site,
            tuple(self._bound.cast.name(each) for each in of.data),
            of.texts,
            ends=time + SECOND,
        )

    def _keep(self, node: Node, act: Act) -> None:
        if act.gained is not None:
            self._held.footholds[act.gained.host.name] = act.gained
            if Gift.ACCOUNT in node.step.gives and act.gained.account:
                login = act.gained.account.login
                self._held.secrets[login] = Secret(act.gained.account, act.time)
        elif Gift.ACCOUNT in node.step.gives and act.account:
            self._held.secrets[act.account.login] = Secret(act.account, act.ends)
        if Gift.CHANNEL in node.step.gives and act.site:
            self._held.channels.append(act.site)
        if Gift.RECORDS in node.step.gives:
            self._held.records = True

    def _damage(self, node: Node, act: Act, found: StepFact) -> Sequence[Harm]:
        if not node.harm:
            return []
        times = act.blows or [act.time]
        host = found.hosts[-1] if found.hosts else ""
        return [
            Harm(time, node.harm / len(times), found.title, host, node.of.noticed)
            for time in times
            if not act.blows or self._hurts(node, act, time)
        ]

    def _hurts(self, node: Node, act: Act, time: int) -> bool:
        """Whether a part of a longer step still does its damage at a moment."""
        needs = node.step.needs
        if act.home and (act.gone(time) or (Need.OUTSIDE in needs and act.cut_off(time))):
            return False
        if act.site and Need.OUTSIDE in needs and blocked(self._defences, act.site, time):
            return False
        return not isinstance(self._warned(node, time), Wall)

    def _warned(self, node: Node, time: int) -> Way | Wall | None:
        if not node.of.stopped_by:
            return None
        way = find(self._bound, node, self._held, self._defences, time)
        return way if isinstance(way, Wall) and way.need is None else None

    def _note(self, node: Node, status: Status, time: int, because: Message) -> None:
        title = node.step.title
        self._played.append(
            Played(StepFact(node.id, node.step.technique, title, status, time, because=because))
        )

    def _dice(self, node: Node, number: int, what: str) -> random.Random:
        return random.Random(f"{self._bound.seed}/{node.id}/{number}/{what}")  # noqa: S311
