"""What a scenario says to the people in the exercise, bound to one seed's names."""

from __future__ import annotations

from dataclasses import dataclass

from noroshi.drill.action import ActionKind
from noroshi.lang import Message


@dataclass(frozen=True, slots=True)
class Call:
    """Something that reaches the team unasked.

    Attributes:
        id: names it within the scenario.
        sender: outside party. recipient: role. channel: how.
        text: what it says.
        minutes: after the alarm, or after ``step`` where one is named.
        step: id of a step that must have come about; empty for none.
        harm: damage from which on it comes.
        unless: an action that keeps it away, empty for none.
        answer_within: minutes until an answer is expected; 0 for never.
    """

    id: str
    sender: str
    recipient: str
    channel: str
    text: Message
    minutes: int
    step: str = ""
    harm: float = 0.0
    unless: str = ""
    answer_within: int = 0


@dataclass(frozen=True, slots=True)
class Obligation:
    """A report that is owed.

    Attributes:
        what: for people.
        kind, target: the action that meets it.
        minutes: after the alarm.
        data: owed only where data was touched.
    """

    what: Message
    kind: ActionKind
    target: str
    minutes: int
    data: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: ``needle`` is what to look for, ``answer`` what must stand beside it alone."""

    text: Message
    needle: str
    answer: str
    kind: str


@dataclass(frozen=True, slots=True)
class Model:
    """What a good team does: an action, and the step after whose first trace it can be known."""

    kind: ActionKind
    target: str
    step: str = ""
    minutes: int = 0


@dataclass(frozen=True)
class Brief:
    """Everything of it.

    Attributes:
        title, briefing: of the scenario.
        alarm: what starts the exercise; None for the monitoring desk's usual words.
        calls, obligations, questions, hints, model: see their classes.
    """

    title: Message
    briefing: Message
    alarm: Call | None = None
    calls: tuple[Call, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    questions: tuple[Asked, ...] = ()
    hints: tuple[Message, ...] = ()
    model: tuple[Model, ...] = ()


PLAIN = Brief(Message(""), Message(""))
"""What a stage says that has no scenario."""


def spoken(texts: dict[str, str], names: dict[str, str] | None = None) -> Message:
    """Return a text written in both languages as one message; ``{names}`` of the cast filled in."""
    filled = {language: _filled(text, names or {}) for language, text in texts.items()}
    english = filled.get("en", "")
    return Message("{text}", {"text": english, **{f"text.{k}": v for k, v in filled.items()}})


def _filled(text: str, names: dict[str, str]) -> str:
    for name, value in names.items():
        text = text.replace("{" + name + "}", value)
    return text
