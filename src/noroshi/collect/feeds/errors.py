"""What can go wrong with a feed."""

from __future__ import annotations

from noroshi.collect.errors import CollectError


class FeedError(CollectError):
    """A feed cannot be read; the text says why.

    Attributes:
        wait: seconds that its server asks to be left alone; 0 where it asks nothing.
        status: of the HTTP answer; 0 where there was none.
    """

    def __init__(self, text: str, wait: float = 0, status: int = 0) -> None:
        super().__init__(text)
        self.wait = wait
        self.status = status
