"""What a feed is: where it lies, of which kind, how often it is asked and how far it is trusted."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import Self
from urllib.parse import urlsplit

from noroshi.collect.feeds.errors import FeedError

LEAST_EVERY = 60
"""Seconds: nobody is asked more often."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one pull.

    Attributes:
        answer: bytes of one file or answer, and of what it inflates to.
        total: bytes of all answers together.
        seconds: from beginning to end.
        requests: files or answers.
        items: new items.
        text: characters kept of one report.
    """

    answer: int = 64 << 20
    total: int = 512 << 20
    seconds: float = 600.0
    requests: int = 20_000
    items: int = 1_000_000
    text: int = 2 << 20


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as a person set it up.

    Attributes:
        name: what it is called here; the source of everything that comes by it.
        kind: name of its kind.
        location: http(s) address, or path of a file or folder.
        every: seconds between pulls.
        tlp: marking of what comes without one; empty for none.
        reputation: 0 to 100, confidence of what comes without one.
        key: name of the environment variable that holds its key; empty if it needs none.
        authorities: file of certificate authorities to trust instead of the system's.
        private: whether it may lie in a private network under a name.
        linked: fetch the pages that entries link to.
        least: of scores such as EPSS, the least that is kept.
        most: bytes of one file or answer.
        seconds: of one pull.
    """

    name: str
    kind: str
    location: str
    every: int = 3600
    tlp: str = ""
    reputation: int = 50
    key: str = ""
    authorities: str = ""
    private: bool = False
    linked: bool = False
    least: float = 0.05
    most: int = 64 << 20
    seconds: float = 600.0

    def __post_init__(self) -> None:
        """Refuse settings that would do harm.

        Raises:
            FeedError: names the setting.
        """
        if not _NAME.fullmatch(self.name):
            raise FeedError(
                f"{self.name[:80]!r}: a name has up to 64 letters, digits, dots, dashes and "
                "underscores, a letter or digit first"
            )
        if self.every < LEAST_EVERY:
            raise FeedError(f"every {self.every} seconds is too often; {LEAST_EVERY} or more")
        parts = urlsplit(self.location)
        if parts.username or parts.password:
            raise FeedError(
                "a secret does not belong into an address; put it into an environment variable and "
                "name that with --key"
            )
        if "://" in self.location and parts.scheme not in ("http", "https"):
            raise FeedError(f"{self.location[:80]!r}: http, https, or a path")

    @property
    def is_remote(self) -> bool:
        """Whether it is asked over the network."""
        return urlsplit(self.location).scheme in ("http", "https")

    @property
    def limits(self) -> Limits:
        """Bounds of its pulls."""
        return Limits(self.most, max(self.most, 512 << 20), self.seconds)

    def to_json(self) -> str:
        """Return the settings as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what :meth:`to_json` wrote."""
        return cls(**json.loads(text))
