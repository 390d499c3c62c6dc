"""Taking turns: one pull of a feed at a time, a few feeds at once.

A lock is a file that the kernel frees when its process dies, however it dies. Feeds are read side
by side, so that one that answers for ever costs the others nothing but a place in the row.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path

from noroshi.collect.feeds.pull import Pulled
from noroshi.lang import N_, Message

BUSY = "busy"
"""Outcome of a feed that somebody else is pulling just now."""
_BUSY = N_("another process is pulling it just now")


@contextmanager
def taken(folder: Path, name: str) -> Iterator[bool]:
    """Take the turn of a feed and yield whether it was to be had."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        # flock and not lockf: two threads of one process lock each other out as well.
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        yield False
        return
    try:
        yield True
    finally:
        os.close(descriptor)


def pull_all(
    names: Sequence[str], pull: Callable[[str], Pulled], folder: Path, at_once: int
) -> Iterator[Pulled]:
    """Pull some feeds, a few at a time; yield each when it is done.

    Args:
        names: of the feeds.
        pull: pulls one.
        folder: where locks lie.
        at_once: how many are pulled side by side.
    """

    def one(name: str) -> Pulled:
        with taken(folder, name) as mine:
            return pull(name) if mine else Pulled(name, BUSY, Message(_BUSY))

    with ThreadPoolExecutor(max(at_once, 1), "feed") as pool:
        for done in as_completed([pool.submit(one, name) for name in names]):
            yield done.result()
