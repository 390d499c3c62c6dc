"""What reaches the team unasked: the alarm, the mayor, residents, the press, the counter.

Some come by the clock, some because of what happened or of what the team did. Each is a generator
over the scene that yields letters with their own times; whoever plays delivers those that are due
and were not delivered before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from noroshi.drill.action import ActionKind
from noroshi.drill.clock import MINUTE
from noroshi.drill.exercise.answers import answers
from noroshi.drill.exercise.letter import Channel, Letter
from noroshi.drill.exercise.outcome import StepFact
from noroshi.drill.exercise.parties import Party
from noroshi.drill.exercise.scene import Scene
from noroshi.lang import N_, Message

_ADDRESS = re.compile(r"^\d{1,3}(?:\.\d{1,3}){3}$|^[\w-]+(?:\.[\w-]+)+\.?$")
_FILE = re.compile(
    r"\.(?:exe|dll|dat|docx?|xls[xm]?|zip|7z|lnk|ps1|js|pdf|log|txt)$", re.IGNORECASE
)


_TALKED_OF = 20.0
"""Damage from which on people outside hear of it."""


def is_outside(artefact: str) -> bool:
    """Tell whether an artefact is an address or a name that can be blocked."""
    return bool(_ADDRESS.match(artefact)) and not _FILE.search(artefact)


def due(scene: Scene) -> list[Letter]:
    """Return every letter that the world has sent by now and that is not delivered yet."""
    have = {letter.id for letter in scene.letters}
    found = {
        letter.id: letter
        for source in _SOURCES
        for letter in source(scene)
        if letter.time <= scene.now and letter.id not in have
    }
    return sorted(found.values(), key=lambda letter: (letter.time, letter.id))


def first_clue(steps: tuple[StepFact, ...], alert: int) -> tuple[StepFact, str] | None:
    """Return what the monitoring desk saw: the last step before the alarm that went outside."""
    outside = [
        (step, artefact)
        for step in steps
        if step.happened and step.hosts and 0 < step.seen <= alert
        for artefact in step.artefacts
        if is_outside(artefact)
    ]
    return outside[-1] if outside else None


def _alarm(scene: Scene) -> Iterator[Letter]:
    """The monitoring desk calls: one machine, one address, no more."""
    alert = scene.settings.alert
    own = scene.outcome.brief.alarm
    if own:
        channel = Channel(own.channel)
        yield Letter("alarm", alert, own.sender, own.recipient, channel, own.text)
        return
    clue = first_clue(scene.outcome.steps, alert)
    if clue:
        step, artefact = clue
        host = scene.outcome.hosts.get(step.hosts[0])
        text = Message(
            N_("This is the monitoring desk. {ip} in your network has contacted {address} several "
               "times; we cannot explain it. Please look into it. Nothing has been blocked."),
            {"ip": host.ip if host else step.hosts[0], "address": artefact},
        )  # fmt: skip
    else:
        text = Message(
            N_("This is the monitoring desk. A machine in your network behaves unlike itself "
               "since this morning. Please look into it. Nothing has been blocked.")
        )  # fmt: skip
    yield Letter("alarm", alert, Party.MONITOR, "csirt", Channel.PHONE, text)


def _mayor(scene: Scene) -> Iterator[Letter]:
    time = scene.settings.alert + 40 * MINUTE
    text = Message(
        N_("I hear that something is wrong with our computers. What is it, is the counter "
           "affected, and what do you need from me?")
    )  # fmt: skip
    yield Letter(
        "mayor", time, Party.MAYOR, "ciso", Channel.PHONE, text, wants_answer_by=time + 30 * MINUTE
    )
    answered = any(
        letter.recipient == Party.MAYOR and time <= letter.time <= time + 30 * MINUTE
        for letter in scene.letters
    )
    if not answered:
        late = Message(N_("I am still waiting for two sentences on the situation."))
        yield Letter(
            "mayor-again", time + 35 * MINUTE, Party.MAYOR, "ciso", Channel.PHONE, late,
            wants_answer_by=time + 65 * MINUTE,
        )  # fmt: skip


def _resident(scene: Scene) -> Iterator[Letter]:
    time = scene.settings.alert + 85 * MINUTE
    text = Message(
        N_("I read on the net that the town hall was hacked. Is my family's data safe? Whom can I "
           "ask?")
    )  # fmt: skip
    yield Letter(
        "resident", time, Party.RESIDENTS, "liaison", Channel.PHONE, text,
        wants_answer_by=time + 60 * MINUTE,
    )  # fmt: skip


def _press(scene: Scene) -> Iterator[Letter]:
    """Where harm was done and nothing was said, a journalist hears of it all the same."""
    harmed = next(
        (h.time for h in scene.outcome.harm if scene.outcome.harm_until(h.time) >= _TALKED_OF), 0
    )
    if not harmed:
        return
    time = max(harmed, scene.settings.alert) + 120 * MINUTE
    if any(a.kind is ActionKind.PUBLISH and a.time < time for a in scene.actions):
        return
    text = Message(
        N_("A reader tells us that the town hall has been attacked and says nothing. We print "
           "tomorrow. Do you confirm?")
    )  # fmt: skip
    yield Letter(
        "press", time, Party.PRESS, "liaison", Channel.PHONE, text,
        wants_answer_by=time + 60 * MINUTE,
    )  # fmt: skip


def _standstill(scene: Scene) -> Iterator[Letter]:
    """A service that the team stopped: those who need it ask, mostly counter and residents."""
    for service in scene.outcome.services:
        since = scene.stopped_since(service)
        if not since:
            continue
        about = {"service": service}
        for minutes, sender, channel, template in _complaints(service):
            yield Letter(
                f"standstill-{service}-{since}-{minutes}", since + minutes * MINUTE, sender,
                "liaison", channel, Message(template, about),
                wants_answer_by=since + (minutes + 45) * MINUTE,
            )  # fmt: skip


_AT_THE_COUNTER = (
    (8, Party.COUNTER, Channel.PHONE,
     N_("The counter here: {service} does not answer. People are waiting. How long will it take, "
        "and what do we tell them?")),
    (40, Party.RESIDENTS, Channel.COUNTER,
     N_("I took half a day off for one certificate. Because {service} stands still I am sent away. "
        "Who explains this to me?")),
)  # fmt: skip
_FROM_HOME = (
    (20, Party.STAFF, Channel.TICKET,
     N_("Help desk: people who work from home or are out cannot dial in. Since when, until "
        "when, and what shall they do instead?")),
)  # fmt: skip
_AT_WORK = (
    (12, Party.STAFF, Channel.TICKET,
     N_("Help desk: {service} does not answer, and people cannot go on with their work. Since "
        "when, until when, and what shall they do instead?")),
)  # fmt: skip
_COUNTER = frozenset({"counter", "logon", "file-sharing"})
"""Services without which nobody is served at the counter."""


def _complaints(service: str) -> tuple[tuple[int, Party, Channel, str], ...]:
    """Return who asks first about a service that stands still, and how long after."""
    if service in _COUNTER:
        return _AT_THE_COUNTER
    return _FROM_HOME if service == "vpn" else _AT_WORK


def _damage(scene: Scene) -> Iterator[Letter]:
    """Staff notice damage when they come across it."""
    for harm in scene.outcome.harm:
        owner = scene.outcome.hosts.get(harm.host)
        if not harm.noticed or owner is None or harm.time < scene.settings.alert:
            continue
        text = Message(
            N_("Help desk: {department} reports that something is wrong with {host}. Shall they "
               "switch it off?"),
            {"host": harm.host, "department": owner.department or owner.role},
        )  # fmt: skip
        time = harm.time + 6 * MINUTE
        yield Letter(f"damage-{harm.host}", time, Party.STAFF, "csirt", Channel.TICKET, text)
        return


def _called(scene: Scene) -> Iterator[Letter]:
    """What the scenario has people say: by the clock, after a step, or once harm is done."""
    done = {step.id: step.time for step in scene.outcome.steps if step.happened}
    for call in scene.outcome.brief.calls:
        start = done.get(call.step, 0) if call.step else scene.settings.alert
        harmed = next(
            (h.time for h in scene.outcome.harm if scene.outcome.harm_until(h.time) >= call.harm), 0
        )
        if not start or (call.harm and not harmed):
            continue
        time = max(start + call.minutes * MINUTE, scene.settings.alert + MINUTE, harmed)
        if any(a.kind == call.unless and a.time < time for a in scene.actions):
            continue
        wants = time + call.answer_within * MINUTE if call.answer_within else 0
        yield Letter(
            call.id, time, call.sender, call.recipient, Channel(call.channel), call.text,
            wants_answer_by=wants,
        )  # fmt: skip


_SOURCES: tuple[Callable[[Scene], Iterator[Letter]], ...] = (
    _alarm, _mayor, _resident, _press, _standstill, _damage, _called, answers,
)  # fmt: skip
