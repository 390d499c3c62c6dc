"""One process per source at a time, and a note of which sources were begun but not finished."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Self


class SourceLocks:
    """Locks on sources that the kernel frees when the process dies, however it dies.

    A source's lock is one byte of a shared file, at the offset that the source id gives, so that
    any number of sources needs one file. A marker file says that records of a source may have been
    committed; only then must the tables be asked how far it came.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(folder / "sources.lock", os.O_RDWR | os.O_CREAT, 0o600)

    def take(self, source_id: str, *, wait: bool) -> bool:
        """Lock a source; False if another process holds it and ``wait`` is false."""
        flags = fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB
        try:
            fcntl.lockf(self._descriptor, flags, 1, _offset(source_id))
        except BlockingIOError:
            return False
        return True

    def release(self, source_id: str) -> None:
        """Unlock a source."""
        fcntl.lockf(self._descriptor, fcntl.LOCK_UN, 1, _offset(source_id))

    def was_begun(self, source_id: str) -> bool:
        """Tell whether an earlier run may have committed part of the source."""
        return self._marker(source_id).exists()

    def mark_begun(self, source_id: str) -> None:
        """Note, durably, that records of the source are about to be committed."""
        self._marker(source_id).touch()

    def mark_finished(self, source_id: str) -> None:
        """Remove the note."""
        self._marker(source_id).unlink(missing_ok=True)

    def close(self) -> None:
        """Free every lock of this process."""
        os.close(self._descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _marker(self, source_id: str) -> Path:
        return self._folder / f"{source_id}.begun"


def _offset(source_id: str) -> int:
    return int(source_id[:15], 16)
