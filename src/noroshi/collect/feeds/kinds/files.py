"""The files of a feed: one address or file, or everything in a folder, hidden ones left out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from noroshi.collect.feeds.door import Door, Got
from noroshi.collect.feeds.errors import FeedError


def each_file(door: Door) -> Iterator[Got]:
    """Yield what has changed since the last pull; links are not followed.

    A folder's unreadable file is an error only after all others have been read.
    """
    folder = Path(door.feed.location)
    if door.feed.is_remote or not folder.is_dir():
        got = door.read()
        if got is not None:
            yield got
        return
    wrong: list[str] = []
    for path in files_in(folder):
        try:
            got = door.read(str(path))
        except FeedError as error:
            wrong.append(str(error))
            continue
        if got is not None:
            yield got
    if wrong:
        raise FeedError(f"{len(wrong)} files could not be read, first: {wrong[0]}")


def files_in(folder: Path) -> Iterator[Path]:
    """Yield the files under a folder in the order of their names."""
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(root, name)
            if not name.startswith(".") and path.is_file() and not path.is_symlink():
                yield path
