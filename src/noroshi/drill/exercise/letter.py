"""Messages of an exercise: mails, calls and visits, from the world, the instructor and the team."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from noroshi.lang import Message


class Channel(StrEnum):
    """How a message comes."""

    MAIL = "mail"
    PHONE = "phone"
    CHAT = "chat"
    COUNTER = "counter"
    TICKET = "ticket"


@dataclass(frozen=True, slots=True)
class Letter:
    """One message.

    Attributes:
        id: names it for good: the world sends nothing twice.
        time: when it is delivered, µs since 1970 UTC, simulated.
        sender, recipient: a role, a person's login, or an outside party's id.
        channel: how.
        text: what it says; a message of the world is a template in both languages, one by a
            person is its own words as the parameter ``text``.
        answer_to: id of the letter or the number of the action that it answers.
        wants_answer_by: until when its sender expects to hear something; 0 for never.
    """

    id: str
    time: int
    sender: str
    recipient: str
    channel: Channel
    text: Message
    answer_to: str = ""
    wants_answer_by: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return the letter as JSON values."""
        return {
            "id": self.id,
            "time": self.time,
            "sender": self.sender,
            "recipient": self.recipient,
            "channel": self.channel.value,
            "template": self.text.template,
            "params": dict(self.text.params),
            "answer_to": self.answer_to,
            "wants_answer_by": self.wants_answer_by,
        }


def letter_from_json(data: Mapping[str, Any]) -> Letter:
    """Read what :meth:`Letter.to_json` wrote."""
    return Letter(
        data["id"], data["time"], data["sender"], data["recipient"], Channel(data["channel"]),
        Message(data["template"], data["params"]), data["answer_to"], data["wants_answer_by"],
    )  # fmt: skip


def own_words(text: str) -> Message:
    """Return a person's own words as a message."""
    return Message("{text}", {"text": text})
