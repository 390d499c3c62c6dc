"""How the world answers: those who were told, asked or called, and a vendor who knows half."""

from __future__ import annotations

import random
from collections.abc import Iterator

from noroshi.drill.action import Action, ActionKind
from noroshi.drill.clock import MINUTE, local
from noroshi.drill.exercise.letter import Channel, Letter
from noroshi.drill.exercise.parties import Party, party_of
from noroshi.drill.exercise.scene import Scene
from noroshi.lang import N_, Message

_VENDOR_DELAY = (40, 75)
"""Minutes until a vendor on call sends a first report."""


def answers(scene: Scene) -> Iterator[Letter]:
    """Yield what comes back on each action so far."""
    for number, action in enumerate(scene.actions):
        rng = random.Random(f"{scene.settings.seed}/answer/{number}")  # noqa: S311
        match action.kind:
            case ActionKind.ASK_VENDOR:
                yield _vendor(scene, action, number, rng)
            case ActionKind.CALL:
                yield _call(scene, action, number, rng)
            case ActionKind.NOTIFY:
                yield from _notified(action, number, rng)
            case ActionKind.PUBLISH:
                yield _published(action, number, rng)


def _letter(
    id_: str, time: int, sender: str, channel: Channel, text: Message, number: int, *,
    to: str = "", wants: int = 0,
) -> Letter:  # fmt: skip
    return Letter(id_, time, sender, to or "all", channel, text, f"action-{number}", wants)


def _vendor(scene: Scene, action: Action, number: int, rng: random.Random) -> Letter:
    """A vendor's first report: right as far as it goes, with the gaps that such reports have.

    It names one machine with certainty, gives times by the hour, does not look at accounts, and
    says nothing of machines that it has no contract for.
    """
    time = action.time + rng.randrange(*_VENDOR_DELAY) * MINUTE
    seen = [step for step in scene.outcome.done(time) if step.hosts and step.seen <= time]
    if not seen:
        text = Message(
            N_("We looked at the machines under contract and found nothing so far. We only hold "
               "the logs of the last two hours. Please tell us if you want the disks examined; "
               "that needs a separate order.")
        )  # fmt: skip
    else:
        step = rng.choice(seen[: max(1, len(seen) // 2)])
        text = Message(
            N_("First report. On {host} we see a program that does not belong there, since about "
               "{hour}:00. We removed nothing. Other machines were not in the order and have not "
               "been examined; whether accounts were misused we cannot say. Times are those of "
               "the machine's own clock."),
            {"host": step.hosts[0], "hour": local(step.time).hour},
        )  # fmt: skip
    return _letter(f"vendor-{number}", time, Party.VENDOR, Channel.MAIL, text, number)


def _call(scene: Scene, action: Action, number: int, rng: random.Random) -> Letter:
    """Somebody who is called says what they remember, times only roughly."""
    time = action.time + rng.randrange(3, 12) * MINUTE
    person = scene.outcome.people.get(action.target)
    involved = next(
        (step for step in scene.outcome.done(action.time)
         if person and (person.host in step.hosts or person.login in step.accounts)),
        None,
    )  # fmt: skip
    if person is None:
        text = Message(N_("We are listening. What do you need from us, and until when?"))
    elif involved is None:
        text = Message(
            N_("{name}, {department}: nothing unusual here. The machine works as always."),
            {"name": person.name, "department": person.department},
        )
    else:
        text = Message(
            N_("{name}, {department}: yes, some time after {hour} o'clock something odd happened "
               "on my machine. I thought nothing of it and went on working. Did I do something "
               "wrong?"),
            {"name": person.name, "department": person.department,
             "hour": local(involved.time).hour},
        )  # fmt: skip
    return _letter(f"call-{number}", time, action.target, Channel.PHONE, text, number)


_REPLIES = {
    Party.POLICE: (20, N_("Thank you for telling us. Have memory and disks of the machines "
                          "concerned been preserved? Please keep the originals as they are.")),
    Party.PREFECTURE: (15, N_("Received. How many machines are concerned, are resident records "
                              "touched, and when will you report next?")),
    Party.COMMISSION: (30, N_("Received as a first report. State the number of persons whose data "
                              "may be concerned as soon as you can, even as an estimate.")),
    Party.MONITOR: (10, N_("Understood. We watch more closely from now on. Which addresses shall "
                           "we block for you?")),
    Party.MAYOR: (10, N_("Understood. What do I tell the press if they ask? Give me two "
                         "sentences.")),
}  # fmt: skip


def _notified(action: Action, number: int, rng: random.Random) -> Iterator[Letter]:
    party = party_of(action.target)
    if party not in _REPLIES:
        return
    minutes, template = _REPLIES[party]
    time = action.time + minutes * MINUTE + rng.randrange(5) * MINUTE
    yield _letter(
        f"notified-{number}", time, party, Channel.PHONE, Message(template), number,
        wants=time + 60 * MINUTE,
    )  # fmt: skip


def _published(action: Action, number: int, rng: random.Random) -> Letter:
    time = action.time + rng.randrange(15, 35) * MINUTE
    text = Message(
        N_("We have read your notice. Is data of residents in the hands of strangers, yes or no? "
           "Our deadline is this evening.")
    )  # fmt: skip
    return _letter(
        f"published-{number}", time, Party.PRESS, Channel.PHONE, text, number,
        to="liaison", wants=time + 60 * MINUTE,
    )  # fmt: skip
