"""The header of a syslog line.

Sources: RFC 5424 (section 6), RFC 3164 (section 4) and what programs write in its place: no
priority at all (files), a year, fractions, an ISO 8601 time (rsyslog's file format), or CEF and
LEEF without any header.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

from noroshi.collect.clock import MONTHS, SECOND, east_of_utc, from_datetime, iso, offset

FACILITIES = (
    "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv",
    "ftp", "ntp", "audit", "alert", "clock", "local0", "local1", "local2", "local3", "local4",
    "local5", "local6", "local7",
)  # fmt: skip
SEVERITIES = ("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug")

_NOTHING: Mapping[str, str] = {}


class Line(NamedTuple):
    """A syslog line, taken apart.

    Attributes:
        time: µs since 1970 UTC; None if it has none that can be read.
        timestamp: the time as written.
        host: as written; empty if there is none.
        program: tag or APP-NAME.
        pid: PROCID.
        msgid: MSGID.
        priority: PRI, or -1.
        data: structured data, ``id.name`` -> value.
        text: what comes after the header.
    """

    time: int | None
    timestamp: str
    host: str
    program: str
    pid: str
    msgid: str
    priority: int
    data: Mapping[str, str]
    text: str


_NEW = re.compile(
    r"<(\d{1,3})>\d{1,2} (\S{1,64}) (\S{1,255}) (\S{1,128}) (\S{1,128}) (\S{1,64}) (?=-|\[)"
)
_OLD = re.compile(
    r"(?:<(\d{1,3})>)?\s?"
    r"((?:[A-Z][a-z]{2} [ \d]?\d (?:(?:19|20)\d\d )?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?"
    r"(?: (?:UTC|GMT|JST))?)"
    r"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?):?\s+"
    r"(?:(?!CEF:|LEEF:|%)([A-Za-z0-9_.:-]{1,255})(?<!:)\s+(?=\S)(?:: )?)?"
    r"(?:(?!CEF:|LEEF:|%)([^\s:\[\]]{1,64})(?:\[([^\]\s]{1,32})\])?: ?)?"
)
_TAG = re.compile(r"(?!CEF:|LEEF:|%)([^\s:\[\]]{1,64})(?:\[([^\]\s]{1,32})\])?: ?")
_WRITTEN = re.compile(
    r"([A-Z][a-z]{2}) ([ \d]?\d) (?:(\d{4}) )?(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?: (\S+))?"
)
_BARE = re.compile(r"(?:<(\d{1,3})>)\s?")
_EVENT = ("CEF:", "LEEF:")

_REST = re.compile(r"(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)?")
_NAMED_ZONES = {"UTC": 0, "GMT": 0, "JST": 9 * 3600 * SECOND}
_DAY = timedelta(days=1)


class HeaderReader:
    """Reads headers of one source.

    Args:
        modified: when the source was last changed, µs since 1970 UTC; tells the year of times that
            leave it out. 0 means unknown: such times then stay unread.
        zone: time zone of times that leave it out.
    """

    def __init__(self, modified: int, zone: tzinfo = UTC) -> None:
        self._latest = datetime.fromtimestamp(modified / SECOND, UTC) + _DAY if modified else None
        self._zone = zone
        self.zoneless = False
        """Whether a time named no zone."""
        self._days: dict[tuple[str, str, str], int | None] = {}
        self._last: tuple[str, int | None] = ("", None)
        self._last_second: tuple[str, int | None] = ("", None)

    def read(self, line: str) -> Line | None:
        """Take a line apart, or return None if it has no header."""
        if found := _OLD.match(line):
            priority, written, host, program, pid = found.groups("")
            if self._last[0] != written:
                self._last = (written, self._time(written))
            text = line[found.end() :]
            number = _priority(priority)
            return Line(self._last[1], written, host, program, pid, "", number, _NOTHING, text)
        if found := _NEW.match(line):
            return self._new(line, found)
        if found := _BARE.match(line):
            rest = line[found.end() :]
            tag = _TAG.match(rest)
            program, pid = tag.groups("") if tag else ("", "")
            text = rest[tag.end() :] if tag else rest
            return Line(None, "", "", program, pid, "", _priority(found[1]), _NOTHING, text)
        if line.startswith(_EVENT):
            return Line(None, "", "", "", "", "", -1, _NOTHING, line)
        return None

    def _new(self, line: str, found: re.Match[str]) -> Line:
        priority, written, host, program, pid, msgid = found.groups()
        data, end = structured_data(line, found.end())
        return Line(
            self._iso(written),
            "" if written == "-" else written,
            "" if host == "-" else host,
            "" if program == "-" else program,
            "" if pid == "-" else pid,
            "" if msgid == "-" else msgid,
            _priority(priority),
            data,
            line[end:].removeprefix(" ").removeprefix("\ufeff"),
        )

    def _iso(self, written: str) -> int | None:
        """Read an ISO 8601 time; the second is remembered, since the next line often shares it."""
        second, rest = written[:19], written[19:]
        if self._last_second[0] != second:
            self._last_second = (second, iso(second))
        time = self._last_second[1]
        if time is None or not rest:
            return time
        found = _REST.fullmatch(rest)
        if found is None:
            return None
        return time + int((found[1] or "").ljust(6, "0")[:6]) - offset(found[2] or "")

    def _time(self, written: str) -> int | None:
        if written[0].isdigit():
            time = self._iso(written)
            named = len(written) > 19 and not written[19:].strip(".,")[-6:].isdecimal()
            return time if time is None or named else time - self._east_of_utc(time)
        found = _WRITTEN.fullmatch(written)
        if found is None:
            return None
        month, day, year, hour, minute, second, fraction, zone = found.groups("")
        key = (month, day, year)
        if key not in self._days:
            self._days[key] = self._midnight(*key)
        midnight = self._days[key]
        if midnight is None:
            return None
        seconds = int(hour) * 3600 + int(minute) * 60 + int(second)
        time = midnight + seconds * SECOND + int(fraction.ljust(6, "0")[:6])
        return time - (_NAMED_ZONES[zone] if zone else self._east_of_utc(time))

    def _midnight(self, month: str, day: str, year: str) -> int | None:
        """Return the day's start as if it were UTC, in the last year that is not the future."""
        if month not in MONTHS or (not year and self._latest is None):
            return None
        last = int(year) if year or self._latest is None else self._latest.year
        for candidate in range(last, last - (1 if year else 9), -1):
            try:
                moment = datetime(candidate, MONTHS[month], int(day), tzinfo=UTC)
            except ValueError:  # 29 February of a common year
                continue
            if year or self._latest is None or moment <= self._latest:
                return from_datetime(moment)
        return None

    def _east_of_utc(self, local: int) -> int:
        self.zoneless = True
        return east_of_utc(local, self._zone)


def structured_data(line: str, start: int) -> tuple[Mapping[str, str], int]:
    r"""Read STRUCTURED-DATA at a position; return the parameters and where it ends.

    Inside a value ``\"``, ``\\`` and ``\]`` stand for the character. RFC 5424, section 6.3.
    """
    if line[start : start + 1] != "[":
        return _NOTHING, start + 1
    found: dict[str, str] = {}
    at = start
    while element := _ELEMENT.match(line, at):
        name, at = element[1], element.end()
        while parameter := _PARAMETER.match(line, at):
            found[f"{name}.{parameter[1]}"] = _ESCAPED.sub(r"\1", parameter[2])
            at = parameter.end()
        if line[at : at + 1] != "]":
            break
        at += 1
    return found, at


_ELEMENT = re.compile(r"\[([^\s\]=\"]{1,64})")
_PARAMETER = re.compile(r" ([^\s\]=\"]{1,64})=\"((?:[^\"\\\]]|\\.)*+)\"", re.DOTALL)
_ESCAPED = re.compile(r"\\([\"\\\]])")


def _priority(text: str | None) -> int:
    number = int(text) if text else -1
    return number if number < 192 else -1
