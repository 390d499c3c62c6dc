"""What a feed is: where it lies, of which kind, how often it is asked and how far it is trusted."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Self
from urllib.parse import urlsplit


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
        linked: fetch the pages that entries link to.
        least: of scores such as EPSS, the least that is kept.
    """

    name: str
    kind: str
    location: str
    every: int = 3600
    tlp: str = ""
    reputation: int = 50
    key: str = ""
    linked: bool = False
    least: float = 0.05

    @property
    def is_remote(self) -> bool:
        """Whether it lies on another machine."""
        return urlsplit(self.location).scheme in ("http", "https")

    def to_json(self) -> str:
        """Return the settings as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what :meth:`to_json` wrote."""
        return cls(**json.loads(text))
