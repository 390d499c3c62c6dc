"""Messages, values and times in a reader's language and time zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from noroshi.case.report.plain import printable
from noroshi.lang import Language, Message, gettext, render, translated

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TOKYO = timezone(timedelta(hours=9))
"""Japan has kept one time all year since 1951; no time zone database is needed."""

VALUE_LIMIT = 400
"""Longest value from evidence that is shown whole, in characters."""


def default_timezone(language: Language) -> tzinfo:
    """Return the time zone in which a language's readers expect times."""
    return _TOKYO if language == "ja" else UTC


@dataclass(frozen=True, slots=True)
class Words:
    """A reader: language and time zone. Everything it returns is plain text without tricks."""

    language: Language
    timezone: tzinfo

    def say(self, message: Message) -> str:
        """Return a message; titles of our own analytics inside it are translated too."""
        return printable(render(message, self.language, self._param), 4 * VALUE_LIMIT)

    def word(self, template: str, **params: str | float) -> str:
        """Return a message given by template and parameters."""
        return self.say(Message(template, params))

    def value(self, text: str, limit: int = VALUE_LIMIT) -> str:
        """Return a value from evidence."""
        return printable(text, limit)

    def reason(self, text: str) -> str:
        """Return why something could not be read."""
        return printable(translated(text, self.language), VALUE_LIMIT)

    def title(self, text: str) -> str:
        """Return a finding's title."""
        return printable(gettext(text, self.language), VALUE_LIMIT)

    def names(self, names: Sequence[str], limit: int = 12) -> str:
        """Return names as one list, the rest counted."""
        shown = [printable(name, 80) for name in names[:limit]]
        if len(names) > limit:
            shown.append(self.word("{n} more", n=len(names) - limit))
        return ", ".join(shown)

    def number(self, number: int) -> str:
        """Return a number with its thousands set apart."""
        return f"{number:,}"

    def time(self, time: int, zone: bool = True) -> str:
        """Return date, time and, unless told otherwise, time zone."""
        at = self._at(time)
        if at is None:
            return printable(str(time))
        text = f"{self._date(at)} {at:%H:%M:%S}"
        return f"{text} ({self._zone(at)})" if zone else text

    def clock(self, time: int) -> str:
        """Return month, day and time, for lists under a heading that has the year."""
        at = self._at(time)
        if at is None:
            return printable(str(time))
        if self.language == "ja":
            return f"{at.month}月{at.day}日 {at:%H:%M:%S}"
        return f"{at.day} {_MONTHS[at.month - 1]} {at:%H:%M:%S}"

    def span(self, first: int, last: int) -> str:
        """Return a period."""
        start, end = self._at(first), self._at(last)
        if start is None or end is None or first == last:
            return self.time(first)
        until = f"{end:%H:%M:%S}" if start.date() == end.date() else self.time(last, zone=False)
        dash = " ～ " if self.language == "ja" else " – "
        return f"{self.time(first, zone=False)}{dash}{until} ({self._zone(end)})"

    def _param(self, text: str) -> str:
        return printable(gettext(text, self.language), VALUE_LIMIT)

    def _at(self, time: int) -> datetime | None:
        """Return the local time; None for a time that no calendar has."""
        try:
            return (_EPOCH + timedelta(microseconds=time)).astimezone(self.timezone)
        except OverflowError:
            return None

    def _date(self, at: datetime) -> str:
        if self.language == "ja":
            return f"{at.year}年{at.month}月{at.day}日"
        return f"{at.day} {_MONTHS[at.month - 1]} {at.year}"

    def _zone(self, at: datetime) -> str:
        offset = at.utcoffset() or timedelta()
        minutes = int(offset.total_seconds()) // 60
        if not minutes:
            return "UTC"
        hours, rest = divmod(abs(minutes), 60)
        return f"UTC{'+' if minutes > 0 else '-'}{hours}" + (f":{rest:02}" if rest else "")
