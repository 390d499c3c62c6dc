"""The way to a feed's files: over HTTP or from disk, and bounded in every direction.

Source: RFC 9110 (conditional requests, section 13; Retry-After, 10.2.3; redirects, 15.4).
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from noroshi.collect.feeds.errors import FeedError
from noroshi.collect.feeds.feed import Feed, Limits
from noroshi.collect.feeds.inflate import inflated
from noroshi.collect.feeds.reach import credentials, following, may_ask
from noroshi.courier import Answer, CourierError, Request, send

REDIRECTS = 5
REQUEST_SECONDS = 120.0
"""For one answer, from connecting to its last byte."""
LONGEST_WAIT = 7 * 86_400
"""Seconds that a server may ask to be left alone."""
PROBLEMS = 5
"""Entries that could not be understood, kept for people to see."""
_DEVICES = ((stat.S_ISFIFO, "a named pipe"), (stat.S_ISSOCK, "a socket"),
            (stat.S_ISCHR, "a device"), (stat.S_ISBLK, "a device"))  # fmt: skip
_MOVED = frozenset((301, 302, 303, 307, 308))


@dataclass(frozen=True, slots=True)
class Got:
    """What was read.

    Attributes:
        body: content, decompressed.
        headers: of the answer, names in lower case; empty for files.
        location: where it came from in the end.
        asked: where it was asked for.
        mark: what tells next time whether it has changed; None where nothing does.
    """

    body: bytes
    headers: Mapping[str, str]
    location: str
    asked: str
    mark: Any = None


@dataclass
class Door:
    """Reads what belongs to one pull of one feed.

    Attributes:
        feed: the feed.
        seen: marks by location, of earlier pulls.
        key: its key.
        limits: bounds.
        asked: where anything was asked for.
        fresh: marks of what this pull has read to the end.
        size: bytes read so far.
        requests: answers read so far.
        problems: (entry, reason) of what could not be understood, the first few.
        refused: how many entries could not be understood.
        repeated: how many entries only said again what another says.
    """

    feed: Feed
    seen: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""
    limits: Limits = field(default_factory=Limits)
    fresh: dict[str, Any] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    size: int = 0
    requests: int = 0
    problems: list[tuple[str, str]] = field(default_factory=list)
    refused: int = 0
    repeated: int = 0
    started: float = field(default_factory=lambda: time.monotonic())

    def read(
        self,
        location: str = "",
        *,
        conditional: bool = True,
        headers: Mapping[str, str] | None = None,
    ) -> Got | None:
        """Return a file's or answer's content; None if it has not changed since the last pull.

        Raises:
            FeedError: not to be had, too large, too slow, or leading where it may not.
        """
        location = location or self.feed.location
        self.asked.add(location)
        self.count()
        if urlsplit(location).scheme in ("http", "https"):
            return self._fetch(location, headers or {}, conditional=conditional)
        if self.feed.is_remote:
            raise FeedError(f"{location[:200]}: a feed on the network does not lead to files here")
        return self._open(Path(location), conditional=conditional)

    def done(self, got: Got) -> None:
        """Note that all of it was given on: it need not be read again until it changes."""
        if got.mark is not None:
            self.fresh[got.asked] = got.mark

    def refuse(self, entry: str, reason: str, count: int = 1) -> None:
        """Note entries that could not be understood; the rest goes on."""
        self.refused += count
        if len(self.problems) < PROBLEMS:
            self.problems.append((entry[:80], reason[:200]))

    @property
    def seconds_left(self) -> float:
        """How long this pull may still take."""
        return self.limits.seconds - (time.monotonic() - self.started)

    def count(self, size: int = 0, requests: int = 1) -> None:
        """Count what was read.

        Raises:
            FeedError: it is too much, or the time is over.
        """
        self.requests += requests
        self.size += size
        if self.requests > self.limits.requests:
            raise FeedError(f"more than {self.limits.requests:,} files or answers in one pull")
        if self.size > self.limits.total:
            raise FeedError(f"more than {self.limits.total:,} bytes in one pull")
        self.refuse_late()

    def refuse_late(self) -> None:
        """Look at the clock.

        Raises:
            FeedError: the time is over.
        """
        if self.seconds_left <= 0:
            raise FeedError(f"not done in {self.limits.seconds:g} seconds; it goes on next time")

    def _open(self, path: Path, *, conditional: bool) -> Got | None:
        try:
            state = path.stat()
            refuse_device(path, state)
            mark = [state.st_size, state.st_mtime_ns]
            if conditional and self.seen.get(str(path)) == mark:
                return None
            with path.open("rb") as file:
                data = file.read(self.limits.answer + 1)
        except OSError as error:
            raise FeedError(f"{path}: {error.strerror or error}") from error
        return self._got(data, {}, str(path), str(path), mark)

    def _fetch(self, asked: str, headers: Mapping[str, str], *, conditional: bool) -> Got | None:
        told = {**headers, **(_validators(self.seen.get(asked)) if conditional else {})}
        url = asked
        for _ in range(REDIRECTS + 1):
            try:
                with send(self._request(url, told)) as answer:
                    if answer.status in _MOVED and "location" in answer.headers:
                        url = following(url, answer.headers["location"])
                        continue
                    if answer.status == 304 and conditional:
                        return None
                    _refuse_failure(answer, url)
                    body, kept = answer.read(), dict(answer.headers)
            except CourierError as error:
                raise FeedError(str(error)) from error
            marks = [kept.get("etag", ""), kept.get("last-modified", "")]
            return self._got(body, kept, url, asked, marks if any(marks) else None)
        raise FeedError(f"{asked}: more than {REDIRECTS} redirects")

    def _request(self, url: str, headers: Mapping[str, str]) -> Request:
        return Request(
            url,
            headers={**headers, **credentials(self.feed, self.key, url)},
            seconds=max(min(REQUEST_SECONDS, self.seconds_left), 0.1),
            most=self.limits.answer,
            authorities=self.feed.authorities,
            allows=lambda address: may_ask(self.feed, url, address),
        )

    def _got(
        self, data: bytes, headers: Mapping[str, str], location: str, asked: str, mark: Any
    ) -> Got:
        if len(data) > self.limits.answer:
            raise FeedError(f"{location}: more than {self.limits.answer:,} bytes")
        self.count(len(data), 0)
        encoding = headers.get("content-encoding", "")
        body = inflated(data, location, self.limits.answer, encoding)
        return Got(body, headers, location, asked, mark)


def refuse_device(path: Path, state: os.stat_result) -> None:
    """Refuse what is neither a file nor a folder: reading it may wait for ever, or never end.

    Raises:
        FeedError: says what it is.
    """
    if stat.S_ISREG(state.st_mode) or stat.S_ISDIR(state.st_mode):
        return
    what = next((name for is_one, name in _DEVICES if is_one(state.st_mode)), "no file")
    raise FeedError(f"{path}: is {what}; a feed lies in a file or folder")


def _refuse_failure(answer: Answer, url: str) -> None:
    if answer.status == 200:
        return
    wait = _wait(answer.headers.get("retry-after", ""))
    raise FeedError(f"{url}: {answer.status} {answer.reason}", wait, answer.status)


def _validators(marks: Any) -> dict[str, str]:
    if not isinstance(marks, list) or len(marks) != 2:
        return {}
    named = {"If-None-Match": marks[0], "If-Modified-Since": marks[1]}
    return {name: value for name, value in named.items() if isinstance(value, str) and value}


def _wait(text: str) -> float:
    """Return the seconds that a Retry-After header asks for, a week at most."""
    if text.strip().isdecimal():
        return min(float(text.strip()[:12]), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return 0.0
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max((moment - datetime.now(UTC)).total_seconds(), 0.0), LONGEST_WAIT)
