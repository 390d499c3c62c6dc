"""What happened, minute by minute: the intruder's steps, the team's measures, who called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from noroshi.drill.action import Action, ActionKind
from noroshi.drill.exercise.outcome import Status
from noroshi.drill.exercise.roles import Role
from noroshi.drill.grading.attempt import Attempt
from noroshi.drill.review.words import Words
from noroshi.lang import N_, Message

ACTION_WORDS = {
    ActionKind.ISOLATE_HOST: N_("takes {target} off the network"),
    ActionKind.RECONNECT_HOST: N_("puts {target} back on the network"),
    ActionKind.SHUT_DOWN_HOST: N_("switches {target} off"),
    ActionKind.START_HOST: N_("switches {target} on"),
    ActionKind.RESTORE_HOST: N_("rebuilds {target} from backup"),
    ActionKind.BLOCK: N_("blocks {target}"),
    ActionKind.UNBLOCK: N_("unblocks {target}"),
    ActionKind.DISABLE_ACCOUNT: N_("disables the account {target}"),
    ActionKind.ENABLE_ACCOUNT: N_("enables the account {target}"),
    ActionKind.RESET_PASSWORD: N_("changes the password of {target}"),
    ActionKind.STOP_SERVICE: N_("stops the service {target}"),
    ActionKind.START_SERVICE: N_("starts the service {target}"),
    ActionKind.CLOSE_SEGMENT: N_("cuts the network segment {target}"),
    ActionKind.OPEN_SEGMENT: N_("opens the network segment {target}"),
    ActionKind.PATCH: N_("patches {target}"),
    ActionKind.REMOVE_MAIL: N_("removes the mail {target} from all mailboxes"),
    ActionKind.PRESERVE: N_("keeps memory and disk of {target}"),
    ActionKind.ASK_VENDOR: N_("asks the vendor about {target}"),
    ActionKind.CALL: N_("calls {target}"),
    ActionKind.NOTIFY: N_("tells {target}"),
    ActionKind.PUBLISH: N_("publishes a notice ({target})"),
    ActionKind.DECLARE: N_("declares an incident: {target}"),
    ActionKind.REPORT: N_("hands in {target}"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the story; ``kind`` is ``intruder``, ``team`` or ``world``."""

    time: int
    kind: str
    who: str
    what: str


def lines(attempt: Attempt, words: Words) -> list[Line]:
    """Return the story in order of time."""
    return sorted(
        (*_intruder(attempt, words), *_team(attempt, words), *_letters(attempt, words)),
        key=lambda line: (line.time, _ORDER.index(line.kind)),
    )


_ORDER = ("intruder", "averted", "world", "team")
"""At the same minute the team answers to what was there before."""


def act_words(action: Action, words: Words) -> str:
    """Return an action as a clause."""
    target = words.who(action.target)
    return words.say(Message(ACTION_WORDS[action.kind], {"target": target}))


def _intruder(attempt: Attempt, words: Words) -> Iterator[Line]:
    who = words.word("Intruder")
    averted = {step.id for step in attempt.averted}
    never = []
    for step in attempt.outcome.steps:
        if step.time > attempt.now:
            continue
        if step.status is Status.SKIPPED:
            never.append(step)
            continue
        where = ", ".join(step.hosts[:4])
        what = words.say(step.title) + (f" ({where})" if where else "")
        if not step.happened:
            if step.because is None or step.id not in averted:
                continue
            why = words.say(step.because)
            what = words.word("Fails: {what}, because {why}", what=what, why=why)
        yield Line(step.time, "intruder" if step.happened else "averted", who, what)
    if never:
        what = words.word("{count} further steps never come about.", count=len(never))
        yield Line(never[0].time, "averted", who, what)


def _team(attempt: Attempt, words: Words) -> Iterator[Line]:
    for action in attempt.actions:
        note = f" 「{action.note}」" if words.language == "ja" else f" (“{action.note}”)"
        what = act_words(action, words) + (words.word("{text}", text=note) if action.note else "")
        yield Line(action.time, "team", words.who(action.actor), what)
    for handed in attempt.state.submissions:
        what = words.word("hands in {target}", target=handed.name)
        yield Line(handed.time, "team", words.who(handed.actor), what)


def _letters(attempt: Attempt, words: Words) -> Iterator[Line]:
    roles = {*Role}
    for letter in attempt.state.letters:
        ours = letter.sender in roles
        text = words.say(letter.text)
        what = words.word("to {whom}: “{text}”", whom=words.who(letter.recipient), text=text)
        yield Line(letter.time, "team" if ours else "world", words.who(letter.sender), what)
