"""Connections: how many, and for how long one may keep us waiting.

The HTTP server below waits for a request's head, and for a reader of its answer, as long as the
other side likes. Here every connection is looked at from time to time and closed when nothing has
come of it.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

PATIENCE = 15.0
"""Seconds for a request's head to arrive, and between two signs that an answer is read."""

CONNECTIONS = 200
"""At once; a further one is closed."""


class GuardedProtocol(H11Protocol):
    """HTTP/1.1 with bounds."""

    patience = PATIENCE
    most = CONNECTIONS
    _waited = 0
    _unread = 0
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Take a connection, or not."""
        super().connection_made(transport)
        if len(self.connections) > self.most:
            transport.close()
            return
        self._look_again()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop looking."""
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)

    def _look_again(self) -> None:
        self._timer = self.loop.call_later(self.patience / 3, self._look)

    def _look(self) -> None:
        """Close a connection that was waiting for the other side three times in a row."""
        unread = self.transport.get_write_buffer_size()
        answering = self.cycle is not None and not self.cycle.response_complete
        stuck = unread > 0 and unread == self._unread
        waiting = unread == 0 and not answering
        self._unread = unread
        self._waited = self._waited + 1 if stuck or waiting else 0
        if self._waited >= 3:
            self.transport.abort()
        else:
            self._look_again()
