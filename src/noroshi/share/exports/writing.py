"""Where an export goes: files that are whole or not there at all, or a stream."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from noroshi.intel.objects.bundle import Writable


class Target(Protocol):
    """A place for one or several files."""

    def file(self, name: str, /) -> AbstractContextManager[Writable]:
        """Return a context that gives a sink for a file of that name."""


class OneFile:
    """One file of a given path, whatever the format calls it.

    Attributes:
        path: the file.
        digests: SHA-256 of what was written, by the name of the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.digests: dict[str, str] = {}

    @contextmanager
    def file(self, _name: str, /) -> Iterator[Writable]:
        """Yield the sink; the file appears when the block ends without an error."""
        with _whole(self.path, self.digests) as sink:
            yield sink


class Folder:
    """Several files in a folder; each is whole, and appears in the order in which it ends.

    Attributes:
        path: the folder, made if missing.
        digests: SHA-256 of what was written, by the name of the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.digests: dict[str, str] = {}

    @contextmanager
    def file(self, name: str, /) -> Iterator[Writable]:
        """Yield the sink; the file appears when the block ends without an error."""
        self.path.mkdir(parents=True, exist_ok=True)
        with _whole(self.path / name, self.digests) as sink:
            yield sink


class Stream:
    """A stream that is there already, such as standard output."""

    def __init__(self, sink: Writable) -> None:
        self._sink = sink

    @contextmanager
    def file(self, _name: str, /) -> Iterator[Writable]:
        """Yield the stream itself."""
        yield self._sink


class Nowhere:
    """Takes everything and keeps nothing: for finding out what would go."""

    @contextmanager
    def file(self, _name: str, /) -> Iterator[Writable]:
        """Yield a sink that forgets."""
        yield self

    def write(self, data: bytes, /) -> int:
        """Forget it."""
        return len(data)


@contextmanager
def _whole(path: Path, digests: dict[str, str]) -> Iterator[Writable]:
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as stream:
            sink = _Digesting(stream)
            yield sink
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(path)
        digests[path.name] = sink.digest.hexdigest()
    except OSError as error:
        if error.filename == str(partial):  # nobody asked for that one
            error.filename = str(path)
        raise
    finally:
        partial.unlink(missing_ok=True)


class _Digesting:
    """Writes on and keeps the digest of all that passed."""

    def __init__(self, sink: Writable) -> None:
        self._sink = sink
        self.digest = hashlib.sha256()

    def write(self, data: bytes, /) -> object:
        self.digest.update(data)
        return self._sink.write(data)
