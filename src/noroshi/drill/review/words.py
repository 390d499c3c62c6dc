"""Words of an after-action report in a reader's language, times by the town's clock."""

from __future__ import annotations

from dataclasses import dataclass

from noroshi.case import printable
from noroshi.drill.clock import local
from noroshi.drill.exercise.parties import PARTY_NAMES, party_of
from noroshi.drill.exercise.roles import ROLE_NAMES, Role
from noroshi.lang import Language, Message, gettext, render

_LIMIT = 2_000


@dataclass(frozen=True, slots=True)
class Words:
    """A reader."""

    language: Language

    def word(self, template: str, **params: str | float) -> str:
        """Return a message given by template and parameters."""
        return self.say(Message(template, params))

    def say(self, message: Message) -> str:
        """Return a message, hidden characters made visible; terms of ours are translated too."""
        return render(message, self.language, self._param)

    def who(self, name: str) -> str:
        """Return a role, a party or a person."""
        party = party_of(name)
        if party:
            return gettext(PARTY_NAMES[party], self.language)
        known = gettext(ROLE_NAMES[Role(name)], self.language) if name in {*Role} else name
        return printable(known, 80)

    def clock(self, time: int) -> str:
        """Return hour and minute, with the day before it."""
        at = local(time)
        day = f"{at.month}月{at.day}日" if self.language == "ja" else f"{at:%d %b}"
        return f"{day} {at:%H:%M}"

    def day(self, time: int) -> str:
        """Return a date in full."""
        at = local(time)
        if self.language == "ja":
            return f"{at.year}年{at.month}月{at.day}日"
        return f"{at.day} {at:%B} {at.year}"

    def number(self, value: float) -> str:
        """Return a number without needless places."""
        return f"{value:.1f}".removesuffix(".0")

    def _param(self, text: str) -> str:
        return printable(gettext(text, self.language), _LIMIT)
