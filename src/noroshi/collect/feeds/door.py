"""The way to a feed's files: over HTTP or from disk, within bounds, only where it may lead.

A feed's own address may be anywhere, since a person wrote it; where redirects and links lead may
not be a private or special-purpose address, unless the host is the feed's own. A feed on this
machine may lead to this machine. Source: RFC 9110 (conditional requests, Retry-After, redirects).
"""

from __future__ import annotations

import base64
import gzip
import io
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from noroshi.collect.feeds.errors import FeedError
from noroshi.collect.feeds.feed import Feed, Limits
from noroshi.courier import CourierError, Request, send
from noroshi.courier.request import Address

REDIRECTS = 5
REQUEST_SECONDS = 60.0
_MOVED = frozenset((301, 302, 303, 307, 308))
_LONGEST_WAIT = 7 * 86_400


@dataclass(frozen=True, slots=True)
class Got:
    """What was read.

    Attributes:
        body: content, decompressed.
        headers: of the answer, names in lower case; empty for files.
        location: where it came from in the end.
    """

    body: bytes
    headers: Mapping[str, str]
    location: str


@dataclass
class Door:
    """Reads what belongs to one pull of one feed.

    Attributes:
        feed: the feed.
        seen: validators by location, of earlier pulls.
        key: its key.
        limits: bounds.
        fresh: validators of this pull, to be kept when all of it is kept.
        size: bytes read so far.
        requests: answers read so far.
    """

    feed: Feed
    seen: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""
    limits: Limits = field(default_factory=Limits)
    fresh: dict[str, Any] = field(default_factory=dict)
    size: int = 0
    requests: int = 0
    started: float = field(default_factory=time.monotonic)
    deaf: bool = False

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
        self._count()
        conditional = conditional and not self.deaf
        if urlsplit(location).scheme in ("http", "https"):
            return self._fetch(location, headers or {}, conditional=conditional)
        if self.feed.is_remote:
            raise FeedError(f"{location[:200]}: a feed on the network does not lead to files here")
        return self._open(Path(location), conditional=conditional)

    @property
    def seconds_left(self) -> float:
        """How long this pull may still take."""
        return self.limits.seconds - (time.monotonic() - self.started)

    def _count(self) -> None:
        self.requests += 1
        if self.requests > self.limits.requests:
            raise FeedError(f"more than {self.limits.requests:,} requests in one pull")
        if self.seconds_left <= 0:
            raise FeedError(f"not done in {self.limits.seconds:g} seconds; it goes on next time")

    def _open(self, path: Path, *, conditional: bool) -> Got | None:
        try:
            state = path.stat()
            mark = [state.st_size, state.st_mtime_ns]
            if conditional and self.seen.get(str(path)) == mark:
                return None
            with path.open("rb") as file:
                data = file.read(self.limits.answer + 1)
        except OSError as error:
            raise FeedError(f"{path}: {error.strerror or error}") from error
        self.fresh[str(path)] = mark
        return Got(self._inflated(self._bounded(data, str(path)), str(path)), {}, str(path))

    def _fetch(self, url: str, headers: Mapping[str, str], *, conditional: bool) -> Got | None:
        asked = url
        told = {**headers, **(_validators(self.seen.get(asked)) if conditional else {})}
        for _ in range(REDIRECTS + 1):
            request = Request(
                url,
                headers={**told, **self._credentials(url)},
                seconds=max(min(REQUEST_SECONDS, self.seconds_left), 0.1),
                most=self.limits.answer,
                allows=lambda address, url=url: self._may_ask(url, address),  # type: ignore[misc]
            )
            try:
                with send(request) as answer:
                    if answer.status in _MOVED and "location" in answer.headers:
                        url = self._next(url, answer.headers["location"])
                        continue
                    if answer.status == 304:
                        return None
                    if answer.status != 200:
                        wait = _wait(answer.headers.get("retry-after", ""))
                        raise FeedError(f"{url}: {answer.status} {answer.reason}", wait)
                    body = self._bounded(answer.read(), url)
                    kept = dict(answer.headers)
            except CourierError as error:
                raise FeedError(str(error)) from error
            marks = [kept.get("etag", ""), kept.get("last-modified", "")]
            if any(marks):
                self.fresh[asked] = marks
            return Got(self._inflated(body, url, kept.get("content-encoding", "")), kept, url)
        raise FeedError(f"{asked}: more than {REDIRECTS} redirects")

    def _next(self, url: str, target: str) -> str:
        found = urljoin(url, target)
        new = urlsplit(found)
        if new.scheme not in ("http", "https") or not new.hostname:
            raise FeedError(f"{url}: leads to {found[:200]!r}, which is no http or https address")
        if urlsplit(url).scheme == "https" and new.scheme == "http":
            raise FeedError(f"{url}: leads away from TLS, to {found[:200]}")
        return found

    def _may_ask(self, url: str, address: Address) -> bool:
        own = urlsplit(self.feed.location).hostname or ""
        host = urlsplit(url).hostname or ""
        here = _is_here(own)
        if address.is_loopback:
            return here
        if address.is_link_local or address.is_multicast or address.is_unspecified:
            return False
        return address.is_global or (host == own and not here)

    def _credentials(self, url: str) -> dict[str, str]:
        """The key goes to the feed's own scheme, host and port only."""
        if not self.key or _origin(url) != _origin(self.feed.location):
            return {}
        name, colon, value = self.key.partition(": ")
        if urlsplit(url).scheme == "http" and not _is_here(urlsplit(url).hostname or ""):
            raise FeedError(f"{url}: a key is not sent without TLS; use https")
        if colon:
            return {name: value}
        if ":" in self.key:
            packed = base64.b64encode(self.key.encode()).decode("ascii")
            return {"Authorization": f"Basic {packed}"}
        return {"Authorization": f"Bearer {self.key}"}

    def _bounded(self, data: bytes, where: str) -> bytes:
        self.size += len(data)
        if len(data) > self.limits.answer:
            raise FeedError(f"{where}: more than {self.limits.answer:,} bytes")
        if self.size > self.limits.total:
            raise FeedError(f"{where}: more than {self.limits.total:,} bytes in one pull")
        return data

    def _inflated(self, data: bytes, where: str, encoding: str = "") -> bytes:
        if not data.startswith(b"\x1f\x8b"):
            if encoding not in ("", "identity"):
                raise FeedError(f"{where}: Content-Encoding {encoding[:40]!r} was not asked for")
            return data
        try:
            with gzip.open(io.BytesIO(data)) as stream:
                plain = stream.read(self.limits.answer + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise FeedError(f"{where}: damaged gzip: {error}") from error
        if len(plain) > self.limits.answer:
            raise FeedError(f"{where}: inflates to more than {self.limits.answer:,} bytes")
        return plain


def _is_here(host: str) -> bool:
    return Request(f"http://[{host}]/" if ":" in host else f"http://{host}/").is_here


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


def _validators(marks: Any) -> dict[str, str]:
    if not isinstance(marks, list) or len(marks) != 2:
        return {}
    named = {"If-None-Match": marks[0], "If-Modified-Since": marks[1]}
    return {name: value for name, value in named.items() if isinstance(value, str) and value}


def _wait(text: str) -> float:
    """Return the seconds that a Retry-After header asks for, a week at most."""
    if text.strip().isdecimal():
        return min(float(text), _LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return 0.0
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max((moment - datetime.now(UTC)).total_seconds(), 0.0), _LONGEST_WAIT)
