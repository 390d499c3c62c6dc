"""One readable piece of evidence: a file, or a member of an archive, decompressed as it is read."""

from __future__ import annotations

import codecs
import hashlib
import io
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from functools import cached_property
from pathlib import Path
from typing import IO, Any

from noroshi.collect.decoding import CHUNK_BYTES, LINE_BYTES
from noroshi.collect.errors import UnsafeArchiveError
from noroshi.collect.json_pieces import first_object
from noroshi.collect.record import EXCERPT_BYTES, BadRecord

HEAD_BYTES = 65_536

_BOMS = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True)
class Head:
    """First bytes of a source, for sniffing. What is worked out is worked out once.

    Attributes:
        name: name of the source, a hint and never trusted alone.
        data: first bytes, decompressed, UTF-16 turned into UTF-8.
    """

    name: str
    data: bytes

    @cached_property
    def text(self) -> str:
        """The bytes as text: UTF-8, else Windows Japanese, else UTF-8 with replacements."""
        for encoding in ("utf-8", "cp932"):
            try:
                text = codecs.getincrementaldecoder(encoding)().decode(self.data)
            except UnicodeDecodeError:
                continue
            return text.lstrip("\ufeff")
        return self.data.decode("utf-8", "replace").lstrip("\ufeff")

    @cached_property
    def lines(self) -> list[str]:
        """Whole lines that are not empty; a cut last line is left out unless it is the only one."""
        lines = self.text.splitlines()
        whole = lines[:-1] if len(lines) > 1 and len(self.data) >= HEAD_BYTES else lines
        return [line for line in whole if line.strip()]

    @cached_property
    def json(self) -> dict[str, Any]:
        """First JSON object: a line of its own, or the first one inside an array or wrapper."""
        return first_object(self.data)


@dataclass
class Evidence:
    """A source of records.

    Attributes:
        name: path as a person would write it; members of archives follow a ``!``.
        opener: opens the decompressed bytes from the start, as often as asked.
        path: the file itself where the bytes lie on disk as they are.
        modified: time of last change, µs since 1970 UTC; for logs that leave out the year.
        zone: time zone of times that name none.
        zoneless: whether such times were found, known once all is read.
        root: the file on disk that holds it, and that file's size in bytes.
        faults: what went wrong at the container level, filled while reading.
        consumed: bytes read through :meth:`open` by whoever opened it last.
    """

    name: str
    opener: Callable[[], IO[bytes]]
    path: Path | None = None
    modified: int = 0
    zone: tzinfo = UTC
    zoneless: bool = False
    root: tuple[str, int] = ("", 0)
    faults: list[BadRecord] = field(default_factory=list)
    consumed: int = 0

    def open(self) -> IO[bytes]:
        """Open the bytes. A damaged container ends the stream early and notes the fault."""
        return io.BufferedReader(_Guarded(self.opener(), self), CHUNK_BYTES)

    def open_text(self) -> IO[bytes]:
        """Open as UTF-8 or another ASCII-compatible encoding: UTF-16 is recoded on the way."""
        stream = self.open()
        start = stream.read(2)
        for mark, encoding in _BOMS:
            if start == mark:
                return io.BufferedReader(_Recoded(stream, encoding), CHUNK_BYTES)
        stream.close()
        return self.open()

    def head(self) -> Head:
        """Return the first bytes."""
        with self.open_text() as stream:
            return Head(self.name, stream.read(HEAD_BYTES).removeprefix(codecs.BOM_UTF8))

    def digest(self, prefix: int | None = None) -> Digest:
        """Return the SHA-256 of the content and, if asked, that of its first ``prefix`` bytes."""
        whole, size, early = hashlib.sha256(), 0, ""
        with self.open() as stream:
            while chunk := stream.read(CHUNK_BYTES):
                if prefix is not None and size <= prefix < size + len(chunk):
                    part = whole.copy()
                    part.update(chunk[: prefix - size])
                    early = part.hexdigest()
                whole.update(chunk)
                size += len(chunk)
        self.faults.clear()  # the pass that reads records notes them again
        if prefix == size:
            early = whole.hexdigest()
        return Digest(whole.hexdigest(), size, early)

    def lines(self) -> Iterator[tuple[int, bytes] | BadRecord]:
        """Yield (byte offset, line without its end); a line over the limit is a bad record."""
        with self.open_text() as stream:
            offset = 0
            while line := stream.readline(LINE_BYTES):
                if len(line) == LINE_BYTES and not line.endswith(b"\n"):
                    skipped = len(line) + _skip_line(stream)
                    yield BadRecord(
                        offset,
                        f"line of {skipped} bytes is over {LINE_BYTES}",
                        line[:EXCERPT_BYTES],
                    )
                    offset += skipped
                    continue
                start = offset
                offset += len(line)
                if not start and line.startswith(codecs.BOM_UTF8):
                    line = line.removeprefix(codecs.BOM_UTF8)
                yield start, line.rstrip(b"\r\n")

    @contextmanager
    def on_disk(self) -> Iterator[Path]:
        """Give a real file with the bytes; a temporary copy if they lie in an archive."""
        if self.path is not None:
            yield self.path
            return
        with tempfile.NamedTemporaryFile(prefix="noroshi-") as copy:
            with self.open() as stream:
                shutil.copyfileobj(stream, copy, CHUNK_BYTES)
            copy.flush()
            yield Path(copy.name)


@dataclass(frozen=True, slots=True)
class Digest:
    """SHA-256 of a source's content.

    Attributes:
        whole: of all of it, hex.
        size: bytes, decompressed.
        early: of the prefix that was asked for, hex; empty if the source is shorter.
    """

    whole: str
    size: int
    early: str


def read_some(stream: IO[bytes], size: int) -> bytes:
    """Read what one step gives, so that an error in the next step does not take it along."""
    read: Callable[[int], bytes] = getattr(stream, "read1", stream.read)
    return read(size)


def _skip_line(stream: IO[bytes]) -> int:
    skipped = 0
    while part := stream.readline(CHUNK_BYTES):
        skipped += len(part)
        if part.endswith(b"\n"):
            break
    return skipped


class _Guarded(io.RawIOBase):
    """A stream whose decompression errors become its end and a fault."""

    def __init__(self, inner: IO[bytes], evidence: Evidence) -> None:
        self._inner, self._evidence = inner, evidence
        evidence.consumed = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = read_some(self._inner, len(buffer))
        except UnsafeArchiveError:
            raise
        except Exception as error:
            # Every decompressor has its own exceptions; all mean that the rest is not to be had.
            reason = f"cannot be read past byte {self._evidence.consumed}: {error}"
            fault = BadRecord(self._evidence.consumed, reason)
            if fault not in self._evidence.faults:
                self._evidence.faults.append(fault)
            return 0
        buffer[: len(data)] = data
        self._evidence.consumed += len(data)
        return len(data)

    def close(self) -> None:
        self._inner.close()
        super().close()


class _Recoded(io.RawIOBase):
    """UTF-16 in, UTF-8 out."""

    def __init__(self, inner: IO[bytes], encoding: str) -> None:
        self._inner = inner
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready:
            chunk = self._inner.read(CHUNK_BYTES)
            self._ready = self._decoder.decode(chunk, not chunk).encode("utf-8", "replace")
            if not chunk:
                break
        part, self._ready = self._ready[: len(buffer)], self._ready[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)

    def close(self) -> None:
        self._inner.close()
        super().close()
