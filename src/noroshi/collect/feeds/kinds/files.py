"""The files of a feed: one address or file, or everything in a folder, hidden ones left out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from noroshi.collect.feeds.door import Door, Got
from noroshi.collect.feeds.errors import FeedError
from noroshi.collect.feeds.inflate import members
from noroshi.collect.feeds.item import Item

_ZIP = b"PK\x03\x04"
_WRONG = 1000
"""Bad files after which a folder is given up."""


class Files:
    """Reads what has changed since the last pull; links are not followed.

    Args:
        door: the way to the feed.
        parse: reads one file.
        suffixes: how names end of the files in a folder or archive that are meant; empty for all.
        zipped: whether a zip archive stands for the files in it.
    """

    def __init__(
        self,
        door: Door,
        parse: Callable[[Got], Iterator[Item]],
        *,
        suffixes: tuple[str, ...] = (),
        zipped: bool = False,
    ) -> None:
        self._door, self._parse, self._zipped = door, parse, zipped
        self._suffixes = tuple(f"{end}{packed}" for end in suffixes for packed in ("", ".gz"))
        self._wrong: list[FeedError] = []

    def items(self) -> Iterator[Item]:
        """Yield the items of all files.

        Raises:
            FeedError: a file cannot be read; of several, after all others were read.
        """
        folder = Path(self._door.feed.location)
        if self._door.feed.is_remote or not folder.is_dir():
            yield from self._of(self._door.read())
        else:
            for path in files_in(folder):
                if self._is_meant(path.name) or (self._zipped and path.suffix == ".zip"):
                    yield from self._safely(path)
        if self._wrong:
            count, first = len(self._wrong), self._wrong[0]
            raise FeedError(f"{count} files could not be read, first: {first}", first.wait)

    def _safely(self, path: Path) -> Iterator[Item]:
        try:
            yield from self._of(self._door.read(str(path)))
        except FeedError as error:
            self._note(error)

    def _of(self, got: Got | None) -> Iterator[Item]:
        if got is None:
            return
        if self._zipped and got.body.startswith(_ZIP):
            yield from self._members(got)
        else:
            yield from self._parse(got)
        self._door.done(got)

    def _members(self, got: Got) -> Iterator[Item]:
        for name, body in members(got.body, got.location, self._door.limits.answer):
            self._door.count(len(body), 0)  # many files, but one answer
            if not self._is_meant(name):
                continue
            try:
                yield from self._parse(replace(got, body=body, location=f"{got.location}/{name}"))
            except FeedError as error:
                self._note(error)

    def _is_meant(self, name: str) -> bool:
        return not self._suffixes or name.lower().endswith(self._suffixes)

    def _note(self, error: FeedError) -> None:
        if self._door.seconds_left <= 0 or len(self._wrong) >= _WRONG:
            raise error
        self._wrong.append(error)


def files_in(folder: Path) -> Iterator[Path]:
    """Yield the files under a folder in the order of their names."""
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(root, name)
            if not name.startswith(".") and path.is_file() and not path.is_symlink():
                yield path
