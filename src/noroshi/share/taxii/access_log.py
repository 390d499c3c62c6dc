"""The access log: one JSON line for every request, written before its answer leaves."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from pathlib import Path


class AccessLog:
    """Lines in one file a day.

    Args:
        folder: made if missing; only its owner reads it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()

    def write(self, time: int, line: dict[str, object]) -> None:
        """Write a line; whatever a client sent is escaped by JSON.

        Args:
            time: µs since 1970 UTC.
            line: what was asked and what came of it.

        Raises:
            OSError: it cannot be written. What cannot be logged must not be answered.
        """
        day = f"{datetime.fromtimestamp(time / 1_000_000, UTC):%Y-%m-%d}"
        text = json.dumps({"time": time, **line}) + "\n"
        with self._lock:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with (self._folder / f"access-{day}.jsonl").open("a", encoding="ascii") as stream:
                stream.write(text)
